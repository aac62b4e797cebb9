"""What our import misread is corrected beside the registry's row; both readings see it, and it ends with the row."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError

from eligibility import services as deciding
from eligibility.enums import Scope
from eligibility.models import EligibilityDecision, Verdict
from eligibility.services import explain
from recipients import services
from recipients.models import FactCorrection, FactsChange, FamilyMembership
from recipients.services import Change, CorrectionRefused
from tests.factories.registry import make_family, make_member, make_release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_nudges")]
TODAY = date(2026, 2, 3)
NOW = datetime(2026, 2, 3, 10, tzinfo=ZoneInfo("Asia/Makassar"))


@pytest.fixture
def release(rule_sets):
    return make_release()


@pytest.fixture
def family(release):
    """Poor, and its only member was read as 36 years old: no component of PKH."""
    family = make_family(release=release, decile=2)
    make_member(family, release=release, born=date(1990, 1, 5), school_participation=3, has_disability=False)
    return family


@pytest.fixture
def people():
    return User.objects.create_user("verifikator"), User.objects.create_user("kepala")


def correct(family, people, *changes, because="tanggal dan tahun tertukar saat dibaca", now=NOW):
    by, approved_by = people
    return services.correct_fact(
        family=family, changes=changes, because=because, by=by, approved_by=approved_by, now=now,
        reference="objection:SGH-26-4K7Q-2",
    )  # fmt: skip


def birth(family, day="1960-01-05"):
    return Change("birth_date", day, person=FamilyMembership.objects.get(family=family).person_id)


def pkh(family):
    return EligibilityDecision.objects.standing().get(family=family, programme__code="PKH").verdict


def verify(*, scope, as_of):
    return deciding.verify(scope=scope, as_of=as_of, reason="uji")


def told(family, day=TODAY):
    """The plain-Python reading of PKH."""
    return explain(family=family, programme="PKH", as_of=day).answers[0].verdict


def test_a_corrected_birth_date_is_decided_on_at_once_by_both_readings(family, people):
    verify(scope=Scope.ALL, as_of=TODAY)
    assert pkh(family) == told(family) == Verdict.INELIGIBLE

    correct(family, people, birth(family))
    verify(scope=Scope.STALE, as_of=TODAY)

    assert pkh(family) == told(family) == Verdict.ELIGIBLE
    assert verify(scope=Scope.ALL, as_of=TODAY).written == 0


def test_the_registry_keeps_what_the_centre_said(family, people):
    correct(family, people, birth(family))

    assert FamilyMembership.objects.get(family=family).birth_date == date(1990, 1, 5)


def test_a_day_before_the_correction_reads_as_it_was(family, people):
    correct(family, people, birth(family))

    assert told(family, date(2026, 2, 2)) == Verdict.INELIGIBLE


def test_a_new_row_of_the_registry_ends_the_correction(family, people, release, facts_by_hand):
    correct(family, people, birth(family))
    old = FamilyMembership.objects.get(family=family)
    later = make_release("2026-Q2", date(2026, 4, 20))
    FamilyMembership.objects.filter(pk=old.pk).update(until_release=later)
    FamilyMembership.objects.create(
        person=old.person, family=family, from_release=later, row_key=2, name=old.name, sex=1,
        birth_date=date(1991, 1, 1), school_participation=3, has_disability=False,
    )  # fmt: skip

    verify(scope=Scope.ALL, as_of=date(2026, 5, 1))

    assert pkh(family) == told(family, date(2026, 5, 1)) == Verdict.INELIGIBLE


def test_an_ended_correction_counts_no_more(family, people):
    (correction,) = correct(family, people, birth(family))
    verify(scope=Scope.STALE, as_of=TODAY)

    services.end_correction(correction=correction, now=NOW)
    verify(scope=Scope.STALE, as_of=TODAY)

    assert pkh(family) == told(family) == Verdict.INELIGIBLE
    with pytest.raises(CorrectionRefused, match="sudah berakhir"):
        services.end_correction(correction=correction, now=NOW)


def test_a_second_correction_of_the_same_fact_replaces_the_first(family, people):
    correct(family, people, birth(family))
    correct(family, people, birth(family, "1988-03-01"))

    assert FactCorrection.objects.filter(until=None).get().day == date(1988, 3, 1)
    assert told(family) == Verdict.INELIGIBLE


def test_facts_of_the_house_can_be_corrected_too(family, people):
    (correction,) = correct(family, people, Change("power", "1"))

    assert (correction.snapshot.family_id, correction.corrected) == (family.pk, 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (Change("decile", "1"), "tidak bisa diperbaiki di kabupaten"),
        (Change("marital_status", "1", person=1), "tidak bisa diperbaiki di kabupaten"),
        (Change("power", "9"), "tidak bisa berisi 9"),
        (Change("birth_date", "1960-01-05"), "Pilih anggota"),
    ],
)
def test_what_is_not_the_districts_to_correct_is_refused(family, people, change, says):
    with pytest.raises(CorrectionRefused, match=says):
        correct(family, people, change)

    assert not FactCorrection.objects.exists()
    assert not FactsChange.objects.exists()


def test_a_correction_needs_a_reason_two_people_and_a_difference(family, people):
    with pytest.raises(CorrectionRefused, match="salah dibaca"):
        correct(family, people, birth(family), because=" ")
    with pytest.raises(CorrectionRefused, match="dua orang"):
        correct(family, (people[0], people[0]), birth(family))
    with pytest.raises(CorrectionRefused, match="sudah tercatat"):
        correct(family, people, birth(family, "1990-01-05"))
    with pytest.raises(CorrectionRefused, match="paling sedikit satu"):
        correct(family, people)


def test_the_database_takes_no_corrected_decile(family, people):
    with pytest.raises(IntegrityError, match="correction_never_of_a_decile"):
        FactCorrection.objects.create(
            family=family, snapshot=family.snapshots.get(), field="decile", value=1, because="x", since=TODAY,
            made_by=people[0], approved_by=people[1],
        )  # fmt: skip
