"""Who has a case: handed to a colleague, or gone up when the office is late. Never decided by silence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from objections import notices
from objections.enums import EventKind
from objections.models import Objection, ObjectionEvent
from objections.moves import DECIDE, HANDLE
from objections.services.moving import MoveRefused
from objections.services.second_look import judged_by
from recipients.roles import named

ESCALATE = "objections.escalate"


def may_assign(user: Any) -> bool:
    return bool(user.has_perm(HANDLE) or user.has_perm(DECIDE))


@transaction.atomic
def assign(*, cases: QuerySet[Objection], to: Any, by: Any, now: datetime) -> int:
    """Hand open cases of the queue to one officer; how many changed hands. All or none."""
    if not may_assign(by) or not to.has_perm(HANDLE):
        raise PermissionDenied(HANDLE)
    _refuse_old_eyes(cases.open(), to)  # type: ignore[attr-defined]
    others = cases.open().exclude(handled_by=to).order_by("pk")  # type: ignore[attr-defined]
    keys = list(others.select_for_update(of=("self",)).values_list("pk", flat=True))
    Objection.objects.filter(pk__in=keys).update(handled_by=to)
    _record(keys, EventKind.ASSIGNED, by=by, now=now, note=named(to))
    return len(keys)


def _refuse_old_eyes(cases: QuerySet[Objection], to: Any) -> None:
    judged = [str(case) for case in judged_by(cases, to).order_by("pk")]
    if judged:
        raise MoveRefused(
            _(
                "%(cases)s diperiksa ulang, dan %(who)s sudah menilainya pada putaran sebelumnya. "
                "Serahkan kepada petugas lain. Belum ada sanggahan yang berpindah tangan."
            )
            % {"cases": ", ".join(judged), "who": named(to)}
        )


@transaction.atomic
def escalate_late(*, now: datetime) -> int:
    """Late cases go up to the head, once for each step they are late in; the case itself does not move."""
    late = Objection.objects.late(timezone.localdate(now)).filter(escalated_at=None).order_by("pk")
    keys = list(late.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Objection.objects.filter(pk__in=keys).update(escalated_at=now)
    _record(keys, EventKind.ESCALATED, by=None, now=now)
    notices.tell_late(Objection.objects.filter(pk__in=keys), now=now)
    return len(keys)


def _record(keys: Iterable[int], kind: EventKind, *, by: Any, now: datetime, note: str = "") -> None:
    ObjectionEvent.objects.bulk_create(
        ObjectionEvent(objection_id=key, kind=kind, at=now, by=by, note=note) for key in keys
    )
