"""What a stored cell of a workbook says, whichever way its sheet is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from recipients.importing.readers.numbers import date_cell, number_cell
from recipients.importing.readers.tables import Cells
from recipients.importing.readers.xml import text_of

MOST_COLUMNS = 600  # the widest layout has 70
LONGEST_ROW = 20_000_000  # bytes of XML
UNCALCULATED = "#BELUM_DIHITUNG"  # a formula whose value was never stored
Convert = Callable[[str], str]
Found = Iterator[tuple[int, Cells, bool]]  # row, cells, is it hidden


class TooMuch(ValueError):
    """More rows, or more in one row, than a spreadsheet can have."""


@dataclass(frozen=True)
class Book:
    """What cells of any sheet refer to."""

    shared: Sequence[str]
    date_styles: frozenset[str]
    is_1904: bool = False

    def converter(self, kind: str, style: str, *, is_plain: bool = False) -> Convert | None:
        """How a cell of this type reads its stored text. None: as it stands. `is_plain`: nothing in it is escaped."""
        if kind == "s":
            return self._shared
        if kind in ("inlineStr", "str"):
            return None if is_plain else text_of
        if kind == "b":
            return _yes_no
        if kind in ("e", "d"):
            return None if kind == "e" else _day
        return self._date if style in self.date_styles else number_cell

    def _shared(self, stored: str) -> str:
        return self.shared[int(stored)] if stored else ""

    def _date(self, stored: str) -> str:
        return date_cell(stored, self.is_1904) if stored else ""


def _yes_no(stored: str) -> str:
    return {"1": "TRUE", "0": "FALSE"}.get(stored, stored)


def _day(stored: str) -> str:
    return stored[:10]


def column_number(name: str) -> int:
    """A is 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1
