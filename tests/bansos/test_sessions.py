"""Sessions that ran out do not stay in the database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
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


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(User.objects.create_user("petugas", is_staff=True))
    return client


def minutes_left(client: Client) -> float:
    row = Session.objects.get(pk=client.session.session_key)
    return (row.expire_date - timezone.now()).total_seconds() / 60


def test_a_session_of_staff_ends_an_hour_after_the_last_work_in_it(clerk):
    assert clerk.get(reverse("admin:index")).status_code == 200
    assert 58 < minutes_left(clerk) <= 60

    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=20))
    clerk.get(reverse("admin:index"))

    assert 58 < minutes_left(clerk) <= 60


def test_what_is_kept_in_a_session_of_staff_does_not_lengthen_it(clerk):
    clerk.get(reverse("admin:index"))
    session = clerk.session
    session["apa saja"] = 1
    session.save()
    assert minutes_left(clerk) > 600

    clerk.get(reverse("admin:index"))

    assert minutes_left(clerk) <= 60


def test_a_session_that_is_never_left_alone_ends_after_twelve_hours(clerk):
    session = clerk.session
    session[sessions.SIGNED_IN_AT] -= 12 * 3600 + 1
    session.save()

    answer = clerk.get(reverse("admin:index"))

    assert answer.url.startswith(reverse("admin:login"))
    assert "_auth_user_id" not in clerk.session


def test_a_citizen_keeps_the_draft_for_its_day(client):
    client.post("/sanggah/", {"nik": "5203991206809001", "birth_date": "12 6 1980", "is_sure": "on"})

    assert minutes_left(client) > 20 * 60


def test_an_address_without_its_last_slash_is_put_right_also_for_staff(clerk):
    assert clerk.get(reverse("admin:recipients_family_changelist").rstrip("/")).status_code == 301
