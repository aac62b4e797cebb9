"""How long sessions last: those of staff end when nobody works in them, and those that ran out are deleted."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

STAFF_IDLE = timedelta(minutes=60)  # a visit is written down at the table it is about, which takes its time
# So long a session is not written again: a page and its pictures are one sign of life.
FRESH = timedelta(minutes=1)
SIGNED_IN_AT = "masuk"
MOST_AT_ONCE = 10_000  # the sweep asks every minute; a backlog must not keep it from its jobs


class StaffSessionMiddleware:
    """A session of staff ends after an hour without work, and after twelve however busy: a stolen one dies as well.

    Stands outside the session's own middleware, which puts the full age back whenever it saves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_work(request):
            _ends_within(request.session.session_key, STAFF_IDLE)
        return response


class StaffSessionAgeMiddleware:
    """The other half, inside: whoever signed in too long ago is signed out before anything is shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_work(request) and _age(request) > settings.SESSION_COOKIE_AGE:
            logout(request)
        return self.get_response(request)


def _is_work(request: HttpRequest) -> bool:
    """A page of staff, asked for by somebody who is signed in; an answer given on the way there knows of nobody."""
    user = getattr(request, "user", None)
    return request.path.startswith(reverse("admin:index")) and user is not None and user.is_authenticated


def _age(request: HttpRequest) -> float:
    return time.time() - float(request.session.get(SIGNED_IN_AT, 0))


@receiver(user_logged_in)
def _note_when(sender: Any, request: HttpRequest, **_more: Any) -> None:
    request.session[SIGNED_IN_AT] = int(time.time())


def _ends_within(key: str | None, left: timedelta) -> None:
    ends = timezone.now() + left
    Session.objects.filter(pk=key).exclude(expire_date__range=(ends - FRESH, ends)).update(expire_date=ends)


def purge_expired(*, now: datetime) -> int:
    expired = Session.objects.filter(expire_date__lt=now).order_by("expire_date")
    keys = expired.values_list("session_key", flat=True)[:MOST_AT_ONCE]
    deleted, _by_model = Session.objects.filter(session_key__in=list(keys)).delete()
    return deleted
