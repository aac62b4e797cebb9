"""Rows of a sheet through an XML parser: slower than the scan in xlsx_rows.py, and certain of any spelling."""

from __future__ import annotations

from typing import IO

from recipients.importing.readers.tables import SHEET_ROWS, Cells
from recipients.importing.readers.xlsx_cells import (
    LONGEST_ROW,
    MOST_COLUMNS,
    UNCALCULATED,
    Book,
    Found,
    TooMuch,
    column_number,
)
from recipients.importing.readers.xml import Walker


def parsed(part: IO[bytes], book: Book) -> Found:
    sheet = _ParsedSheet(book)
    walker = Walker(sheet.opened, sheet.closed, sheet.text)
    for _piece in walker.walk(part):
        yield from sheet.ready
        sheet.ready.clear()


class _ParsedSheet:
    def __init__(self, book: Book) -> None:
        self._book = book
        self.ready: list[tuple[int, Cells, bool]] = []
        self._row, self._is_hidden, self._cells = 0, False, dict[int, str]()
        self._at, self._kind, self._style = 0, "", ""
        self._texts: list[str] = []
        self._length = 0
        self._takes, self._has_formula, self._has_value, self._in_phonetic = False, False, False, False

    def opened(self, name: str, values: dict[str, str]) -> None:
        if name == "row":
            self._row = int(values.get("r", self._row + 1))
            if self._row > SHEET_ROWS:
                raise TooMuch
            self._is_hidden, self._cells, self._at = values.get("hidden") in ("1", "true"), {}, -1
            self._length = 0
        elif name == "c":
            letters = values.get("r", "").rstrip("0123456789")
            self._at = column_number(letters) if letters else self._at + 1
            self._kind, self._style = values.get("t", ""), values.get("s", "")
            self._texts, self._has_formula, self._has_value = [], False, False
        elif name == "f":
            self._has_formula = True
        elif name == "rPh":
            self._in_phonetic = True
        elif name in ("v", "t"):
            self._takes = not self._in_phonetic
            self._has_value = True

    def text(self, text: str) -> None:
        if self._takes:
            self._texts.append(text)
            self._length += len(text)
            if self._length > LONGEST_ROW:
                raise TooMuch

    def closed(self, name: str) -> None:
        if name in ("v", "t"):
            self._takes = False
        elif name == "rPh":
            self._in_phonetic = False
        elif name == "c" and 0 <= self._at < MOST_COLUMNS:
            self._cells[self._at] = self._value()
        elif name == "row" and any(self._cells.values()):
            cells = [""] * (max(self._cells) + 1)
            for at, cell in self._cells.items():
                cells[at] = cell
            self.ready.append((self._row, cells, self._is_hidden))

    def _value(self) -> str:
        stored = "".join(self._texts)
        if not stored:
            return (
                UNCALCULATED
                if self._has_formula and self._kind not in ("str", "s") and not self._has_value
                else ""
            )
        convert = self._book.converter(self._kind, self._style)
        return convert(stored) if convert else stored
