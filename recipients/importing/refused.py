"""The refused rows of a stored file in their own columns, read again from the sealed file: no plain copy is kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter

from recipients.enums import FileKind
from recipients.importing import storage
from recipients.importing.issues import CODE_LABELS
from recipients.importing.readers import open_table
from recipients.importing.readers.tables import place
from recipients.models import ImportBatch

CHUNK = 1000
REASON_COLUMNS = ["lembar", "baris", "jenis_kesalahan", "penjelasan"]


def header_of(batch: ImportBatch, kind: FileKind) -> list[str]:
    with storage.open_stored(_stored(batch, kind)) as file:
        return [*open_table(file, _name(batch, kind)).header, *REASON_COLUMNS]


def rows_of(batch: ImportBatch, kind: FileKind) -> Iterator[list[str]]:
    """Each refused row once, in the order of the file: its cells, where it stands, and every reason."""
    wanted = _reasons(batch, kind)
    reasons = next(wanted, None)
    with storage.open_stored(_stored(batch, kind)) as file:
        table = open_table(file, _name(batch, kind))
        while reasons and (chunk := list(islice(table.records, CHUNK))):
            picked = []
            for line, raw in chunk:
                while reasons and reasons[0] < line:  # never met again: a line is met once
                    reasons = next(wanted, None)
                if reasons and reasons[0] == line:
                    picked.append((raw, reasons[1]))
                    reasons = next(wanted, None)
            cells = table.parse([raw for raw, _told in picked])
            width = len(table.header)
            for row, (_raw, told) in zip(cells, picked, strict=True):
                yield [*row[:width], *[""] * (width - len(row)), *told]


def _reasons(batch: ImportBatch, kind: FileKind) -> Iterator[tuple[int, list[str]]]:
    """Line by line what was wrong there; streamed, since every row of a file may be refused."""
    rows = batch.refused_rows.filter(file=kind).order_by("line", "pk").defer("sealed_row")
    for line, issues in groupby(rows.iterator(chunk_size=5000), key=attrgetter("line")):
        told = list(issues)
        sheet, row = place(line)
        kinds = "; ".join(dict.fromkeys(str(CODE_LABELS.get(issue.code, issue.code)) for issue in told))
        yield line, [str(sheet), str(row), kinds, " ".join(issue.message for issue in told)]


def _stored(batch: ImportBatch, kind: FileKind) -> str:
    return batch.family_stored if kind == FileKind.FAMILY else batch.member_stored


def _name(batch: ImportBatch, kind: FileKind) -> str:
    return batch.family_file_name if kind == FileKind.FAMILY else batch.member_file_name
