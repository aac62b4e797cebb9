"""Workbooks written for one test: by openpyxl, and by hand where a fault or an oddity is wanted."""

from __future__ import annotations

import io
import struct
import zipfile

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


def xlsx(*sheets, hidden=()):
    """Sheets of rows; `hidden` are names. Sheets are named Lembar 1, Lembar 2 ..."""
    book = Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Lembar {number}")
        for row in rows:
            sheet.append(row)
        if sheet.title in hidden:
            sheet.sheet_state = "hidden"
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def raw_xlsx(sheet_data, *, parts=None, shared=""):
    """A workbook of one sheet from the XML between `<sheetData>` and its end."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{_RELATIONS}"><sheets>'
        '<sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{sheet_data}</sheetData>'
        "</worksheet>",
    }
    if shared:
        files["xl/sharedStrings.xml"] = f'<sst xmlns="{SPREADSHEET}">{shared}</sst>'
    return zipped(files | (parts or {}))


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for path, content in files.items():
            container.writestr(path, content)
    return out.getvalue()


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def inline(row, *cells):
    """A row of text cells as XML."""
    texts = "".join(
        f'<c r="{get_column_letter(at + 1)}{row}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for at, cell in enumerate(cells)
    )
    return f'<row r="{row}">{texts}</row>'


def ods(tables, *, manifest="<manifest/>"):
    """From XML of `<table:table>` elements."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": f"<office:document-content {_ODS}><office:automatic-styles>"
            '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/>'
            f"</style:style></office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def xls(rows):
    """A true XLS (BIFF8 in an OLE container) of one sheet; texts and numbers."""
    book = _bof(0x0005) + _record(0x0085, struct.pack("<IBBBB", 0, 0, 0, 4, 0) + b"Data") + _record(0x000A)
    bound_at = len(_bof(0x0005)) + 4
    sheet = _bof(0x0010)
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHHHB", r, c, 0, len(value), 1) + text)
            else:
                sheet += _record(0x0203, struct.pack("<HHHd", r, c, 0, value))
    book = book[:bound_at] + struct.pack("<I", len(book)) + book[bound_at + 4 :]
    return ole(book + sheet + _record(0x000A), "Workbook")


def ole(stream, name):
    """One stream in an OLE container of 512-byte sectors, padded past the mini stream's limit."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    chain = [*range(1, sectors), 0xFFFFFFFE, 0xFFFFFFFE]  # the stream, then the directory
    fat_sectors = 1
    while (len(chain) + fat_sectors) > fat_sectors * 128:
        fat_sectors += 1
    chain += [0xFFFFFFFD] * fat_sectors
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(fat_sectors * 512, b"\xff")
    first_fat = sectors + 1
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack(
        "<IIIIIIIII", 0, fat_sectors, sectors, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack(
        "<109I", *range(first_fat, first_fat + fat_sectors), *[0xFFFFFFFF] * (109 - fat_sectors)
    )
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry(name, 2, 0xFFFFFFFF, 0, len(stream))
    return header + stream + directory.ljust(512, b"\0") + fat


def _entry(name, kind, child, start, size):
    text = name.encode("utf-16-le") + b"\0\0"
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def _bof(kind):
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))
