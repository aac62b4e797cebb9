"""A web page named .xls, as many portals export: the rows of its tables, streamed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from typing import IO

from django.utils.translation import gettext as _

from recipients.importing.readers.notes import Notes
from recipients.importing.readers.tables import FileRefused, Record, Sheet, joined, split_joined
from recipients.importing.readers.xlsx_cells import MOST_COLUMNS

LARGEST = 300_000_000
LONGEST_CELL = 1_000_000
PIECE = 1 << 18
_OWN_MARKS = {0x1E: None, 0x1F: None}


def sheets(file: IO[bytes], name: str, notes: Notes) -> list[Sheet]:
    """The file is read once, so the page must be small enough to be kept."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise FileRefused(
            _("Halaman web %(name)s terlalu besar. Simpan ulang sebagai XLSX.") % {"name": name}
        )
    notes.add("HTML_TABLE")
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return [Sheet(name, partial(_records, text, name), split_joined)]


def _records(text: str, name: str) -> Iterator[Record]:
    page = _Page()
    for start in range(0, len(text), PIECE):
        page.feed(text[start : start + PIECE])
        if page.is_too_long:
            raise FileRefused(_("Halaman web %(name)s rusak: ada sel tanpa akhir.") % {"name": name})
        yield from page.ready
        page.ready.clear()
    page.close()
    page.end_row()
    yield from page.ready


class _Page(HTMLParser):
    """Cells that span columns or rows leave blanks, as in a spreadsheet."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ready: list[Record] = []
        self._number, self._cells, self._span = 0, list[str](), 1
        self._texts: list[str] | None = None
        self._length = 0
        self._below: dict[int, int] = {}  # column -> rows for which a cell above still stands there

    @property
    def is_too_long(self) -> bool:
        return self._length > LONGEST_CELL or len(self.rawdata) > LONGEST_CELL

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.end_row()
        elif tag in ("td", "th"):
            self._end_cell()
            self._skip_spanned()
            values = dict(attrs)
            self._span = min(_whole(values.get("colspan")), MOST_COLUMNS)
            for column in range(len(self._cells), len(self._cells) + self._span):
                if (rows := _whole(values.get("rowspan"))) > 1:
                    self._below[column] = min(rows, 100)
            self._texts, self._length = [], 0
        elif tag == "br" and self._texts is not None:
            self._texts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self.end_row()

    def handle_data(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)
            self._length += len(data)

    def _skip_spanned(self) -> None:
        while self._below.get(len(self._cells), 0) > 0 and len(self._cells) < MOST_COLUMNS:
            self._cells.append("")

    def _end_cell(self) -> None:
        if self._texts is not None and len(self._cells) < MOST_COLUMNS:
            self._cells.append("".join(self._texts).translate(_OWN_MARKS).strip())
            self._cells += [""] * (self._span - 1)
        self._texts = None

    def end_row(self) -> None:
        self._end_cell()
        if not self._cells:
            return
        self._number += 1
        self._below = {column: rows - 1 for column, rows in self._below.items() if rows > 1}
        if any(self._cells):
            self.ready.append((self._number, joined(self._cells)))
        self._cells = []


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 5 else 1
