from __future__ import annotations

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bansos.common import jobs, vault
from bansos.common.models import Job
from objections import receipts, services
from objections import tasks as _tasks  # noqa: F401  (registers the job)
from objections.enums import EventKind
from objections.models import Objection, ObjectionEvent
from tests.factories import registry
from tests.objections.steps import BORN, NIK, UNKNOWN_NIK

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=ZoneInfo("Asia/Makassar"))


@pytest.fixture
def objection(db, filing):
    return services.file(form=filing(phone="081200009001"), now=NOW)


def test_filing_leaves_an_event_a_job_and_a_deadline(objection):
    assert objection.due_on.isoformat() == "2026-11-25"
    assert objection.events.get().kind == EventKind.FILED
    assert Job.objects.get(kind="objections.match").params == {"objection": objection.pk}


def test_nik_and_phone_stand_only_in_the_vault(objection):
    assert vault.decrypt(vault.NIK, objection.nik_sealed, objection.nik_index) == NIK
    assert objection.masked_nik() == "520399******9001"
    assert bytes(objection.phone_index) == vault.blind_index(vault.PHONE, "081200009001")


def test_the_pin_is_kept_as_a_password_hash(db, filing):
    form = filing()
    objection = services.file(form=form, now=NOW)

    assert form.pin not in objection.pin_hash
    assert "$" in objection.pin_hash
    assert services.open_case(receipt_no=objection.receipt_no.lower(), pin=form.pin.lower()) == objection
    assert services.open_case(receipt_no=objection.receipt_no, pin="00000000") is None
    assert services.open_case(receipt_no="SGH-26-4K7Q-2", pin=form.pin) is None


def test_the_same_form_twice_is_one_case(db, filing):
    form = filing()

    assert services.file(form=form, now=NOW) == services.file(form=form, now=NOW)
    assert Objection.objects.count() == ObjectionEvent.objects.count() == Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_eight_times_at_once_is_one_case(filing):
    form = filing()
    numbers = _at_once(8, lambda: services.file(form=form, now=NOW).receipt_no)

    assert len(set(numbers)) == 1
    assert Objection.objects.count() == Job.objects.count() == 1


def test_a_taken_number_is_drawn_again_and_longer(db, filing, monkeypatch):
    taken = services.file(form=filing(), now=NOW).receipt_no
    draws = iter([taken, taken, taken, taken])
    lengths = []

    def draw(year, length):
        lengths.append(length)
        return next(draws, None) or receipts.compose("26", "4K7QX")

    monkeypatch.setattr(receipts, "draw", draw)
    second = services.file(form=filing(), now=NOW)

    assert second.receipt_no == receipts.compose("26", "4K7QX")
    assert lengths == [4, 4, 4, 4, 5]


def test_an_error_other_than_a_taken_number_is_not_swallowed(db, filing):
    services.file(form=filing(), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        services.file(form=filing(reasons=[]), now=NOW)


def _at_once(count, work):
    results = []

    def run():
        try:
            results.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(results) == count
    return results


def test_matching_finds_family_and_village_by_nik(world, filing):
    objection = services.file(form=filing(), now=NOW)
    services.match(objection=objection, now=NOW)

    assert objection.family == world.family
    assert objection.village == world.village
    assert objection.match == {
        "nik": "agrees", "birth_date": "agrees", "village": "not_said", "claimed_village": None
    }  # fmt: skip


def test_matching_says_field_by_field_what_differs(world, filing):
    elsewhere = registry.make_village("Danger")
    objection = services.file(
        form=filing(birth_date=BORN + timedelta(days=1), village_id=elsewhere.pk), now=NOW
    )
    for _ in range(2):  # a job may run twice
        services.match(objection=objection, now=NOW)

    assert objection.match == {
        "nik": "agrees", "birth_date": "differs", "village": "differs", "claimed_village": elsewhere.pk
    }  # fmt: skip
    assert objection.village == world.village  # the family decides whose case it is


def test_matching_an_unknown_nik_leaves_the_case_with_the_office(world, filing):
    objection = services.file(form=filing(nik=UNKNOWN_NIK, village_id=world.village.pk), now=NOW)
    services.match(objection=objection, now=NOW)

    assert objection.match["nik"] == "unknown"
    assert (objection.family, objection.village) == (None, world.village)


def test_matching_a_nik_that_left_the_release_finds_nothing(world, filing):
    later = registry.make_release("2026-Q2", world.release.as_of + timedelta(days=90))
    world.head.until_release = later
    world.head.save(update_fields=["until_release"])
    objection = services.file(form=filing(), now=NOW)
    services.match(objection=objection, now=NOW)

    assert objection.match["nik"] == "unknown"


@pytest.mark.django_db(transaction=True)
def test_the_job_matches_once_however_often_it_is_sent(world, filing):
    objection = services.file(form=filing(), now=timezone.now())
    job = Job.objects.get()

    assert [jobs.run(job.pk) for _ in range(3)] == [True, False, False]
    assert objection.events.filter(kind=EventKind.MATCHED).count() == 1
