"""Carrying a list through its stages from a command: the jobs are done here, or waited for."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from bansos.common import jobs
from recipients.enums import ListState
from recipients.importing.lists import mapping
from recipients.models import ListDelivery
from recipients.services import lists


def to_preview(delivery: ListDelivery, *, by: Any, said: dict[str, str], here: bool) -> None:
    """As far as the preview, or the refusal; columns as said (FIELD -> column), else as surely meant."""
    follow(delivery, {ListState.MAPPING, ListState.PREVIEWED}, here=here)
    if delivery.state == ListState.MAPPING or (said and delivery.state == ListState.PREVIEWED):
        _map(delivery, said, by)
        follow(delivery, {ListState.PREVIEWED}, here=here)


def to_end(delivery: ListDelivery, *, by: Any, accepts_gone: bool, here: bool) -> None:
    approve(delivery, by=by, accepts_gone=accepts_gone)
    follow(delivery, {ListState.APPLIED}, here=here)


def approve(delivery: ListDelivery, *, by: Any, accepts_gone: bool) -> None:
    if delivery.state == ListState.PREVIEWED:
        lists.approve_list(delivery=delivery, by=by, now=timezone.now(), accepts_gone=accepts_gone)


def follow(delivery: ListDelivery, goal: set[ListState], *, here: bool) -> None:
    def is_reached() -> bool:
        delivery.refresh_from_db()
        return delivery.state in goal | {ListState.APPLIED, ListState.REFUSED}

    jobs.work_until(is_reached, do_work=here)


def _map(delivery: ListDelivery, said: dict[str, str], by: Any) -> None:
    """A doubt about what is needed is told, nothing is guessed."""
    taken = {head.strip().lower() for head in said.values()}
    found = lists.suggestions(delivery)
    columns = {
        name: one.header
        for name, one in found.items()
        if one.confidence >= mapping.SURE and one.header not in taken
    }
    columns |= {name: head.strip().lower() for name, head in said.items()}
    try:
        lists.map_list(delivery=delivery, columns=columns, fixed=delivery.fixed, by=by)
    except lists.ListRefused as refusal:
        lists.withdraw_list(delivery=delivery, reason=str(refusal))
        columns_seen = ", ".join(delivery.header)
        raise CommandError(f"{refusal} Kolom di berkas: {columns_seen}. Beri --map ISIAN=KOLOM.") from None
