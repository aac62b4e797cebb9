"""What every step of a list shares: it is held, moved on, or goes no further."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from recipients.enums import ListState
from recipients.importing.issues import printable
from recipients.importing.lists import staging
from recipients.models import ListDelivery

DOOR = "recipients.lists"  # one list at a time is taken in, and one is applied
OPEN = (ListState.RECEIVED, ListState.MAPPING, ListState.MAPPED, ListState.PREVIEWED)


class ListRefused(ValueError):
    """The step is not possible now; the message says why and what to do, in Indonesian."""


def queue(delivery: ListDelivery, kind: str) -> None:
    jobs.enqueue(kind=kind, key=f"list={delivery.pk}:{delivery.round}", params={"list": delivery.pk})


def hold(delivery: ListDelivery, expected: ListState) -> bool:
    """Take the list for one stage. False when it moved on meanwhile: then there is nothing left to do."""
    db.lock_until_commit(f"list:{delivery.pk}")
    delivery.refresh_from_db()
    return delivery.state == expected


def move(delivery: ListDelivery, before: ListState, after: ListState, fields: Iterable[str] = ()) -> None:
    delivery.state = after
    values = {name: getattr(delivery, name) for name in ("state", *fields)}
    if not ListDelivery.objects.filter(pk=delivery.pk, state=before).update(**values):
        raise ListRefused(_("Daftar ini sudah tidak pada tahap itu."))


def took(delivery: ListDelivery, stage: str, time: timedelta) -> None:
    delivery.stage_seconds = {**delivery.stage_seconds, stage: round(time.total_seconds(), 3)}


def refuse_list(delivery: ListDelivery, reason: str) -> None:
    """The list goes no further; nothing of it was written."""
    with transaction.atomic():
        staging.drop_tables(delivery.pk)
        ListDelivery.objects.filter(pk=delivery.pk, applied_at=None).update(
            state=ListState.REFUSED, refusal=printable(reason), counts=delivery.counts
        )
