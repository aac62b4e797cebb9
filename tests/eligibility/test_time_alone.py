"""What time alone changes is caught by the night run, and what people change is caught by their mark at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from eligibility import services
from eligibility.models import EligibilityDecision, RuleSet, Scope
from eligibility.services.loading import FOLDER
from recipients import services as recipients_services
from recipients.enums import EnrolmentState, ExitReason
from recipients.models import FactsChange, Programme
from tests.factories.registry import make_family, make_member, make_release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_nudges")]
DAY = date(2026, 6, 15)
TOMORROW = DAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _rules():
    services.load_rule_sets()
    services.load_rule_sets(FOLDER / "lokal")


@pytest.fixture
def release():
    return make_release()


@pytest.fixture
def staff():
    return [User.objects.create(username=name) for name in ("satu", "dua")]


def verdict(programme, family, person=None):
    rows = EligibilityDecision.objects.standing().filter(
        programme__code=programme, family=family, person=person
    )
    return rows.get().verdict


def night(day):
    return services.verify(scope=Scope.ALL, as_of=day, reason="malam").written


def stale(day=DAY):
    return services.verify(scope=Scope.STALE, as_of=day, reason="uji").written


def by_hand(
    family, staff, *, programme="PAKET_DAERAH", person=None, verdict="ELIGIBLE", starts=DAY, ends=DAY
):
    decision = services.decide_by_hand(
        programme=Programme.objects.get(code=programme), family=family, person=person, verdict=verdict,
        starts_on=starts, ends_on=ends, minutes_no="BA/07/VI", minutes_on=DAY, reason="rumah roboh karena gempa",
        by=staff[0], today=DAY,
    )  # fmt: skip
    services.approve_hand_decision(decision=decision, by=staff[1], now=timezone.now())
    return decision


@pytest.mark.parametrize(
    ("born", "before", "after"),
    [(date(2019, 6, 16), "ELIGIBLE", "INELIGIBLE"), (date(1966, 6, 16), "INELIGIBLE", "ELIGIBLE")],
)
def test_a_child_that_turns_7_and_an_elder_that_turns_60_are_caught_by_night(release, born, before, after):
    family = make_family(release=release)
    make_member(
        family, release=release, born=born, school_participation=1, has_disability=False, employment=1
    )

    night(DAY)
    assert verdict("PKH", family) == before
    night(TOMORROW)

    assert verdict("PKH", family) == after


def test_a_decree_whose_day_comes_is_caught_by_night(release):
    family = make_family(release=release, decile=2)
    old = RuleSet.objects.get(programme__code="PAKET_DAERAH")
    RuleSet.objects.filter(pk=old.pk).update(effective_to=DAY)
    stricter = [{**row, "limit": 1} if row["code"] == "DECILE" else row for row in old.conditions]
    RuleSet.objects.create(
        programme=old.programme, version=2, effective_from=TOMORROW, legal_basis="uji", conditions=stricter
    )

    night(DAY)
    assert verdict("PAKET_DAERAH", family) == "ELIGIBLE"
    night(TOMORROW)

    assert verdict("PAKET_DAERAH", family) == "INELIGIBLE"


def test_a_flag_marks_its_family_and_its_last_day_is_caught_by_night(release, staff):
    family = make_family(release=release)
    night(DAY)

    flag = recipients_services.raise_flag(
        family=family, kind="ADDR_NOT_FOUND", source="kunjungan", observed_on=DAY, valid_until=DAY
    )
    assert stale() == 3  # every family programme, PKH too: its findings change though not its verdict
    assert verdict("SEMBAKO", family) == "NEEDS_REVIEW"
    recipients_services.confirm_flag(flag=flag, by=staff[0], now=timezone.now(), note="dua kali dicari")
    stale()
    assert verdict("SEMBAKO", family) == "INELIGIBLE"
    night(TOMORROW)

    assert verdict("SEMBAKO", family) == "ELIGIBLE"


def test_a_refuted_flag_counts_no_more(release, staff):
    family = make_family(release=release)
    flag = recipients_services.raise_flag(
        family=family, kind="ADDR_NOT_FOUND", source="kunjungan", observed_on=DAY
    )
    night(DAY)
    assert verdict("SEMBAKO", family) == "NEEDS_REVIEW"

    recipients_services.refute_flag(flag=flag, by=staff[0], now=timezone.now(), note="alamatnya ada")
    stale()

    assert verdict("SEMBAKO", family) == "ELIGIBLE"


def test_a_flag_on_one_member_touches_the_family_or_the_person_as_the_rule_says(release, staff):
    family = make_family(release=release)
    dead, other = (make_member(family, release=release).person for _at in range(2))
    flag = recipients_services.raise_flag(
        family=family, person=dead, kind="DECEASED", source="Dukcapil", observed_on=DAY
    )
    recipients_services.confirm_flag(flag=flag, by=staff[0], now=timezone.now(), note="akta kematian")
    night(DAY)

    assert verdict("PBI_JK", family, dead) == "INELIGIBLE"
    assert verdict("PBI_JK", family, other) == "ELIGIBLE"
    assert verdict("SEMBAKO", family) == "ELIGIBLE"


def test_a_flag_follows_its_person_into_the_family_they_stand_in_now(release):
    noted_with, lives_in = make_family(release=release), make_family(release=release)
    person = make_member(lives_in, release=release).person
    night(DAY)

    recipients_services.raise_flag(
        family=noted_with, person=person, kind="CIVIL_SERVANT", source="BKPSDM", observed_on=DAY
    )

    assert set(FactsChange.objects.values_list("family", flat=True)) == {noted_with.pk, lives_in.pk}
    stale()
    assert verdict("SEMBAKO", lives_in) == "NEEDS_REVIEW"
    assert verdict("SEMBAKO", noted_with) == "ELIGIBLE"


def test_joining_and_leaving_another_list_is_caught_at_once_and_a_later_start_by_night(release):
    family = make_family(release=release)
    person = make_member(family, release=release).person
    night(DAY)
    assert verdict("PBI_DAERAH", family, person) == "ELIGIBLE"

    enrolment = recipients_services.enrol(
        programme=Programme.objects.get(code="PBI_JK"), family=family, person=person,
        state=EnrolmentState.ENROLLED, since=TOMORROW, by=None, now=timezone.now(),
    )  # fmt: skip
    stale()
    assert verdict("PBI_DAERAH", family, person) == "ELIGIBLE"
    night(TOMORROW)
    assert verdict("PBI_DAERAH", family, person) == "INELIGIBLE"
    recipients_services.move_enrolment(
        enrolment=enrolment, to=EnrolmentState.EXITED, on=TOMORROW, by=None, now=timezone.now(),
        exit_reason=ExitReason.MOVED,
    )  # fmt: skip
    stale(TOMORROW)

    assert verdict("PBI_DAERAH", family, person) == "ELIGIBLE"


def test_a_hand_decision_outweighs_the_rule_until_its_last_day(release, staff):
    family = make_family(release=release, decile=9)
    night(DAY)
    assert verdict("PAKET_DAERAH", family) == "INELIGIBLE"

    by_hand(family, staff, ends=TOMORROW)
    stale()
    assert verdict("PAKET_DAERAH", family) == "ELIGIBLE"
    assert night(TOMORROW) == 0
    night(TOMORROW + timedelta(days=1))

    assert verdict("PAKET_DAERAH", family) == "INELIGIBLE"


def test_a_hand_decision_says_no_as_well_and_ends_when_it_is_ended(release, staff):
    family = make_family(release=release, decile=1)
    decision = by_hand(family, staff, verdict="INELIGIBLE", ends=DAY + timedelta(days=90))
    night(DAY)
    assert verdict("PAKET_DAERAH", family) == "INELIGIBLE"

    services.end_hand_decision(decision=decision, on=DAY, by=staff[1], today=DAY, note="sudah kembali")
    stale()

    assert verdict("PAKET_DAERAH", family) == "ELIGIBLE"


def test_a_hand_decision_about_a_person_leaves_the_others_alone(release, staff):
    family = make_family(release=release, decile=9)
    person, other = (make_member(family, release=release).person for _at in range(2))
    by_hand(family, staff, programme="PBI_DAERAH", person=person)
    night(DAY)

    assert verdict("PBI_DAERAH", family, person) == "ELIGIBLE"
    assert verdict("PBI_DAERAH", family, other) == "INELIGIBLE"
