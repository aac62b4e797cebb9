"""XML Spreadsheet 2003, mostly named .xls: one XML file with every sheet, streamed past for each of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import IO, Any

from django.utils.translation import gettext as _

from recipients.importing.readers import packed, streamed, xml
from recipients.importing.readers.notes import Notes
from recipients.importing.readers.numbers import number_cell
from recipients.importing.readers.tables import (
    SHEET_ROWS,
    Cells,
    FileRefused,
    Record,
    Sheet,
    split_joined,
)
from recipients.importing.readers.xlsx_cells import LONGEST_ROW, MOST_COLUMNS, UNCALCULATED, TooMuch

NAMESPACE = b"urn:schemas-microsoft-com:office:spreadsheet"
HIDDEN = ("SheetHidden", "SheetVeryHidden")
LARGEST_INSIDE = 300_000_000  # bytes inside a ZIP, where going back means unpacking again


def sheets(file: io.BufferedReader[Any], name: str, notes: Notes, *, is_inside: bool) -> list[Sheet]:
    whole = _kept(file, name) if is_inside or not file.seekable() else file
    with packed.telling_trouble(name):
        found = _Names().of(_Apart(whole))
    if not found:
        raise packed.truncated(name)
    return [
        Sheet(title, partial(_records, whole, name, number, notes), split_joined, is_hidden)
        for number, (title, is_hidden) in enumerate(found)
    ]


def _kept(file: IO[bytes], name: str) -> IO[bytes]:
    data = file.read(LARGEST_INSIDE + 1)
    if len(data) > LARGEST_INSIDE:
        raise FileRefused(_("%(name)s terlalu besar di dalam ZIP. Unggah tanpa ZIP.") % {"name": name})
    return io.BytesIO(data)


class _Apart:
    """The same file from its start, at a place of its own: sheets are read side by side."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._at = file, 0

    def read(self, size: int, /) -> bytes:
        self._file.seek(self._at)
        piece = self._file.read(size)
        self._at += len(piece)
        return piece


class _Names:
    """The sheets' names in order, and whether each is hidden, which is said after its rows."""

    def __init__(self) -> None:
        self._found: list[tuple[str, bool]] = []
        self._is_visibility, self._said = False, ""

    def of(self, part: xml.Pieces) -> list[tuple[str, bool]]:
        for _piece in xml.Walker(self._opened, self._closed, self._text).walk(part):
            pass
        return self._found

    def _opened(self, name: str, values: dict[str, str]) -> None:
        if name == "Worksheet":
            self._found.append((_local(values).get("Name", ""), False))
        self._is_visibility, self._said = name == "Visible", ""

    def _text(self, text: str) -> None:
        if self._is_visibility:
            self._said += text

    def _closed(self, name: str) -> None:
        if name == "Visible" and self._found and self._said.strip() in HIDDEN:
            self._found[-1] = (self._found[-1][0], True)
        self._is_visibility = False


def _records(file: IO[bytes], name: str, number: int, notes: Notes) -> Iterator[Record]:
    return streamed.records(_Apart(file), _Rows(number), name=name, notes=notes)


class _Rows:
    """Gathers the rows of one sheet; a cell's note is no part of the cell."""

    def __init__(self, number: int) -> None:
        self._wanted, self._number = number, -1
        self.ready: list[tuple[int, Cells, bool]] = []
        self._row, self._is_hidden, self._cells = 0, False, list[str]()
        self._kind, self._has_formula, self._texts, self._length = "", False, list[str](), 0
        self._takes, self._in_note, self._span = False, False, 0

    def opened(self, name: str, values: dict[str, str]) -> None:
        if name == "Worksheet":
            self._number += 1
        if self._number != self._wanted:
            return
        if name == "Row":
            self._begin_row(_local(values))
        elif name == "Cell":
            self._begin_cell(_local(values))
        elif name == "Comment":
            self._in_note = True
        elif name == "Data" and not self._in_note:
            self._kind, self._takes = _local(values).get("Type", "String"), True

    def _begin_row(self, values: dict[str, str]) -> None:
        self._row = max(int(values.get("Index", 0)), self._row + 1)  # no row stands above the one before it
        if self._row > SHEET_ROWS:
            raise TooMuch
        self._is_hidden, self._cells, self._length = values.get("Hidden") == "1", [], 0

    def _begin_cell(self, values: dict[str, str]) -> None:
        place = min(int(values.get("Index", len(self._cells) + 1)), MOST_COLUMNS + 1)
        self._cells += [""] * (place - 1 - len(self._cells))
        self._kind, self._texts, self._has_formula = "", [], "Formula" in values
        self._span = min(int(values.get("MergeAcross", 0)), MOST_COLUMNS)

    def text(self, text: str) -> None:
        if self._takes:
            self._texts.append(text)
            self._length += len(text)
            if self._length > LONGEST_ROW:
                raise TooMuch

    def closed(self, name: str) -> None:
        if self._number != self._wanted:
            return
        if name == "Data":
            self._takes = False
        elif name == "Comment":
            self._in_note = False
        elif name == "Cell" and len(self._cells) < MOST_COLUMNS:
            self._cells += [self._value(), *[""] * self._span]
        elif name == "Row" and any(self._cells):
            self.ready.append((self._row, self._cells[:MOST_COLUMNS], self._is_hidden))

    def _value(self) -> str:
        stored = "".join(self._texts)
        if not self._kind and self._has_formula:
            return UNCALCULATED
        if self._kind == "Number":
            return number_cell(stored)
        if self._kind == "DateTime":
            return stored[:10]
        if self._kind == "Boolean":
            return {"1": "TRUE", "0": "FALSE"}.get(stored, stored)
        return stored


def _local(values: dict[str, str]) -> dict[str, str]:
    return {xml.local(name): value for name, value in values.items()}
