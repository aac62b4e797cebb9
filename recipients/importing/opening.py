"""A file of a release opened as it is read everywhere: the sheets that a person chose, else those of its layout."""

from __future__ import annotations

import io
from collections.abc import Sequence

from recipients.enums import FileKind
from recipients.importing import layouts, storage
from recipients.importing.readers import Table, open_table
from recipients.importing.validate import FamilyRows, MemberRows
from recipients.importing.villages import Villages
from recipients.models import ImportBatch

READERS: dict[str, type[FamilyRows] | type[MemberRows]] = {
    FileKind.FAMILY: FamilyRows,
    FileKind.MEMBER: MemberRows,
}


def open_file(file: io.BufferedReader, name: str, kind: FileKind, sheets: Sequence[str] = ()) -> Table:
    return open_table(file, name, sheets=sheets, wanted=READERS[kind].WANTED)


def open_again(file: io.BufferedReader, batch: ImportBatch, kind: FileKind) -> Table:
    return open_file(file, batch.file_of(kind)[1], kind, batch.sheets.get(kind, ()))


def try_sheets(stored: str, name: str, kind: FileKind, sheets: Sequence[str]) -> None:
    """Raises FileRefused where there are no such sheets, or their columns are not those of this file."""
    with storage.open_stored(stored) as file:
        header = open_file(file, name, kind, sheets).header
    READERS[kind](layouts.canonical(header), name, Villages())
