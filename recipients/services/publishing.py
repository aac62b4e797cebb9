"""A release that is applied stands aside until a person publishes it, or two take it back (docs/decisions/0008)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from recipients.enums import BatchState, ImportEventKind
from recipients.importing import apply, match, undo
from recipients.models import CurrentRelease, ImportBatch, RegistryRelease
from recipients.services.batches import REGISTRY, ImportRefused, hold, move, queue, record
from recipients.services.proposals import reconcile_proposals
from recipients.signals import facts_changed

SHORTEST_REASON = 10


@transaction.atomic
def publish_import(*, batch: ImportBatch, by: User, now: datetime) -> None:
    """WITHHELD -> RELEASING, by somebody who did not upload it."""
    if batch.received_by_id == by.pk:
        raise ImportRefused(_("Anda tidak bisa menerbitkan rilis yang Anda unggah sendiri."))
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.WITHHELD)
    if not waiting.filter(undo_asked_by=None).update(state=BatchState.RELEASING, published_by=by):
        if waiting.exists():
            raise ImportRefused(_("Pembatalan rilis ini sedang diminta. Cabut dulu permintaan itu."))
        raise ImportRefused(_("Rilis ini belum diterapkan, sudah terbit, atau sudah dibatalkan."))
    record(batch, ImportEventKind.PUBLISHED, by=by, at=now)
    queue(batch, "imports.publish")


def publish_batch(batch: ImportBatch, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """RELEASING -> APPLIED: the pointer, the marks and the queued decisions are one transaction."""
    started = clock()
    with lease.completing():
        if not hold(batch, BatchState.RELEASING):
            return
        db.lock_until_commit(REGISTRY)
        put_in_force(batch)
        batch.published_at = clock()
        took = batch.published_at - started
        move(batch, BatchState.RELEASING, BatchState.APPLIED, took, "publish", ["published_at"])
        tell(batch)


def put_in_force(batch: ImportBatch) -> None:
    """Move the pointer, and all that every release shares; call it with the registry held alone."""
    assert batch.release is not None
    apply.publish(batch.release)
    apply.move_families(batch)
    apply.remember_spellings(batch)
    if batch.preview["previous"]:
        apply.mark_changed_facts(batch)
    else:
        apply.mark_everyone()
    match.drop_tables(batch.pk)
    reconcile_proposals(release=batch.release)


def tell(batch: ImportBatch) -> None:
    facts_changed.send(sender=ImportBatch, reason=f"rilis {batch.release_label}", batch_id=batch.pk)


@transaction.atomic
def ask_undo(*, batch: ImportBatch, by: User, reason: str, now: datetime) -> None:
    """The first of two people says why the release should not be published."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ImportRefused(_("Tulis alasannya, paling sedikit 10 huruf. Alasan ini dibaca auditor."))
    _refuse_published(batch)
    waiting = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.WITHHELD, undo_asked_by=None)
    if not waiting.update(undo_asked_by=by, undo_reason=reason[:300]):
        raise ImportRefused(_("Pembatalan rilis ini sudah diminta, atau rilis ini sedang diterbitkan."))
    record(batch, ImportEventKind.UNDO_ASKED, by=by, at=now, note=reason)


@transaction.atomic
def drop_undo(*, batch: ImportBatch, by: User, now: datetime) -> None:
    """The release is not taken back after all, and may be published."""
    asked = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.WITHHELD).exclude(undo_asked_by=None)
    if not asked.update(undo_asked_by=None, undo_reason=""):
        raise ImportRefused(_("Tidak ada permintaan pembatalan yang menunggu."))
    record(batch, ImportEventKind.UNDO_DROPPED, by=by, at=now)


@transaction.atomic
def approve_undo(*, batch: ImportBatch, by: User, now: datetime) -> None:
    """WITHHELD -> UNDOING, by a second person."""
    batch.refresh_from_db()
    _refuse_published(batch)
    if batch.undo_asked_by_id == by.pk:
        raise ImportRefused(_("Anda yang meminta pembatalan ini. Orang lain yang menyetujuinya."))
    asked = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.WITHHELD).exclude(undo_asked_by=None)
    if not asked.update(state=BatchState.UNDOING, undone_by=by):
        raise ImportRefused(_("Tidak ada permintaan pembatalan yang menunggu."))
    record(batch, ImportEventKind.UNDONE, by=by, at=now)
    queue(batch, "imports.undo")


def undo_batch(batch: ImportBatch, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """UNDOING -> UNDONE: the registry stands as if the release had never been applied."""
    started = clock()
    with lease.completing():
        if not hold(batch, BatchState.UNDOING):
            return
        db.lock_until_commit(REGISTRY)
        release, batch.release = batch.release, None
        assert release is not None
        batch.undone_at = clock()
        fields = ["undone_at", "release"]
        move(batch, BatchState.UNDOING, BatchState.UNDONE, batch.undone_at - started, "undo", fields)
        undo.take_back(release)
        match.drop_tables(batch.pk)


def _refuse_published(batch: ImportBatch) -> None:
    """What people were told is not taken back in silence; and nothing is pulled from under a later release."""
    release = batch.release
    if release is None:
        return
    if RegistryRelease.objects.filter(pk__gt=release.pk).exists():
        raise ImportRefused(
            _(
                "Rilis %(label)s tidak bisa dibatalkan: rilis yang lebih baru sudah memakainya. Muat rilis koreksi."
            )
            % {"label": release.label}
        )
    if batch.published_at is not None or CurrentRelease.objects.filter(release=release).exists():
        raise ImportRefused(
            _("Rilis %(label)s sudah terbit, jadi tidak bisa dibatalkan. Muat rilis koreksi.")
            % {"label": release.label}
        )
