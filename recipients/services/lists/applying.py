"""A second person approves what the check counted, and it is applied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from recipients.enums import Limit, ListState
from recipients.importing.lists import plan, staging
from recipients.models import CurrentRelease, ListDelivery, Tolerance
from recipients.services.batches import REGISTRY
from recipients.services.lists.steps import DOOR, ListRefused, hold, move, queue, took
from recipients.signals import facts_changed


def share_gone(delivery: ListDelivery) -> int:
    """Percent of those on the list's programmes who would leave; a large one means a list that is not complete."""
    actions = delivery.counts.get("actions", {})
    gone = actions.get("GONE", 0)
    stays = actions.get("SAME", 0) + actions.get("MOVED", 0)
    return round(100 * gone / (gone + stays)) if gone else 0


def seen_as(delivery: ListDelivery) -> str:
    """Every matching of its columns begins another round."""
    return str(delivery.round)


def loses_many(delivery: ListDelivery) -> bool:
    """Whether so many would leave that who approves must say that it is true."""
    return share_gone(delivery) >= Tolerance.objects.in_force()[Limit.LIST_GONE_SHARE]


@transaction.atomic
def approve_list(
    *, delivery: ListDelivery, by: User, now: datetime, accepts_gone: bool = False, seen: str | None = None
) -> ListDelivery:
    """PREVIEWED -> APPROVED by a second person; applying is queued in the same transaction.

    `seen` is what the person's page was made of: columns matched anew after it are not approved unseen.
    """
    if delivery.received_by_id == by.pk:
        raise ListRefused(_("Anda tidak bisa menyetujui impor yang Anda buat sendiri."))
    if seen is not None and seen != seen_as(delivery):
        raise ListRefused(
            _("Kolom daftar ini dicocokkan ulang sesudah Anda membukanya. Lihat lagi, lalu setujui.")
        )
    if loses_many(delivery) and not accepts_gone:
        raise ListRefused(_("Banyak penerima akan berhenti. Centang dulu bahwa itu memang benar."))
    standing = ListDelivery.objects.filter(pk=delivery.pk, state=ListState.PREVIEWED, round=delivery.round)
    approved = standing.update(state=ListState.APPROVED, approved_by=by, approved_at=now)
    if not approved:
        raise ListRefused(_("Daftar ini belum atau tidak lagi menunggu persetujuan."))
    delivery.refresh_from_db()
    queue(delivery, "lists.apply")
    return delivery


def apply_list(delivery: ListDelivery, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """APPROVED -> APPLIED: one transaction for what the list says, its events and the marks."""
    started = clock()
    with lease.completing():
        if not hold(delivery, ListState.APPROVED):
            return
        db.share_until_commit(REGISTRY)
        db.lock_until_commit(DOOR)
        if delivery.counts["read_against"] != CurrentRelease.label():
            return _check_again(delivery)
        assert delivery.approved_by_id is not None
        actions = plan.make(delivery)
        written = plan.write(delivery, by_id=delivery.approved_by_id)
        marked = plan.mark_families(delivery)
        staging.drop_tables(delivery.pk)
        delivery.counts = {**delivery.counts, "actions": actions, "written": written, "marked": marked}
        delivery.applied_at = clock()
        took(delivery, "apply", delivery.applied_at - started)
        move(delivery, ListState.APPROVED, ListState.APPLIED, ["counts", "applied_at", "stage_seconds"])
        if marked:
            facts_changed.send(sender=ListDelivery, reason=f"{delivery.reference} {delivery.source}")


def _check_again(delivery: ListDelivery) -> None:
    """Another release was published meanwhile: what was approved is no longer what would happen."""
    delivery.round += 1
    delivery.approved_by = delivery.approved_at = None
    fields = ["round", "approved_by", "approved_at"]
    move(delivery, ListState.APPROVED, ListState.MAPPED, fields)
    queue(delivery, "lists.check")
