"""XLSX: the parts of the container, and a sheet for each of its sheets."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from recipients.importing.readers import packed, xml
from recipients.importing.readers.notes import Notes
from recipients.importing.readers.tables import SHEET_ROWS, FileRefused, Record, Sheet, joined, split_joined
from recipients.importing.readers.xlsx_cells import Book, TooMuch
from recipients.importing.readers.xlsx_rows import rows

LARGEST_STRINGS = 600_000_000  # bytes of the table of shared texts, which must stand in memory
SMALL_PART = 20_000_000
BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_STRING = re.compile(r"<si>(?:<t(?: xml:space=\"preserve\")?>([^<]*)</t>|<t/>)?</si>|<si/>")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class Workbook:
    """Reads the small parts at once, the shared texts on first use, the sheets as streams."""

    def __init__(self, container: zipfile.ZipFile, name: str, notes: Notes) -> None:
        self._container, self._name, self._notes = container, name, notes
        self._names = set(container.namelist())
        if "xl/workbook.bin" in self._names:
            raise packed.not_a_table(name, "XLSB")
        if any(part.endswith("vbaProject.bin") for part in self._names):
            raise FileRefused(
                _("Berkas %(name)s memuat makro. Simpan ulang sebagai XLSX tanpa makro.") % {"name": name}
            )
        self._book: Book | None = None

    def sheets(self) -> list[Sheet]:
        with packed.telling_trouble(self._name):
            book = self._small("xl/workbook.xml")
            targets = {
                one.get("Id", ""): one.get("Target", "") for one in self._small("xl/_rels/workbook.xml.rels")
            }
            properties = book.find("workbookPr")
            self._is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
            found = [
                self._sheet(one, targets.get(one.get("id", ""), ""))
                for one in book.iter("sheet")
                if "worksheets" in targets.get(one.get("id", ""), "")
            ]
        if not found:
            raise packed.truncated(self._name)
        return found

    def _sheet(self, element: ElementTree.Element, target: str) -> Sheet:
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if path not in self._names:
            raise packed.truncated(self._name)
        return Sheet(
            name=element.get("name", ""),
            records=partial(self._records, path),
            parse=split_joined,
            is_hidden=element.get("state", "visible") != "visible",
        )

    def _records(self, path: str) -> Iterator[Record]:
        with packed.telling_trouble(self._name):
            try:
                for number, cells, is_hidden in rows(partial(self._open, path), self._of_all_sheets()):
                    if is_hidden:
                        self._notes.add("HIDDEN_ROWS", line=number)
                    if number == SHEET_ROWS:
                        self._notes.add("SHEET_FULL")
                    yield number, joined(cells)
            except TooMuch:
                raise FileRefused(
                    _(
                        "Berkas %(name)s lebih besar dari yang mungkin: paling banyak %(most)d baris di satu lembar."
                    )
                    % {"name": self._name, "most": SHEET_ROWS}
                ) from None

    def _open(self, path: str) -> IO[bytes]:
        return self._container.open(path)

    def _small(self, path: str) -> ElementTree.Element:
        if self._container.getinfo(path).file_size > SMALL_PART:
            raise packed.truncated(self._name)
        return xml.tree(self._container.read(path))

    def _of_all_sheets(self) -> Book:
        if self._book is None:
            self._book = Book(self._shared(), self._date_styles(), self._is_1904)
        return self._book

    def _shared(self) -> list[str]:
        path = next((part for part in self._names if part.lower() == "xl/sharedstrings.xml"), "")
        if not path:
            return []
        if self._container.getinfo(path).file_size > LARGEST_STRINGS:
            raise FileRefused(
                _("Berkas %(name)s memuat terlalu banyak teks untuk XLSX. Simpan ulang sebagai CSV.")
                % {"name": self._name}
            )
        return shared_texts(partial(self._open, path))

    def _date_styles(self) -> frozenset[str]:
        """Styles that show a number as a day."""
        if "xl/styles.xml" not in self._names:
            return frozenset()
        styles = self._small("xl/styles.xml")
        own = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter("numFmt")}
        cell_styles = styles.find("cellXfs")
        return frozenset(
            str(number)
            for number, style in enumerate(cell_styles if cell_styles is not None else ())
            if _shows_a_day(style.get("numFmtId", "0"), own)
        )


def _shows_a_day(format_id: str, own: dict[str, str]) -> bool:
    if format_id in own:
        pattern = _LITERAL.sub("", own[format_id]).lower()
        return "general" not in pattern and any(letter in pattern for letter in "dy")
    return format_id.isdecimal() and int(format_id) in BUILT_IN_DATES


def shared_texts(open_part: Callable[[], IO[bytes]]) -> list[str]:
    """The texts that cells refer to by number."""
    texts: list[str] = []
    with open_part() as part:
        left = b""
        while piece := part.read(xml.PIECE):
            left += piece
            cut = left.rfind(b"</si>") + 5
            if cut < 5:
                continue
            text = left[:cut].decode()
            found = _STRING.findall(text)
            if len(found) != text.count("<si>") + text.count("<si/>") or "<!" in text:
                # Formatted pieces, phonetic guides: not for a regular expression.
                return _parsed_texts(open_part)
            texts += [xml.text_of(one) if "&" in one or "_x" in one else one for one in found]
            left = left[cut:]
    return _parsed_texts(open_part) if not texts or b"<si" in left else texts


def _parsed_texts(open_part: Callable[[], IO[bytes]]) -> list[str]:
    texts: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []

    def opened(name: str, _values: dict[str, str]) -> None:
        inside.append(name)

    def closed(name: str) -> None:
        inside.pop()
        if name == "si":
            texts.append(xml.text_of("".join(pieces)))
            pieces.clear()

    def text(piece: str) -> None:
        if inside[-1] == "t" and "rPh" not in inside:
            pieces.append(piece)

    with open_part() as part:
        for _piece in xml.Walker(opened, closed, text).walk(part):
            pass
    return texts
