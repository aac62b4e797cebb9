"""Rows out of a sheet's XML. Usual sheets are scanned with one regular expression, faster than any reader we know and
with every digit kept; at the first thing it does not know for certain, an XML parser takes over from that row on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from recipients.importing.readers.numbers import LONG, date_cell, number_cell
from recipients.importing.readers.tables import SHEET_ROWS, Cells
from recipients.importing.readers.xml import PIECE, Walker, text_of

MOST_COLUMNS = 600  # the widest layout has 70
LONGEST_ROW = 20_000_000  # bytes of XML
UNCALCULATED = "#BELUM_DIHITUNG"  # a formula whose value was never stored
_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?'
    r'(?:/>|></c>|>(?:<v>|<is><t(?: xml:space="preserve")?>)([^<]*)(?:</v>|</t></is>)</c>)'
)
_ROW = re.compile(r'<row(?: [^>]*?)? r="([0-9]+)"([^>]*)>')
_CELL_STARTS = ("<c ", "<c>", "<c/")
Convert = Callable[[str], str]
Found = Iterator[tuple[int, Cells, bool]]  # row, cells, is it hidden


class Unusual(Exception):
    """The scan met something that only a parser reads for certain."""


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


def rows(open_part: Callable[[], IO[bytes]], book: Book) -> Found:
    """Rows with something in them, in order."""
    last = 0
    try:
        with open_part() as part:
            for found in _Scan(book).rows(part):
                last = found[0]
                yield found
        return
    except Unusual:
        pass
    with open_part() as part:
        for found in _parsed(part, book):
            if found[0] > last:
                yield found


class _Scan:
    """The quick way. Plans are kept by the shape of a row: which columns, styles and types."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._plans: dict[tuple[tuple[str, ...], ...], _Plan] = {}
        self._row = 0
        self._is_plain = False  # nothing in the piece at hand is escaped

    def rows(self, part: IO[bytes]) -> Found:
        left = b""
        while piece := part.read(PIECE):
            if not left and not self._row and b"<worksheet" not in piece:
                raise Unusual  # a prefix before every name, another encoding
            left += piece
            cut = left.rfind(b"</row>")
            if cut < 0:
                if len(left) > LONGEST_ROW:
                    raise TooMuch
                continue
            yield from self._of(left[:cut])
            left = left[cut + 6 :]
        if b"<c" in left and b"<row" in left:
            raise Unusual

    def _of(self, piece: bytes) -> list[tuple[int, Cells, bool]]:
        """The rows of this piece, once it is certain that none of their cells was missed."""
        text = piece.decode()
        if "<!" in text or "<f" in text:
            raise Unusual  # comments, CDATA; formulas
        is_plain = not ("&" in text or "_x" in text or "\x1e" in text or "\x1f" in text)
        if is_plain != self._is_plain:
            self._is_plain = is_plain
            self._plans.clear()
        rows = []
        counted = 0
        for row in text.split("</row>"):
            cells = _CELL.findall(row)
            counted += len(cells)
            head = _ROW.search(row, max(row.rfind("<row"), 0))
            if head is None:
                raise Unusual
            number = int(head[1])
            if cells and any(found := self._cells(cells)):
                rows.append((number, found, 'hidden="1"' in head[0]))
        if counted != sum(text.count(start) for start in _CELL_STARTS):
            raise Unusual
        self._row = number
        if number > SHEET_ROWS:
            raise TooMuch
        return rows

    def _cells(self, found: list[tuple[str, str, str, str]]) -> Cells:
        columns, styles, kinds, stored = zip(*found, strict=True)
        shape = (columns, styles, kinds)
        plan = self._plans.get(shape)
        if plan is None:
            if len(self._plans) > 5000:
                self._plans.clear()
            plan = self._plans[shape] = self._plan(columns, styles, kinds)
        return plan.cells(stored)

    def _plan(self, columns: tuple[str, ...], styles: tuple[str, ...], kinds: tuple[str, ...]) -> _Plan:
        converters = [
            self._book.converter(kind, style, is_plain=self._is_plain)
            for kind, style in zip(kinds, styles, strict=True)
        ]
        return _Plan(converters, [column_number(name) for name in columns])


class _Plan:
    """How a row of one shape becomes cells. A row whose numbers are all short skips them: they stand as they are."""

    def __init__(self, converters: list[Convert | None], places: list[int]) -> None:
        self._others = [(at, one) for at, one in enumerate(converters) if one and one is not number_cell]
        self._numbers = [at for at, one in enumerate(converters) if one is number_cell]
        width = min(max(places), MOST_COLUMNS - 1) + 1
        order = [len(places)] * width  # the blank that is added at the end
        for cell, at in enumerate(places):
            if at < MOST_COLUMNS:
                order[at] = cell
        self._order = None if order == list(range(len(places))) else order

    def cells(self, stored: tuple[str, ...]) -> Cells:
        cells = list(stored)
        for at, convert in self._others:
            if cells[at]:
                cells[at] = convert(cells[at])
        numbers = [stored[at] for at in self._numbers]
        if numbers and not ("".join(numbers).isdecimal() and max(map(len, numbers)) < LONG):
            for at in self._numbers:
                if cells[at]:
                    cells[at] = number_cell(cells[at])
        if self._order is None:
            return cells
        cells.append("")
        return [cells[at] for at in self._order]


def column_number(name: str) -> int:
    """A is 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _parsed(part: IO[bytes], book: Book) -> Found:
    """The sure way: every row through an XML parser."""
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
