"""The only package that opens files of tables: CSV, XLSX, ODS, XLS, web pages named .xls, and ZIP of these.

    table = open_table(file, "penerima.xlsx")      # every visible sheet under the same header
    table.header                                    # column names as written, small letters
    for line, cells in table.rows(): ...            # one text a cell; `place(line)` gives sheet and row
    table.notes.all()                               # what was skipped, guessed or hidden, to be told
    table.all_sheets()                              # when all was read: every sheet, for choosing others

A file becomes a header and a stream of raw records, which are parsed only when somebody needs their cells: a record
that stands in the registry is recognised by its bytes alone. Ask `table.is_data(line, cells)` about a row that is no
good: a repeated header, a sum or a signature is noted there and is no fault. Memory stays flat
(docs/decisions/0020-own-reader.md).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from recipients.importing.readers.choosing import Sheets
from recipients.importing.readers.furniture import Furniture
from recipients.importing.readers.kinds import sheets_of
from recipients.importing.readers.notes import Note, Notes
from recipients.importing.readers.tables import (
    Cells,
    FileRefused,
    NumberText,
    Parse,
    Record,
    SheetFacts,
    Table,
    place,
)

__all__ = ["FileRefused", "Note", "NumberText", "Record", "SheetFacts", "Table", "open_table", "place"]


def open_table(
    file: io.BufferedReader[Any], name: str, *, sheets: Sequence[str] = (), wanted: Sequence[str] = ()
) -> Table:
    """The rows of the sheets of these names, or of every visible sheet that has the same header as the first one.

    `wanted` are headers that the sheet must have to be taken as the first one, if any sheet has them all.
    Raises FileRefused when the file cannot be read; later, while streaming, when it breaks off.
    """
    notes = Notes()
    every = Sheets(sheets_of(file, name, notes), name, notes)
    every.take(sheets, wanted)
    first = every.taken[0]
    return Table(
        header=first.header,
        records=every.records(),
        parse=first.sheet.parse
        if first.sheet.is_text
        else _fitted(first.sheet.parse, len(first.header), notes),
        notes=notes,
        sheet_names=[one.sheet.name for one in every.taken],
        furniture=Furniture(first.header),
        all_sheets=every.told,
    )


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
