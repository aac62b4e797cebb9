"""ODS: one XML part holds every sheet; repeated rows and cells are counted out, with a limit."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import partial

from recipients.importing.readers import packed, streamed, xml
from recipients.importing.readers.notes import Notes
from recipients.importing.readers.numbers import number_cell
from recipients.importing.readers.tables import (
    SHEET_ROWS,
    Cells,
    Record,
    Sheet,
    split_joined,
)
from recipients.importing.readers.xlsx_cells import LONGEST_ROW, MOST_COLUMNS, TooMuch

CONTENT = "content.xml"
_TABLE = re.compile(rb"<table:table ([^>]*)>")
_HIDDEN_STYLE = re.compile(
    rb'<style:style ([^>]*style:family="table"[^>]*)>\s*<style:table-properties ([^>]*table:display="false")'
)
_STYLE_NAME, _TABLE_NAME, _TABLE_STYLE = (
    re.compile(pattern)
    for pattern in (rb'style:name="([^"]*)"', rb'table:name="([^"]*)"', rb'table:style-name="([^"]*)"')
)


def sheets(container: zipfile.ZipFile, name: str, notes: Notes) -> list[Sheet]:
    with packed.telling_trouble(name):
        if b"encryption-data" in container.read("META-INF/manifest.xml"):
            raise packed.with_password(name)
        found = list(_tables(container))
    if not found:
        raise packed.truncated(name)
    return [
        Sheet(title, partial(_records, container, name, number, notes), split_joined, is_hidden)
        for number, (title, is_hidden) in enumerate(found)
    ]


def _tables(container: zipfile.ZipFile) -> Iterator[tuple[str, bool]]:
    """Name of each sheet, and whether it is hidden."""
    hidden: set[bytes] = set()
    left = b""
    with container.open(CONTENT) as part:
        while piece := part.read(xml.PIECE):
            left += piece
            for style in _HIDDEN_STYLE.finditer(left):
                hidden |= set(_STYLE_NAME.findall(style[1]))
            end = 0
            for found in _TABLE.finditer(left):
                name, style_name = _TABLE_NAME.search(found[1]), _TABLE_STYLE.search(found[1])
                yield (
                    xml.text_of(name[1].decode()) if name else "",
                    bool(style_name and style_name[1] in hidden),
                )
                end = found.end()
            left = left[max(end, len(left) - 4096) :]


def _records(container: zipfile.ZipFile, name: str, number: int, notes: Notes) -> Iterator[Record]:
    with packed.telling_trouble(name), container.open(CONTENT) as part:
        yield from streamed.records(part, _Table(number), name=name, notes=notes)


class _Table:
    """Gathers the rows of one sheet; a cell's note is no part of the cell."""

    def __init__(self, number: int) -> None:
        self._wanted, self._number = number, -1
        self.ready: list[tuple[int, Cells, bool]] = []
        self._row, self._repeat, self._is_hidden, self._cells = 0, 1, False, list[str]()
        self._depth_of_note, self._in_paragraph, self._texts, self._length = 0, 0, list[str](), 0
        self._stored, self._cell_repeat = "", 1

    def opened(self, name: str, values: dict[str, str]) -> None:
        if name == "table" and "table:name" in values:
            self._number += 1
        if self._number != self._wanted:
            return
        if name == "annotation":
            self._depth_of_note += 1
        elif name == "table-row":
            self._repeat = int(values.get("table:number-rows-repeated", 1))
            self._is_hidden = values.get("table:visibility", "visible") != "visible"
            self._cells, self._length = [], 0
        elif name in ("table-cell", "covered-table-cell"):
            self._stored, self._texts = _stored(values), []
            self._cell_repeat = int(values.get("table:number-columns-repeated", 1))
        elif name == "p":
            self._in_paragraph += 1
            if self._texts and not self._depth_of_note:
                self._texts.append("\n")
        elif name == "s" and self._in_paragraph:
            self._texts.append(" " * min(int(values.get("text:c", 1)), 100))

    def text(self, text: str) -> None:
        if self._number == self._wanted and self._in_paragraph and not self._depth_of_note:
            self._texts.append(text)
            self._length += len(text)
            if self._length > LONGEST_ROW:
                raise TooMuch

    def closed(self, name: str) -> None:
        if self._number != self._wanted:
            return
        if name == "annotation":
            self._depth_of_note -= 1
        elif name == "p":
            self._in_paragraph -= 1
        elif name in ("table-cell", "covered-table-cell"):
            cell = self._stored or xml.text_of("".join(self._texts))
            room = MOST_COLUMNS - len(self._cells)
            self._cells += [cell] * min(self._cell_repeat, room)
        elif name == "table-row":
            self._finish_row()

    def _finish_row(self) -> None:
        first = self._row + 1
        self._row += self._repeat
        while self._cells and not self._cells[-1]:
            self._cells.pop()
        if not self._cells:
            return
        if self._row > SHEET_ROWS:
            raise TooMuch
        self.ready += [(row, self._cells, self._is_hidden) for row in range(first, self._row + 1)]


def _stored(values: dict[str, str]) -> str:
    """The value as stored, for cells that are no text: what is shown may be rounded."""
    kind = values.get("office:value-type", "")
    if kind in ("float", "currency"):
        return number_cell(values.get("office:value", ""))
    if kind == "date":
        return values.get("office:date-value", "")[:10]
    return {"true": "TRUE", "false": "FALSE"}.get(values.get("office:boolean-value", ""), "")
