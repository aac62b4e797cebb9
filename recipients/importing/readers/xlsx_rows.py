"""Rows out of a sheet's XML. Usual sheets are scanned, faster than any reader we know and with every digit kept; at the
first thing that the scan does not know for certain, an XML parser takes over from that row on.

Most rows of a sheet are laid out alike. Once a few were read cell by cell, one expression matches the others whole, so
that no cell can be missed; of a row that it does not match, the cells found are counted against the cells there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import IO

from recipients.importing.readers.numbers import LONG, number_cell
from recipients.importing.readers.tables import SHEET_ROWS, Cells
from recipients.importing.readers.xlsx_cells import (
    LONGEST_ROW,
    MOST_COLUMNS,
    Book,
    Convert,
    Found,
    TooMuch,
    column_number,
)
from recipients.importing.readers.xlsx_parsed import parsed
from recipients.importing.readers.xml import PIECE

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})[0-9]+"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?'
    r'(?:/>|></c>|>(?:<v>|<is><t(?: xml:space="preserve")?>)([^<]*)(?:</v>|</t></is>)</c>)'
)
_ROW = re.compile(r'<row(?: [^>]*?)? r="([0-9]+)"([^>]*)>')
_CELL_STARTS = ("<c ", "<c>", "<c/")
_FEW_MISSES = 8  # rows read cell by cell before the layout is learned again; doubled each time
Kind = tuple[str, str]  # style and type of a cell


class Unusual(Exception):
    """The scan met something that only a parser reads for certain."""


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
        for found in parsed(part, book):
            if found[0] > last:
                yield found


class _Scan:
    """The quick way."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._plans: dict[
            tuple[tuple[str, ...], ...], _Plan
        ] = {}  # by the shape of a row: columns, styles, types
        self._row = 0
        self._is_plain = False  # nothing in the piece at hand is escaped
        self._met: dict[str, Kind] = {}  # by column, as last met
        self._usual: _Layout | None = None
        self._misses, self._patience = 0, _FEW_MISSES

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
            self._is_plain, self._usual = is_plain, None
            self._plans.clear()
        rows = []
        for row in text.split("</row>"):
            found = (self._usual and self._usual.row(row)) or self._by_cells(row)
            if any(found[1]):
                rows.append(found)
        self._row = found[0]
        if self._row > SHEET_ROWS:
            raise TooMuch
        return rows

    def _by_cells(self, row: str) -> tuple[int, Cells, bool]:
        cells = _CELL.findall(row)
        head = _ROW.search(row, max(row.rfind("<row"), 0))
        if head is None or len(cells) != sum(row.count(start) for start in _CELL_STARTS):
            raise Unusual
        self._learn(cells)
        return int(head[1]), self._cells(cells) if cells else [], 'hidden="1"' in head[0]

    def _learn(self, cells: list[tuple[str, str, str, str]]) -> None:
        """A blank cell says nothing of what its column holds."""
        self._met.update(
            {
                column: (style, kind)
                for column, style, kind, stored in cells
                if stored or column not in self._met
            }
        )
        self._misses += 1
        if self._misses >= self._patience:
            self._misses, self._patience = 0, self._patience * 2
            self._usual = _Layout.of(self._met, self._book, is_plain=self._is_plain)

    def _cells(self, found: list[tuple[str, str, str, str]]) -> Cells:
        columns, styles, kinds, stored = zip(*found, strict=True)
        shape = (columns, styles, kinds)
        plan = self._plans.get(shape)
        if plan is None:
            if len(self._plans) > 5000:
                self._plans.clear()
            plan = self._plans[shape] = _Plan.of(
                self._book, columns, zip(styles, kinds, strict=True), is_plain=self._is_plain
            )
        return plan.cells(stored)


class _Layout:
    """One expression for a whole row: each column may be missing or blank, and stands in its place.

    Nothing is ever tried twice (`?+`), so a row that differs costs no more than one that fits.
    """

    def __init__(self, met: dict[str, Kind], plan: _Plan) -> None:
        cells = "".join(_optional(column, *kind) for column, kind in met.items())
        self._pattern = re.compile(rf'<row r="([0-9]+)"([^>]*)>{cells}')
        self._plan = plan

    @classmethod
    def of(cls, met: dict[str, Kind], book: Book, *, is_plain: bool) -> _Layout | None:
        ordered = dict(sorted(met.items(), key=lambda one: column_number(one[0])))
        if not ordered or column_number(list(ordered)[-1]) >= MOST_COLUMNS:
            return None
        return cls(ordered, _Plan.of(book, ordered, ordered.values(), is_plain=is_plain))

    def row(self, text: str) -> tuple[int, Cells, bool] | None:
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        number, more, *stored = found.groups("")
        return int(number), self._plan.cells(stored), 'hidden="1"' in more


def _optional(column: str, style: str, kind: str) -> str:
    begins = rf'<c r="{column}[0-9]++"' + (f' s="{style}"' if style else "")
    typed = f' t="{kind}"' if kind else ""
    opened, closed = (
        (r'<is><t(?: xml:space="preserve")?+>', "</t></is>") if kind == "inlineStr" else ("<v>", "</v>")
    )
    return rf"(?:{begins}(?:/>|{typed}>{opened}([^<]*+){closed}</c>))?+"


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

    @classmethod
    def of(cls, book: Book, columns: Iterable[str], kinds: Iterable[Kind], *, is_plain: bool) -> _Plan:
        converters = [book.converter(kind, style, is_plain=is_plain) for style, kind in kinds]
        return cls(converters, [column_number(name) for name in columns])

    def cells(self, stored: Sequence[str]) -> Cells:
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
