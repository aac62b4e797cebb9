"""Sessions that ran out are deleted: what a stranger typed on the public pages is not kept longer than needed."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

MOST_AT_ONCE = 10_000  # the sweep asks every minute; a backlog must not keep it from its jobs


def purge_expired(*, now: datetime) -> int:
    expired = Session.objects.filter(expire_date__lt=now).order_by("expire_date")
    keys = expired.values_list("session_key", flat=True)[:MOST_AT_ONCE]
    deleted, _by_model = Session.objects.filter(session_key__in=list(keys)).delete()
    return deleted
