"""The refused rows that were downloaded, mended, and come back: which cells differ from the file they came from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bansos.common import csvout
from recipients.enums import FileKind
from recipients.importing import layouts, mending, refused, storage
from recipients.importing.readers import FileRefused, open_table
from recipients.importing.readers.tables import in_sheet
from recipients.importing.storage import Stored
from recipients.models import ImportBatch

ROWS_LIMIT = 200_000
SHEETS_LIMIT = 1000


@dataclass(frozen=True)
class Mended:
    cells: list[tuple[int, str, str]]  # line, column, content
    ignored: int  # cells that differ and were not refused


def read(batch: ImportBatch, kind: FileKind, stored: Stored) -> Mended:
    """Raises FileRefused when the file is not one of this delivery's refused rows."""
    came_back = _rows(batch, kind, stored)
    before = refused.rows_at(batch, kind, list(came_back))
    may = _mendable(batch, kind)
    cells, ignored = [], 0
    for line, now in came_back.items():
        for column, was in before.get(line, {}).items():
            text = now.get(column, "").strip()
            if text == csvout.neutral(was).strip() or column not in now:
                continue
            if column in may[line]:
                cells.append((line, column, text))
            else:
                ignored += 1
    return Mended(cells, ignored)


def _rows(batch: ImportBatch, kind: FileKind, stored: Stored) -> dict[int, dict[str, str]]:
    with storage.open_stored(stored.key) as file:
        table = open_table(file, stored.name)
        header = layouts.canonical(table.header)
        if missing := [column for column in refused.PLACE_COLUMNS if column not in header]:
            raise FileRefused(
                _("Kolom %s tidak ada. Pakai berkas unduhan baris yang ditolak, jangan hapus kolomnya.")
                % ", ".join(missing)
            )
        found: dict[int, dict[str, str]] = {}
        for number, (_line, row) in enumerate(table.rows(), 1):
            if number > ROWS_LIMIT:
                raise FileRefused(
                    _("Berkas perbaikan punya lebih dari %d baris. Bagi menjadi beberapa berkas.")
                    % ROWS_LIMIT
                )
            cells = dict(zip(header, row, strict=False))
            found[_line_of(batch, kind, cells, number)] = cells
    return found


def _line_of(batch: ImportBatch, kind: FileKind, cells: dict[str, str], number: int) -> int:
    origin, sheet, row = (cells.get(column, "").strip() for column in refused.PLACE_COLUMNS)
    if origin != refused.origin(batch, kind):
        raise FileRefused(
            _("Baris ke-%d bukan dari kiriman ini. Unduh dulu baris yang ditolak dari kiriman ini.") % number
        )
    if not (_is_count(sheet) and _is_count(row) and 0 < int(sheet) <= SHEETS_LIMIT):
        raise FileRefused(_("Baris ke-%d: kolom lembar atau baris berubah. Kembalikan isinya.") % number)
    return in_sheet(int(sheet), int(row))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 7


def _mendable(batch: ImportBatch, kind: FileKind) -> dict[int, set[str]]:
    may: dict[int, set[str]] = defaultdict(set)
    found = batch.refused_rows.filter(file=kind).values_list("line", "code", "column")
    for line, code, column in found.iterator(chunk_size=5000):
        if mends := mending.mended_column(code, column):
            may[line].add(mends)
    return may
