"""What every reader gives: sheets of raw records, and a table with the header found, read past what is no data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from recipients.importing.readers.notes import Notes

CELL, NUMBER = "\x1f", "\x1e"  # how a sheet's row is written as one raw record
SHEET_ROWS = 1_048_576  # the most a spreadsheet can hold
LINE_BITS = 21  # a line within its sheet; above them the sheet's number

Record = tuple[int, bytes]  # line in the file (see `place`), raw record
Cells = list[str]
Parse = Callable[[list[bytes]], list[Cells]]  # raw records -> their cells, in order

_NUMBER_MARK = NUMBER.encode()
_SIXTEEN = re.compile(rb"[0-9]{16}")  # a row with an identifier is a row of data


class FileRefused(ValueError):
    """The whole file cannot be read; the message says what was met and what to do, in Indonesian."""


class NumberText(str):
    """Long digits out of a number cell: exact as stored, but maybe rounded before they were stored (domain.md 9)."""

    __slots__ = ()


@dataclass(frozen=True)
class Sheet:
    """One grid of a file, not yet read. Rows are numbered from 1 as the person who made the file sees them."""

    name: str
    records: Callable[[], Iterator[Record]]
    parse: Parse
    is_hidden: bool = False
    is_text: bool = False  # plain lines: a longer row is an error, not a stray cell


@dataclass(frozen=True)
class SheetFacts:
    """For choosing: what a sheet is called and holds. A header of no cells means that it cannot be read."""

    name: str
    rows: int  # under its header
    head: list[str]
    is_hidden: bool
    is_alike: bool  # its header is that of the sheets taken
    is_taken: bool


class Judge(Protocol):
    """Says of a row that is no good whether it was meant as data (furniture.py)."""

    def kind(self, cells: Cells) -> str: ...


@dataclass
class Table:
    """Rows under one header, of one sheet or of several alike."""

    header: list[str]
    records: Iterator[Record]
    parse: Parse
    notes: Notes
    sheet_names: list[str]
    furniture: Judge
    all_sheets: Callable[[], list[SheetFacts]]

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Each row of data with its line. For lists; the registry parses only what it does not know by its bytes."""
        while chunk := list(islice(self.records, 1000)):
            rows = self.parse([raw for _line, raw in chunk])
            for (line, raw), cells in zip(chunk, rows, strict=True):
                if _SIXTEEN.search(raw) or self.is_data(line, cells):
                    yield line, cells

    def is_data(self, line: int, cells: Cells) -> bool:
        """Whether this row is meant as data. A repeated header, a sum, a signature is noted and is none."""
        kind = self.furniture.kind(cells)
        if kind and kind != "BLANK":
            self.notes.add(kind, line=place(line)[1])
        return not kind


def place(line: int) -> tuple[int, int]:
    """The sheet's number (from 1) and the row in it."""
    return (line >> LINE_BITS) + 1, line & ((1 << LINE_BITS) - 1)


def in_sheet(number: int, row: int) -> int:
    """The line of a row of the sheet with this number (from 1); in the first sheet it is the row itself."""
    return ((number - 1) << LINE_BITS) + row


def joined(cells: Cells) -> bytes:
    """Blank cells at the end are left out: whether a program writes them must not make another record."""
    return CELL.join(cells).rstrip(CELL).encode()


def split_joined(raws: list[bytes]) -> list[Cells]:
    rows = [raw.decode().split(CELL) for raw in raws]
    return [
        [NumberText(cell[1:]) if cell[:1] == NUMBER else cell for cell in row] if _NUMBER_MARK in raw else row
        for raw, row in zip(raws, rows, strict=True)
    ]
