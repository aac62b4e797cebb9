"""How the citizen wants to hear of the case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from objections.enums import EventKind, NoticeBy
from objections.models import Objection


@transaction.atomic
def choose_notice(*, objection: Objection, notice_by: NoticeBy, now: datetime) -> bool:
    """From the next step on; False when it was so already. The word of whoever holds number and PIN."""
    changed = Objection.objects.filter(pk=objection.pk).exclude(notice_by=notice_by)
    if not changed.update(notice_by=notice_by):
        return False
    objection.notice_by = notice_by
    objection.events.create(kind=EventKind.NOTICE_BY, at=now, note=str(notice_by.label))
    return True
