"""The verbs of fixes: refused rows of a delivery are mended, or left as they are with a reason, before it is approved.

A fix changes nothing by itself. `check_again` reads the stored files anew with all standing fixes, through the same
stages as the first time; until then nobody can approve. Who fixed does not approve.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from bansos.common import db
from recipients.enums import BatchState, FileKind, FixKind, ImportEventKind
from recipients.importing import mended_file, mending
from recipients.importing.issues import printable
from recipients.importing.readers import FileRefused, place
from recipients.importing.storage import Stored
from recipients.importing.villages import Villages
from recipients.models import FixedCell, ImportBatch, ImportFix, ImportRow
from recipients.services.batches import ImportRefused, queue, record

SHORTEST_REASON = 5
CELLS_AT_ONCE = 5000
LARGEST_MENDED = 50_000_000  # bytes
NOT_RESTAGED = (FixKind.ACCEPT,)  # says something about rows, changes none


class FixRefused(ImportRefused):
    """The fix cannot be taken; the message says which cell, why and what to do, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person wants in one cell. An empty column leaves the row out."""

    line: int
    column: str
    value: str = ""


def fixes_digest(batch: ImportBatch) -> str:
    """Of the standing fixes that change rows; "" for none. Fixes are never rewritten, so their ids say it all."""
    return _digest(batch.fixes.standing().exclude(kind__in=NOT_RESTAGED).values_list("pk", flat=True))


def seen_as(batch: ImportBatch) -> str:
    """What a page saw: the round, and every fix standing and withdrawn. A page that is out of date approves nothing."""
    standing = batch.fixes.standing().values_list("pk", flat=True)
    return f"{batch.round} {_digest(standing)[:16]}".strip()


def _digest(numbers: Iterable[int]) -> str:
    told = ",".join(str(number) for number in sorted(numbers))
    return hashlib.sha256(told.encode()).hexdigest() if told else ""


def has_unchecked_fixes(batch: ImportBatch) -> bool:
    return fixes_digest(batch) != batch.checked_with


@transaction.atomic
def fix_cells(
    *,
    batch: ImportBatch,
    file: FileKind,
    code: str,
    cells: Iterable[Typed],
    reason: str,
    by: User,
    now: datetime,
    mended_file: str = "",
) -> ImportFix:
    """Put these contents into cells of refused rows. Everything is checked first: all of it is taken, or nothing."""
    hold_for_fixing(batch)
    wanted = {(cell.line, cell.column): cell for cell in cells}
    if not wanted:
        raise FixRefused(_("Isi dulu paling sedikit satu kotak."))
    _refuse_other_rows(batch, file, code, wanted.values())
    clean = _checked(wanted.values())
    fix = _record(
        batch,
        file=file,
        kind=FixKind.FILE if mended_file else FixKind.CELLS,
        code=code,
        rows=len({cell.line for cell in clean}),
        reason=reason,
        by=by,
        at=now,
        file_sha256=mended_file,
    )
    FixedCell.objects.bulk_create(
        (
            FixedCell(
                fix=fix,
                line=cell.line,
                column=cell.column,
                sealed=mending.seal(batch.pk, file, cell.line, cell.column, cell.value),
            )
            for cell in clean
        ),
        batch_size=CELLS_AT_ONCE,
    )
    return fix


def fix_from_file(
    *, batch: ImportBatch, file: FileKind, stored: Stored, reason: str, by: User, now: datetime
) -> tuple[ImportFix, int]:
    """The downloaded refused rows come back mended: one fix, and how many other changed cells were not taken."""
    if stored.size > LARGEST_MENDED:
        raise FixRefused(_("Berkas perbaikan paling besar 50 MB. Bagi menjadi beberapa berkas."))
    try:
        found = mended_file.read(batch, file, stored)
    except (FileRefused, OSError, UnicodeError) as refusal:
        raise FixRefused(str(refusal)) from refusal
    if not found.cells:
        raise FixRefused(
            _("Tidak ada isi ditolak yang berubah di berkas ini. Ubah kolom yang salah, simpan, unggah lagi.")
        )
    cells = [Typed(*cell) for cell in found.cells]
    fix = fix_cells(
        batch=batch, file=file, code="", cells=cells, reason=reason, by=by, now=now, mended_file=stored.sha256
    )
    return fix, found.ignored


@transaction.atomic
def fix_alike(
    *,
    batch: ImportBatch,
    file: FileKind,
    kind: FixKind,
    code: str,
    column: str = "",
    written: str = "",
    value: str = "",
    reason: str,
    by: User,
    now: datetime,
) -> ImportFix:
    """One rule for every row of the file with this fault: map a content, leave the cell blank, or swap the numbers."""
    hold_for_fixing(batch)
    alike = batch.refused_rows.filter(file=file, code=code)
    if kind == FixKind.SWAP:
        is_possible = code == "NUMBERS_SWAPPED"
    elif kind == FixKind.BLANK:
        is_possible, alike = mending.may_be_blank(column), alike.filter(column=column)
    else:
        is_possible = kind == FixKind.MAP and mending.may_be_mapped(code, column)
        alike = alike.filter(column=column, value=written)
    if not is_possible:
        raise FixRefused(_("Kesalahan jenis ini tidak bisa diperbaiki sekaligus dengan cara itu."))
    rows = alike.count()
    if not rows:
        raise FixRefused(
            _("Tidak ada baris ditolak yang sejenis. Mungkin kiriman ini sudah diperiksa ulang.")
        )
    if kind == FixKind.MAP:
        (cell,) = _checked([Typed(0, mending.mended_column(code, column), value)])
        value = cell.value
    return _record(
        batch, file=file, kind=kind, code=code, column=column, written=written, value=value, rows=rows,
        reason=reason, by=by, at=now,
    )  # fmt: skip


@transaction.atomic
def map_alike(
    *,
    batch: ImportBatch,
    file: FileKind,
    code: str,
    contents: Iterable[tuple[str, str, str]],
    reason: str,
    by: User,
    now: datetime,
) -> list[ImportFix]:
    """A rule for each content (column, as written, what it becomes), with one reason. All of them, or none."""
    made = [
        fix_alike(
            batch=batch, file=file, kind=FixKind.MAP, code=code, column=column, written=written, value=value,
            reason=reason, by=by, now=now,
        )
        for column, written, value in contents
    ]  # fmt: skip
    if not made:
        raise FixRefused(_("Isi dulu paling sedikit satu kotak."))
    return made


@transaction.atomic
def accept_refusals(
    *, batch: ImportBatch, file: FileKind, code: str, reason: str, by: User, now: datetime
) -> ImportFix:
    """Say why rows with this fault may stay out. They stay refused; who approves reads the reason."""
    hold_for_fixing(batch)
    rows = batch.refused_rows.filter(file=file, code=code).values("line").distinct().count()
    if not rows:
        raise FixRefused(
            _("Tidak ada baris ditolak yang sejenis. Mungkin kiriman ini sudah diperiksa ulang.")
        )
    return _record(batch, file=file, kind=FixKind.ACCEPT, code=code, rows=rows, reason=reason, by=by, at=now)


@transaction.atomic
def withdraw_fix(*, fix: ImportFix, by: User, now: datetime) -> None:
    """Take a fix back. Its rows are refused again once the delivery is checked again."""
    hold_for_fixing(fix.batch)
    taken_back = ImportFix.objects.standing().filter(pk=fix.pk).update(withdrawn_by=by, withdrawn_at=now)
    if not taken_back:
        raise FixRefused(_("Perbaikan itu sudah dicabut."))


@transaction.atomic
def check_again(*, batch: ImportBatch, by: User, now: datetime) -> None:
    """PREVIEWED -> RECEIVED: the same stages again, with the fixes that stand now."""
    hold_for_fixing(batch)
    if not has_unchecked_fixes(batch):
        raise FixRefused(_("Tidak ada perbaikan baru sejak pemeriksaan terakhir."))
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED).update(
        state=BatchState.RECEIVED, round=F("round") + 1
    )
    batch.refresh_from_db()
    record(batch, ImportEventKind.RECHECKED, by=by, at=now)
    queue(batch, "imports.validate")


def refuse_unseen(batch: ImportBatch, *, by: User, seen: str | None) -> None:
    """Before approval: nothing unchecked, nothing the person has not looked at, nothing the person fixed."""
    if has_unchecked_fixes(batch):
        raise FixRefused(_("Ada perbaikan yang belum diperiksa. Periksa ulang dulu kiriman ini."))
    if seen is not None and seen != seen_as(batch):
        raise FixRefused(
            _("Perbaikan kiriman ini berubah sesudah Anda membukanya. Lihat lagi, lalu setujui.")
        )
    if batch.fixes.standing().filter(by=by).exists():
        raise FixRefused(_("Anda ikut memperbaiki kiriman ini, jadi orang lain yang menyetujuinya."))


def hold_for_fixing(batch: ImportBatch) -> None:
    """The delivery for this transaction: waiting for approval, and not under way."""
    if not db.try_lock_until_commit(f"batch:{batch.pk}"):
        raise FixRefused(_("Kiriman ini sedang dikerjakan. Tunggu sebentar, lalu coba lagi."))
    batch.refresh_from_db()
    if batch.state != BatchState.PREVIEWED:
        raise FixRefused(_("Kiriman ini tidak sedang menunggu persetujuan, jadi tidak bisa diperbaiki."))


def _record(batch: ImportBatch, *, reason: str, **what: object) -> ImportFix:
    reason = printable(" ".join(reason.split()))[:300]
    if len(reason) < SHORTEST_REASON:
        raise FixRefused(_("Ketik alasan perbaikan ini, paling sedikit 5 huruf."))
    return ImportFix.objects.create(batch=batch, reason=reason, **what)


def _refuse_other_rows(batch: ImportBatch, file: FileKind, code: str, cells: Iterable[Typed]) -> None:
    """Only cells that were refused, each in the column that mends its fault."""
    may: set[tuple[int, str]] = set()
    refused = ImportRow.objects.filter(batch=batch, file=file)
    if code:
        refused = refused.filter(code=code, line__in=[cell.line for cell in cells])
    for line, found, column in refused.values_list("line", "code", "column").iterator(
        chunk_size=CELLS_AT_ONCE
    ):
        if mends := mending.mended_column(found, column):
            may.add((line, mends))
        if found in mending.CHOOSE_ONE:
            may.add((line, mending.LEAVE_OUT))
    for cell in cells:
        if (cell.line, cell.column) not in may:
            raise FixRefused(
                _("Baris %(row)d kolom %(column)s tidak bisa diperbaiki di sini. Muat ulang halaman ini.")
                % {"row": place(cell.line)[1], "column": cell.column}
            )


def _checked(cells: Iterable[Typed]) -> list[Typed]:
    villages, clean = Villages(), []
    for cell in cells:
        if cell.column == mending.LEAVE_OUT:
            clean.append(Typed(cell.line, cell.column))
            continue
        value, issues = mending.checked(cell.column, cell.value, villages)
        if issues:
            where = _("Baris %d: ") % place(cell.line)[1] if cell.line else ""
            raise FixRefused(where + printable(issues[0].message()))
        clean.append(Typed(cell.line, cell.column, value))
    return clean
