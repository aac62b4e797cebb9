"""The centre's schedule and the weeks of objecting: how many days are left, said in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from objections import case_page, services, window
from objections.clock import Clock
from recipients import deadlines
from recipients.models import SubmissionWindow
from tests.factories.staff import make_world
from tests.objections.steps import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def schedule():
    SubmissionWindow.objects.all().delete()
    return SubmissionWindow.objects.create(
        name="SIKS-NG", from_day=1, to_day=11, valid_from=date(2025, 10, 1), basis="contoh"
    )


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (date(2026, 12, 5), "Ketik di SIKS-NG paling lambat 11 Desember: 6 hari lagi."),
        (date(2026, 12, 11), "Ketik di SIKS-NG paling lambat 11 Desember: hari ini."),
        (date(2026, 12, 12), "SIKS-NG dibuka lagi 1 Januari: 20 hari lagi."),
    ],
)
def test_the_countdown_says_until_when_or_when_again(schedule, today, sentence):
    assert [each.sentence for each in deadlines.countdowns(today)] == [sentence]


def test_a_schedule_counts_only_while_it_holds(schedule):
    schedule.valid_to = date(2026, 12, 31)
    schedule.save()

    assert deadlines.countdowns(date(2026, 12, 20)) == []
    assert deadlines.countdowns(date(2027, 1, 5)) == []


def test_a_day_that_a_month_lacks_is_its_last(schedule):
    schedule.to_day = 31

    assert schedule.in_month(2026, 2) == (date(2026, 2, 1), date(2026, 2, 28))


def test_a_schedule_that_runs_backwards_is_refused():
    with pytest.raises(IntegrityError, match="submission_window_days"):
        SubmissionWindow.objects.create(
            name="x", from_day=9, to_day=3, valid_from=date(2026, 1, 1), basis="x"
        )


def test_people_object_for_so_many_working_days_since_the_release_was_published(world):
    opened = timezone.localdate(world.release.applied_at)
    found = window.current(opened)

    clock = Clock.load()
    assert found.closes_on == clock.workdays.after(opened, clock.days["OBJECT"])
    assert "tetap dibaca" in window.current(found.closes_on + timedelta(days=1)).sentence


def test_the_first_page_says_until_when_people_object_and_that_late_is_read_too(client, world):
    said = window.current(timezone.localdate()).for_citizens

    assert "tetap kami baca" in said
    assert said in client.get("/").content.decode()


def test_a_step_is_nearly_late_after_four_fifths_of_its_time(world, filing, checker):
    case = services.file(form=filing(), now=timezone.now())
    services.start_check(objection=case, by=checker, now=timezone.now())
    clock = Clock.load()
    days = [clock.workdays.after(case.clock_from, spent) for spent in (7, 8)]

    assert [case_page.days_left(case, day, clock)["kind"] for day in days] == ["fine", "soon"]
    assert clock.nearly_late(type(case).objects.all(), days[1]) == [case.pk]
    assert not clock.is_nearly_late(case, case.due_on + timedelta(days=1))


def test_home_and_the_list_of_proposals_count_down(client, schedule):
    world = make_world()
    client.force_login(world.users["office_head"])

    home = text_of(client.get("/staf/"))
    assert "SIKS-NG" in home
    assert "Masa sanggah rilis 2026-Q1" in home
    assert "naik kepada Anda" in home
    assert "SIKS-NG" in text_of(client.get("/staf/recipients/updateproposal/"))
