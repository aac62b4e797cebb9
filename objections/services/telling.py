"""How the citizen wants to hear of the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from objections import notices, phone_notices
from objections.enums import EventKind, NoticeBy
from objections.models import Objection, ObjectionEvent
from objections.moves import FILE_FOR_OTHERS, HANDLE
from objections.paper import posting
from objections.services.moving import MoveRefused

MAY_CHOOSE = (HANDLE, FILE_FOR_OTHERS)


def may_choose_for(user: Any) -> bool:
    return any(user.has_perm(one) for one in MAY_CHOOSE)


@transaction.atomic
def choose_notice(*, objection: Objection, notice_by: NoticeBy, now: datetime) -> bool:
    """From the next step on; False when it was so already. The word of whoever holds number and PIN."""
    return _choose(objection, notice_by, now, note=str(notice_by.label)) is not None


@transaction.atomic
def choose_notice_for(
    *, objection: Objection, notice_by: NoticeBy, asked: str, by: Any, now: datetime
) -> bool:
    """For somebody who came or phoned. `asked` says who it was and how that is known; the old way is told, since
    whoever phones may be somebody else.
    """
    if not may_choose_for(by):
        raise PermissionDenied(", ".join(MAY_CHOOSE))
    if not asked.strip():
        raise MoveRefused(_("Tulis siapa yang meminta, dan bagaimana Anda tahu itu orangnya."))
    if objection.phone_index is None:
        raise MoveRefused(_("Sanggahan ini tidak punya nomor HP. Kabarnya datang lewat surat."))
    old = NoticeBy(Objection.objects.select_for_update().get(pk=objection.pk).notice_by)
    event = _choose(objection, notice_by, now, by=by, note=f"{notice_by.label}. {asked.strip()}")
    if event is not None:
        _tell_old_way(event, old, now)
    return event is not None


def _choose(
    objection: Objection, notice_by: NoticeBy, now: datetime, *, note: str, by: Any = None
) -> ObjectionEvent | None:
    changed = Objection.objects.filter(pk=objection.pk).exclude(notice_by=notice_by)
    if not changed.update(notice_by=notice_by):
        return None
    objection.notice_by = notice_by
    return objection.events.create(kind=EventKind.NOTICE_BY, at=now, by=by, note=note)


def _tell_old_way(event: ObjectionEvent, old: NoticeBy, now: datetime) -> None:
    case = event.objection
    if old == NoticeBy.LETTER:
        posting.post([posting.Cause(f"told-otherwise:{event.pk}", case, EventKind.NOTICE_BY)], now=now)
    else:
        phone_notices.tell(event, notices.address_of(case), now=now, by_old_way=old)
