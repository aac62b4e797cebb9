"""The only package that opens files of tables: CSV, XLSX, ODS, XLS, web pages named .xls, and ZIP of these.

    table = open_table(file, "penerima.xlsx")      # every visible sheet under the same header
    table.header                                    # column names as written, small letters
    for line, cells in table.rows(): ...            # one text a cell; `place(line)` gives sheet and row
    table.notes.all()                               # what was skipped, guessed or hidden, to be told

A file becomes a header and a stream of raw records, which are parsed only when somebody needs their cells: a record
that stands in the registry is recognised by its bytes alone. Ask `table.is_data(line, cells)` about a row that is no
good: a repeated header, a sum or a signature is noted there and is no fault. Memory stays flat
(docs/decisions/0020-own-reader.md).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.utils.translation import gettext as _

from recipients.importing.readers import headings
from recipients.importing.readers.furniture import Furniture
from recipients.importing.readers.kinds import sheets_of
from recipients.importing.readers.notes import Note, Notes
from recipients.importing.readers.tables import (
    Cells,
    FileRefused,
    NumberText,
    Parse,
    Record,
    Sheet,
    Table,
    in_sheet,
    place,
)

__all__ = ["FileRefused", "Note", "NumberText", "Record", "Table", "open_table", "place", "sheet_heads"]


@dataclass(frozen=True)
class _Begun:
    """A sheet read as far as its header."""

    number: int  # of the sheet in the file, from 1
    sheet: Sheet
    header: list[str]
    records: Iterator[Record]  # those after the header


@dataclass(frozen=True)
class SheetHead:
    """For choosing: what a sheet is called, whether it is hidden, its header."""

    name: str
    is_hidden: bool
    header: list[str]


def sheet_heads(file: io.BufferedReader[Any], name: str) -> list[SheetHead]:
    """Every sheet of the file that has rows. The file cannot be read on after this: open it anew."""
    notes = Notes()
    sheets = sheets_of(file, name, notes)
    begun = (_begin(number, sheet, name, notes, frozenset()) for number, sheet in enumerate(sheets, 1))
    return [SheetHead(one.sheet.name, one.sheet.is_hidden, one.header) for one in begun if one]


def open_table(
    file: io.BufferedReader[Any], name: str, *, sheet: str = "", wanted: Sequence[str] = ()
) -> Table:
    """The rows of the sheet named `sheet`, or of every visible sheet that has the same header as the first one.

    `wanted` are headers that the sheet must have to be taken as the first one, if any sheet has them all.
    Raises FileRefused when the file cannot be read; later, while streaming, when it breaks off.
    """
    notes = Notes()
    sheets = list(enumerate(sheets_of(file, name, notes), 1))
    chosen = [(number, one) for number, one in sheets if (one.name == sheet if sheet else not one.is_hidden)]
    if not sheet and (hidden := [one.name for _number, one in sheets if one.is_hidden]):
        notes.add("HIDDEN_SHEETS", count=len(hidden), text=", ".join(hidden))
    known = frozenset(headings.plain(column) for column in wanted)
    begun = [one for number, sheet_ in chosen if (one := _begin(number, sheet_, name, notes, known))]
    if not begun:
        raise FileRefused(
            _("Lembar %(sheet)s tidak ada atau kosong di berkas %(name)s.") % {"sheet": sheet, "name": name}
            if sheet
            else _("Berkas %(name)s tidak berisi baris apa pun. Unduh ulang dari sumbernya.") % {"name": name}
        )
    return _table(_alike(begun, known, notes), name, notes)


def _alike(begun: list[_Begun], known: frozenset[str], notes: Notes) -> list[_Begun]:
    """The first sheet that has every wanted column, and those with the same header."""
    first = next((one for one in begun if known <= {headings.plain(cell) for cell in one.header}), begun[0])
    taken = [one for one in begun if one.header == first.header]
    if left := [one.sheet.name for one in begun if one.header != first.header]:
        notes.add("SHEETS_LEFT", count=len(left), text=", ".join(left))
    if len(taken) > 1:
        notes.add("SHEETS_TAKEN", count=len(taken), text=", ".join(one.sheet.name for one in taken))
    return taken


def _begin(number: int, sheet: Sheet, name: str, notes: Notes, known: frozenset[str]) -> _Begun | None:
    """Read as far as the header; None for a sheet without rows."""
    records = sheet.records()
    first = list(islice(records, headings.LOOKED_AT))
    if not first:
        return None
    rows = sheet.parse([raw for _line, raw in first])
    found = headings.find(rows, known)
    line = first[found.at][0]
    if found.at and number == 1:
        notes.add("TITLE_ROWS", count=found.at, line=line)
    if found.rows == 2 and number == 1:
        notes.add("HEADER_TWO_LINES", line=line)
    rest = chain(first[found.at + found.rows :], records)
    return _Begun(number, sheet, _clean_header(found.columns, name), rest)


def _table(taken: list[_Begun], name: str, notes: Notes) -> Table:
    first = taken[0]
    return Table(
        header=first.header,
        records=first.records if first.number == 1 and len(taken) == 1 else _one_after_another(taken),
        parse=first.sheet.parse
        if first.sheet.is_text
        else _fitted(first.sheet.parse, len(first.header), notes),
        notes=notes,
        sheet_names=[one.sheet.name for one in taken],
        furniture=Furniture(first.header),
    )


def _one_after_another(taken: list[_Begun]) -> Iterator[Record]:
    for one in taken:
        for row, raw in one.records:
            yield in_sheet(one.number, row), raw


def _fitted(parse: Parse, width: int, notes: Notes) -> Parse:
    """Rows of a grid end with their last filled cell: made as wide as the header."""

    def fit(raws: list[bytes]) -> list[Cells]:
        rows = parse(raws)
        for row in rows:
            if len(row) < width:
                row += [""] * (width - len(row))
            elif len(row) > width:
                if any(row[width:]):
                    notes.add("CELLS_OUTSIDE")
                del row[width:]
        return rows

    return fit


def _clean_header(header: list[str], name: str) -> list[str]:
    cleaned = [" ".join(cell.split()).lower() for cell in header]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    twice = sorted({cell for cell in cleaned if cell and cleaned.count(cell) > 1})
    if twice:
        raise FileRefused(
            _("Berkas %(name)s punya judul kolom ganda: %(columns)s. Hapus salah satu.")
            % {"name": name, "columns": ", ".join(twice)}
        )
    return cleaned
