"""Sessions that ran out do not stay in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from bansos.common import sessions
from bansos.common.sweep import ask_due_checks

pytestmark = pytest.mark.django_db


def make_session(key: str, *, minutes_left: int) -> None:
    ends = timezone.now() + timedelta(minutes=minutes_left)
    Session.objects.create(session_key=key, session_data="-", expire_date=ends)


def kept() -> set[str]:
    return set(Session.objects.values_list("session_key", flat=True))


def test_the_sweep_deletes_sessions_that_ran_out_and_leaves_the_others():
    make_session("habis", minutes_left=-1)
    make_session("berlaku", minutes_left=1)

    ask_due_checks()
    ask_due_checks()

    assert kept() == {"berlaku"}


def test_a_backlog_is_deleted_in_parts_oldest_first(monkeypatch):
    monkeypatch.setattr(sessions, "MOST_AT_ONCE", 2)
    for age in (1, 3, 2):
        make_session(f"habis-{age}", minutes_left=-age)

    assert sessions.purge_expired(now=timezone.now()) == 2
    assert kept() == {"habis-1"}
