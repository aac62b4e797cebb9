"""What a file is, by its content: names and endings are not asked."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, cast

from django.utils.translation import gettext as _

from recipients.importing.readers import delimited, html, ods, packed, spreadsheet_xml, xls
from recipients.importing.readers.notes import Notes
from recipients.importing.readers.tables import FileRefused, Sheet
from recipients.importing.readers.xlsx import Workbook

HEAD = 4096
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "PDF"), (b"Rar!", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"\x1f\x8b", "GZIP"), (b"\x89PNG", "gambar"),
    (b"\xff\xd8\xff", "gambar"), (b"GIF8", "gambar"), (b"SQLite format 3", "SQLite"), (b"{\\rtf", "RTF"),
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"BZh", "BZIP2"), (b"\xfd7zXZ", "XZ"),
)  # fmt: skip
_HTML = re.compile(rb"<(?:!doctype html|html|table|head|body|meta)\b", re.IGNORECASE)
MOST_INSIDE = 300  # files in one ZIP: more than one for each of the 254 villages
LARGEST_INSIDE = 300_000_000  # bytes of a workbook in a ZIP, which must be unpacked to be read


def sheets_of(
    file: io.BufferedReader[Any], name: str, notes: Notes, *, is_inside: bool = False
) -> list[Sheet]:
    head = file.peek(HEAD)[:HEAD]
    if not head:
        raise FileRefused(_("Berkas %(name)s kosong (0 byte). Unduh ulang dari sumbernya.") % {"name": name})
    if head.startswith(_ZIP) or head.startswith(b"PK\x05\x06"):
        return _zipped(file, name, notes, is_inside=is_inside)
    if head.startswith(_OLE):
        notes.format = notes.format or "XLS"
        return xls.sheets(file, name)
    if foreign := _foreign(head):
        raise packed.not_a_table(name, foreign)
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    if spreadsheet_xml.NAMESPACE in plain:
        notes.format = notes.format or "XML Spreadsheet"
        return spreadsheet_xml.sheets(file, name, notes, is_inside=is_inside)
    if plain.startswith(b"<"):
        if _HTML.search(plain):
            notes.format = notes.format or "HTML"
            return html.sheets(file, name, notes)
        raise packed.not_a_table(name, "XML")
    if not head.strip(b"\x00 \r\n\t"):
        raise packed.truncated(name)
    notes.format = notes.format or "CSV"
    return [delimited.sheet(file, name, notes)]


def _foreign(head: bytes) -> str:
    """What the file is, when it is a known kind that holds no table for us."""
    if head[:2] in (b"\x09\x08", b"\x09\x04", b"\x09\x02"):  # a bare stream of very old Excel
        return "Excel 4"
    return (
        "dBase" if _is_dbase(head) else next((kind for mark, kind in _FOREIGN if head.startswith(mark)), "")
    )


def _is_dbase(head: bytes) -> bool:
    """Version 3, then a date: year since 1900, month, day."""
    return (
        len(head) > 32 and head[0] in (0x03, 0x83, 0x8B, 0xF5) and 1 <= head[2] <= 12 and 1 <= head[3] <= 31
    )


def _zipped(file: io.BufferedReader[Any], name: str, notes: Notes, *, is_inside: bool) -> list[Sheet]:
    container = packed.open_zip(file if file.seekable() else io.BytesIO(file.read()), name)
    parts = set(container.namelist())
    if "[Content_Types].xml" in parts or "xl/workbook.xml" in parts:
        if not {"xl/workbook.xml", "xl/workbook.bin"} & parts:
            raise packed.not_a_table(name, "Word" if "word/document.xml" in parts else "Office")
        notes.format = notes.format or "XLSX"
        return Workbook(container, name, notes).sheets()
    if "content.xml" in parts and "mimetype" in parts:
        if b"spreadsheet" not in container.read("mimetype")[:100]:
            raise packed.not_a_table(name, "OpenDocument")
        notes.format = notes.format or "ODS"
        return ods.sheets(container, name, notes)
    if is_inside:
        raise FileRefused(_("%(name)s adalah ZIP di dalam ZIP. Keluarkan dulu isinya.") % {"name": name})
    return _archive(container, name, notes)


def _archive(container: zipfile.ZipFile, name: str, notes: Notes) -> list[Sheet]:
    """A ZIP of files: their sheets, one after the other."""
    notes.format = "ZIP"
    parts = [part for part in container.infolist() if not part.is_dir() and not _is_litter(part.filename)]
    if not parts or len(parts) > MOST_INSIDE:
        raise FileRefused(
            _("ZIP %(name)s berisi %(count)d berkas. Isinya harus 1 sampai %(most)d berkas tabel.")
            % {"name": name, "count": len(parts), "most": MOST_INSIDE}
        )
    found: list[Sheet] = []
    for part in parts:
        if part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename):
            raise FileRefused(_("ZIP %(name)s memuat nama berkas yang tidak aman.") % {"name": name})
        found += _inside(container, part, notes)
    return found


def _is_litter(path: str) -> bool:
    return path.startswith("__MACOSX/") or path.rpartition("/")[2].startswith((".", "~$", "Thumbs.db"))


def _inside(container: zipfile.ZipFile, part: zipfile.ZipInfo, notes: Notes) -> list[Sheet]:
    """Text streams out of the ZIP; a workbook is unpacked into memory, since its parts are read in another order."""
    title = part.filename.rpartition("/")[2]
    with packed.telling_trouble(title):
        with container.open(part) as opened:
            head = opened.read(8)
        if head.startswith((_ZIP, _OLE)):
            if part.file_size > LARGEST_INSIDE:
                raise FileRefused(
                    _("%(name)s terlalu besar di dalam ZIP. Unggah tanpa ZIP.") % {"name": title}
                )
            kept = io.BufferedReader(io.BytesIO(container.read(part)))
            sheets = sheets_of(kept, title, notes, is_inside=True)
            return [Sheet(f"{title} / {one.name}", one.records, one.parse, one.is_hidden) for one in sheets]
        stream = io.BufferedReader(cast(io.BufferedIOBase, container.open(part)), 1 << 18)
        return sheets_of(stream, title, notes, is_inside=True)
