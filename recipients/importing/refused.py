"""The refused rows of a stored file in their own columns, read again from the sealed file: no plain copy is kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from operator import attrgetter

from recipients.enums import FileKind
from recipients.importing import layouts, opening, storage
from recipients.importing.issues import CODE_LABELS
from recipients.importing.readers.tables import place
from recipients.models import ImportBatch

CHUNK = 1000
PLACE_COLUMNS = ["berkas_asal", "lembar", "baris"]  # by these a mended row finds its way back
REASON_COLUMNS = [*PLACE_COLUMNS, "jenis_kesalahan", "penjelasan"]


def header_of(batch: ImportBatch, kind: FileKind) -> list[str]:
    with storage.open_stored(batch.file_of(kind)[0]) as file:
        return [*opening.open_again(file, batch, kind).header, *REASON_COLUMNS]


def origin(batch: ImportBatch, kind: FileKind) -> str:
    """The file that a row came from, short: begins with a letter, so that no spreadsheet takes it for a number."""
    return "f" + (batch.family_sha256 if kind == FileKind.FAMILY else batch.member_sha256)[:15]


def rows_of(batch: ImportBatch, kind: FileKind) -> Iterator[list[str]]:
    """Each refused row once, in the order of the file: its cells, where it stands, and every reason."""
    wanted = _reasons(batch, kind)
    reasons = next(wanted, None)
    with storage.open_stored(batch.file_of(kind)[0]) as file:
        table = opening.open_again(file, batch, kind)
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


def rows_at(batch: ImportBatch, kind: FileKind, lines: list[int]) -> dict[int, dict[str, str]]:
    """The cells of these lines by the centre's column names, read from the sealed file as it came."""
    wanted = set(lines)
    found: dict[int, dict[str, str]] = {}
    with storage.open_stored(batch.file_of(kind)[0]) as file:
        table = opening.open_again(file, batch, kind)
        header = layouts.canonical(table.header)
        for line, raw in table.records:
            if line in wanted:
                found[line] = dict(zip(header, table.parse([raw])[0], strict=False))
                if len(found) == len(wanted):
                    break
    return found


def _reasons(batch: ImportBatch, kind: FileKind) -> Iterator[tuple[int, list[str]]]:
    """Line by line what was wrong there; streamed, since every row of a file may be refused."""
    rows = batch.refused_rows.filter(file=kind).order_by("line", "pk").defer("sealed_row")
    source = origin(batch, kind)
    for line, issues in groupby(rows.iterator(chunk_size=5000), key=attrgetter("line")):
        told = list(issues)
        sheet, row = place(line)
        kinds = "; ".join(dict.fromkeys(str(CODE_LABELS.get(issue.code, issue.code)) for issue in told))
        yield line, [source, str(sheet), str(row), kinds, " ".join(issue.message for issue in told)]
