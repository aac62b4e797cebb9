"""Sheets that are one stream of XML (ODS, XML Spreadsheet 2003): rows are given as soon as they are ready."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from django.utils.translation import gettext as _

from recipients.importing.readers import packed, xml
from recipients.importing.readers.notes import Notes
from recipients.importing.readers.tables import SHEET_ROWS, Cells, FileRefused, Record, joined
from recipients.importing.readers.xlsx_cells import TooMuch


class Gathering(Protocol):
    """What hears the walk and lays its rows ready: (row, cells, hidden?). Raises TooMuch beyond the limits."""

    ready: list[tuple[int, Cells, bool]]

    def opened(self, name: str, values: dict[str, str]) -> None: ...
    def closed(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


def records(part: xml.Pieces, rows: Gathering, *, name: str, notes: Notes) -> Iterator[Record]:
    """The rows of one sheet; raises FileRefused where the file `name` is broken or larger than any sheet can be."""
    walker = xml.Walker(rows.opened, rows.closed, rows.text)
    with packed.telling_trouble(name):
        try:
            for _piece in walker.walk(part):
                for row, cells, is_hidden in rows.ready:
                    if is_hidden:
                        notes.add("HIDDEN_ROWS", line=row)
                    yield row, joined(cells)
                rows.ready.clear()
        except TooMuch:
            words = _(
                "Berkas %(name)s lebih besar dari yang mungkin: paling banyak %(most)d baris di satu lembar."
            )
            raise FileRefused(words % {"name": name, "most": SHEET_ROWS}) from None
