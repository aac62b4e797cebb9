"""A second person approves a delivery, and it is applied; later its decisions are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from recipients.enums import BatchState, ImportEventKind
from recipients.importing import apply, match
from recipients.models import (
    CurrentRelease,
    ImportBatch,
    RegistryRelease,
)
from recipients.services import fixes, guards, publishing
from recipients.services.batches import REGISTRY, ImportRefused, hold, move, queue, record
from recipients.services.checking import refuse_overtaken


@transaction.atomic
def approve_import(
    *,
    batch: ImportBatch,
    by: User,
    now: datetime,
    accepts_missing: bool = False,
    answers: Mapping[int, str] | None = None,
    withhold: bool = False,
    why: str = "",
    seen: str | None = None,
) -> ImportBatch:
    """PREVIEWED -> APPROVED by a second person; applying is queued in the same transaction.

    Where a large share of the standing families would leave, `accepts_missing` says that the person knows. With
    `withhold` the release is applied and not published: that takes another word (services/publishing.py). `seen` is
    what the person's page was made of: fixes that came after it are not approved unseen.
    """
    if batch.received_by_id == by.pk:
        raise ImportRefused(_("Anda tidak bisa menyetujui impor yang Anda buat sendiri."))
    if not db.try_lock_until_commit(f"batch:{batch.pk}"):
        raise ImportRefused(_("Kiriman ini sedang dikerjakan. Tunggu sebentar, lalu lihat lagi."))
    batch.refresh_from_db()
    fixes.refuse_unseen(batch, by=by, seen=seen)
    if accepts_missing:
        guards.accept_missing(batch=batch, by=by, now=now)
    guards.answer_each(batch=batch, by=by, answers=answers or {}, now=now)
    if why:
        guards.answer_all(batch=batch, by=by, why=why, now=now)
    if guard := guards.first_unanswered(batch):
        raise ImportRefused(guards.why_held(guard))
    approved = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED).update(
        state=BatchState.APPROVED, approved_by=by, approved_at=now, is_withheld=withhold
    )
    if not approved:
        raise ImportRefused(_("Kiriman ini belum atau tidak lagi menunggu persetujuan."))
    batch.refresh_from_db()
    mended = batch.fixes.standing().count()
    note = _("dengan %d perbaikan") % mended if mended else ""
    record(batch, ImportEventKind.APPROVED, by=by, at=now, note=note)
    queue(batch, "imports.apply")
    return batch


def apply_batch(batch: ImportBatch, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """APPROVED -> APPLIED or WITHHELD: one transaction for the facts and, unless withheld, for publishing them."""
    started = clock()
    with lease.completing():
        if not hold(batch, BatchState.APPROVED):
            return
        db.lock_until_commit(REGISTRY)
        db.run("SET CONSTRAINTS ALL IMMEDIATE")
        previous = CurrentRelease.get()
        if batch.preview["previous"] != CurrentRelease.label() or ImportBatch.objects.unpublished().exists():
            return refuse_overtaken(batch)
        batch.release = apply.create_release(batch, started)
        _write(batch, batch.release, previous)
        batch.applied_at = clock()
        (_stand_aside if batch.is_withheld else _go_live)(batch, batch.applied_at - started)


def _write(batch: ImportBatch, release: RegistryRelease, previous: RegistryRelease | None) -> None:
    apply.apply_families(batch, release)
    if previous:
        apply.record_decile_changes(batch, release, previous)
    if batch.member_sha256:
        apply.apply_members(batch, release)
    apply.refresh_statistics()


def _stand_aside(batch: ImportBatch, took: timedelta) -> None:
    match.drop_rows(batch.pk)
    move(batch, BatchState.APPROVED, BatchState.WITHHELD, took, "apply", ["release", "applied_at"])


def _go_live(batch: ImportBatch, took: timedelta) -> None:
    publishing.put_in_force(batch)
    batch.published_at, batch.published_by = batch.applied_at, batch.approved_by
    fields = ["release", "applied_at", "published_at", "published_by"]
    move(batch, BatchState.APPROVED, BatchState.APPLIED, took, "apply", fields)
    publishing.tell(batch)


def mark_decided(*, batch_id: int, written: int, at: datetime) -> None:
    """APPLIED -> DECIDED: the decisions that follow are made. Called when eligibility closes its run."""
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id, state=BatchState.APPLIED).first()
    if batch is None:
        return
    batch.counts = {**batch.counts, "decisions_written": batch.counts.get("decisions_written", 0) + written}
    batch.decided_at = at
    move(
        batch,
        BatchState.APPLIED,
        BatchState.DECIDED,
        at - (batch.published_at or at),
        "decide",
        ["counts", "decided_at"],
    )
