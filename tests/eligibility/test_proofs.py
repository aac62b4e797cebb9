"""A night compares only where something was written since everyone was compared, and whom the calendar may change."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job
from eligibility import services
from eligibility.engine import proof
from eligibility.engine.aging import ages_asked, days_that_come_round, of_ages
from eligibility.engine.facts import facts_query
from eligibility.engine.finding_kinds import KINDS, OF_THE_REGISTRY
from eligibility.models import (
    DecidedShard,
    EligibilityDecision,
    Finding,
    Grounds,
    ReverificationRun,
    RuleSet,
    RunState,
    Scope,
    ShardProof,
    ShardResult,
)
from eligibility.rules.facts import MEMBER_TESTS, NAMES, Fact, Member, completed_years
from eligibility.services.inputs import rules_in_force
from eligibility.services.loading import FOLDER
from recipients import services as recipients_services
from recipients.enums import EnrolmentState
from recipients.models import Enrolment, ExternalFlag, FactCorrection, FamilyMembership, Programme
from tests.eligibility.nights import check, night
from tests.eligibility.test_grounds import tamper
from tests.eligibility.test_time_alone import by_hand
from tests.factories.registry import make_family, make_member, make_release, make_village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("facts_by_hand", "no_nudges")]
DAY = date(2026, 6, 15)
FIRST = DAY + timedelta(days=2)  # whatever begins or ends on DAY is over
TOMORROW = FIRST + timedelta(days=1)
EVERYONE = 6  # two families of two persons


@pytest.fixture
def staff():
    return [User.objects.create(username=name) for name in ("satu", "dua")]


@pytest.fixture
def families(staff):
    """In each of two sub-districts a family of two, one with something of everything beside the registry."""
    services.load_rule_sets()
    services.load_rule_sets(FOLDER / "lokal")
    release = make_release()
    found = []
    for subdistrict in ("Keruak", "Masbagik"):
        family = make_family(release=release, village=make_village(f"Desa {subdistrict}", subdistrict))
        for born in (date(1980, 3, 4), date(2015, 3, 4)):
            make_member(family, release=release, born=born)
        found.append(family)
    person = found[0].memberships.first().person
    recipients_services.raise_flag(
        family=found[0],
        person=person,
        kind="CIVIL_SERVANT",
        source="BKPSDM",
        observed_on=DAY - timedelta(days=9),
    )
    recipients_services.enrol(
        programme=Programme.objects.get(code="PKH"), family=found[0], state=EnrolmentState.ENROLLED,
        since=date(2025, 1, 9), by=None, now=timezone.now(),
    )  # fmt: skip
    by_hand(found[0], staff, ends=DAY + timedelta(days=60))
    change = recipients_services.Change("birth_date", "1979-03-04", person=person.pk)
    recipients_services.correct_fact(
        family=found[0], changes=[change], because="salah baca", by=staff[0], approved_by=staff[1],
        now=timezone.now().replace(year=2026, month=6, day=1),
    )  # fmt: skip
    night(FIRST)
    return found


def test_a_quiet_night_looks_at_nobody(families):
    quiet = night(TOMORROW)

    assert (quiet.proven, quiet.subjects, quiet.written) == (EVERYONE, 0, 0)
    assert set(ShardProof.objects.values_list("compared_on", "proven_on")) == {(FIRST, TOMORROW)}


def test_a_run_asked_for_by_hand_compares_everyone(families):
    run = services.verify(scope=Scope.ALL, as_of=FIRST, reason="auditor")

    assert (run.proven, run.subjects) == (0, EVERYONE)


TAMPERED = [
    ("eligibility_eligibilitydecision", "verdict = 'NEEDS_REVIEW'", EligibilityDecision.objects.standing),
    ("eligibility_eligibilitydecision", "superseded_at = now()", EligibilityDecision.objects.standing),
    ("eligibility_grounds", "verdict = 'NEEDS_REVIEW'", Grounds.objects.order_by("pk").all),
    ("recipients_familymembership", "birth_date = '1950-01-01'", FamilyMembership.objects.all),
    ("recipients_familymembership", "relation = 8", FamilyMembership.objects.all),
    ("recipients_externalflag", "kind = 'DECEASED'", ExternalFlag.objects.all),
    ("recipients_enrolment", "since = '2019-01-01'", Enrolment.objects.all),
    ("eligibility_handdecision", "verdict = 'INELIGIBLE'", None),
    ("recipients_factcorrection", "day = '1940-01-01'", FactCorrection.objects.all),
    ("recipients_welfaresnapshot", "decile = 9", None),
    ("recipients_person", "first_release_id = NULL", None),
    ("recipients_family", "first_release_id = NULL", None),
]


@pytest.mark.parametrize(("table", "change", "rows"), TAMPERED, ids=[f"{t} {c}" for t, c, _rows in TAMPERED])
def test_whatever_is_written_behind_the_portals_back_has_its_sub_district_compared_the_next_night(
    families, table, change, rows
):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(id) FROM {table}")
        first = rows().first().pk if rows else cursor.fetchone()[0]
    tamper(table, change, first)

    found = night(TOMORROW)

    everywhere = table in proof.OF_THE_DISTRICT
    assert found.proven <= (0 if everywhere else EVERYONE // 2)
    check(TOMORROW)


@pytest.mark.parametrize("is_measured", [False, True])
def test_what_arrives_after_the_night_looked_is_found_by_the_next(families, is_measured):
    """Killed in between or not: a proof speaks of the rows that were there before anything was compared."""
    tamper("recipients_welfaresnapshot", "decile = 9", families[0].snapshots.get().pk)
    run = services.queue_nightly(day=TOMORROW, reason="malam")
    waiting = (
        Job.objects.filter(key__startswith=f"run={run.pk}:").order_by("key").values_list("pk", flat=True)
    )
    if is_measured:
        jobs.run(waiting[0])
    tamper("recipients_welfaresnapshot", "decile = 1", families[0].snapshots.get().pk)
    while left := list(waiting.filter(state="READY")):
        jobs.drain(left)
    run.refresh_from_db()

    after = night(TOMORROW + timedelta(days=1))

    assert (run.state, after.proven) == (RunState.DONE, 0)
    check(TOMORROW + timedelta(days=1))


def test_another_rule_and_corrected_code_have_everyone_compared(families, monkeypatch):
    monkeypatch.setattr(proof, "CODE", "corrected")
    assert (night(TOMORROW).proven, night(TOMORROW).proven) == (0, EVERYONE)

    old = RuleSet.objects.get(programme__code="PAKET_DAERAH")
    RuleSet.objects.filter(pk=old.pk).update(effective_to=TOMORROW)
    assert night(TOMORROW + timedelta(days=1)).proven == 0


def test_what_other_code_decided_than_took_the_digest_is_no_proof(families, monkeypatch):
    """A worker of the version before goes on while a new one is installed."""
    tamper("recipients_welfaresnapshot", "decile = 9", families[0].snapshots.get().pk)
    run = services.queue_nightly(day=TOMORROW, reason="malam")

    monkeypatch.setattr(proof, "CODE", "of the version before")
    jobs.work_until(lambda: not Job.objects.unfinished().exists())

    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert set(ShardProof.objects.values_list("proven_on", flat=True)) == {FIRST}


def test_a_column_that_is_renamed_or_added_has_everyone_compared(families):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE recipients_programme ADD COLUMN more text DEFAULT 'x'")

    assert night(TOMORROW).proven == 0


def test_a_proof_that_goes_during_the_night_stops_nothing(families):
    run = services.queue_nightly(day=TOMORROW, reason="malam")
    ShardProof.objects.all().delete()

    jobs.work_until(lambda: not Job.objects.unfinished().exists())

    run.refresh_from_db()
    assert (run.state, run.proven) == (RunState.DONE, EVERYONE)
    check(TOMORROW)


def test_a_held_night_does_not_say_that_what_it_only_measured_stands_decided(families, settings):
    settings.SPIKE_SHARE, settings.SPIKE_LEAST, settings.COMPARE_EVERY_DAYS = 0, 1, 365
    DecidedShard.objects.all().delete()  # as a run that looks back at an older release leaves it

    run = services.queue_nightly(day=DAY + timedelta(days=61), reason="malam")  # a decision by hand has ended
    jobs.work_until(lambda: not Job.objects.unfinished().exists())

    run.refresh_from_db()
    assert run.state == RunState.HELD
    assert {row.subdistrict for row in DecidedShard.objects.all()} == {families[1].village.parent}


def test_everyone_is_compared_again_after_a_week_however_quiet_the_nights(families):
    nights = [night(FIRST + timedelta(days=n)).proven for n in range(1, 10)]

    assert nights == [EVERYONE] * 6 + [0] + [EVERYONE] * 2


def test_a_flag_moves_its_own_sub_district_and_that_of_its_person(families):
    release = families[0].snapshots.get().from_release
    elsewhere = make_family(release=release, village=make_village("Desa Selong", "Selong"))
    night(TOMORROW)
    before = proof.digests(rules="")

    recipients_services.raise_flag(
        family=elsewhere, person=families[1].memberships.first().person, kind="DECEASED", source="Dukcapil",
        observed_on=DAY,
    )  # fmt: skip

    after = proof.digests(rules="")
    moved = {pk for pk in after if after[pk] != before[pk]}
    assert moved == {elsewhere.village.parent_id, families[1].village.parent_id}


@pytest.mark.parametrize("year", [2027, 2028])
def test_nights_around_a_29_february_miss_no_birthday(year):
    services.load_rule_sets()
    services.load_rule_sets(FOLDER / "lokal")
    release = make_release()
    for born in (
        (2020, 2, 28),
        (2020, 2, 29),
        (2020, 3, 1),
        (2021, 2, 28),
        (2021, 3, 1),
        (1968, 2, 29),
        (1968, 3, 1),
    ):
        family = make_family(release=release, village=make_village("Kesik", "Masbagik"), decile=2)
        make_member(family, release=release, born=date(*born), school_participation=1, has_disability=False)
    make_member(make_family(release=release, village=make_village("Kesik", "Masbagik")), release=release)
    night(date(year, 2, 26))
    written = 0
    assert ages_asked(rules_in_force(date(year, 2, 26))) >= {0, 6, 7, 60}

    for n in range(1, 6):
        day = date(year, 2, 26) + timedelta(days=n)
        found = night(day)
        assert found.proven > 0
        written += found.written
        check(day)

    assert written > 0


@pytest.mark.parametrize(
    ("years", "before", "after"), [(15, "INELIGIBLE", "ELIGIBLE"), (65, "ELIGIBLE", "INELIGIBLE")]
)
def test_a_proven_night_sees_who_comes_to_the_first_age_and_who_leaves_the_last(years, before, after):
    services.load_rule_sets(FOLDER / "lokal")
    asked = {
        "code": "AGE_GROUP",
        "kind": "any_member",
        "fact": "members_aged_between",
        "age": 15,
        "age_to": 64,
    }
    old = RuleSet.objects.get(programme__code="PAKET_DAERAH")
    RuleSet.objects.filter(pk=old.pk).update(effective_to=FIRST - timedelta(days=1))
    RuleSet.objects.create(
        programme=old.programme, version=2, effective_from=FIRST, legal_basis="uji", conditions=[asked]
    )
    release, village = make_release(), make_village("Kesik", "Masbagik")
    changing, other = (make_family(release=release, village=village) for _at in range(2))
    make_member(changing, release=release, born=TOMORROW.replace(year=TOMORROW.year - years))
    make_member(other, release=release, born=date(1980, 3, 4))

    def verdict():
        rows = EligibilityDecision.objects.standing().filter(programme__code="PAKET_DAERAH")
        return rows.get(family=changing).verdict

    night(FIRST)
    assert verdict() == before
    found = night(TOMORROW)

    assert (found.proven, found.written) == (2, 1)
    assert verdict() == after
    check(TOMORROW)


def test_days_as_old_as_a_list_may_hold_come_round():
    assert date(1890, 6, 18) in days_that_come_round(FIRST, TOMORROW)


@pytest.mark.parametrize("asked", [{0, 6, 7, 8}, None])
def test_the_dates_of_birth_looked_up_are_all_of_whom_a_fact_may_change(asked):
    births = [date(year, 2, 24) + timedelta(days=n) for year in range(2014, 2030) for n in range(12)]
    days = [date(year, 2, 25) + timedelta(days=n) for year in range(2025, 2030) for n in range(10)]
    ages = range(16) if asked is None else [6, 7]
    facts = [Fact(name, age=age) for name in ("members_aged_up_to", "members_aged_from") for age in ages]
    facts += [
        Fact("members_aged_between", age=low, age_to=high) for low in ages for high in ages if low <= high
    ]
    facts += [
        Fact(name, codes=(1,))
        for name, told in NAMES.items()
        if name in MEMBER_TESTS and "age" not in told.takes
    ]

    def told(born, day):
        known = [MEMBER_TESTS[fact.name](fact, Member(birth_date=born), day) for fact in facts]
        return [*known, completed_years(born, day)] if asked is None else known

    for day in days:
        until = day + timedelta(days=1)
        looked_up = set(of_ages(days_that_come_round(day, until), asked, day, until))
        for born in births:
            assert born in looked_up or told(born, day) == told(born, until)


def test_no_table_is_read_that_no_digest_covers(families):
    """By name: a digest of row versions covers whatever columns a table has."""
    with CaptureQueriesContext(connection) as captured:
        services.verify(scope=Scope.ALL, as_of=DAY, reason="auditor")
    lists = ("pg_temp.facts", "pg_temp.differing", "pg_temp.todo")
    read = [query["sql"] for query in captured if any(name in query["sql"] for name in lists)]
    for unit in ("FAMILY", "PERSON"):
        vocabulary = [
            Fact(name, age=7, age_to=12, codes=(1,), kinds=("DECEASED",), programmes=("PKH",))
            for name, told in NAMES.items() if unit in told.units
        ]  # fmt: skip
        read.append(facts_query(unit, vocabulary, as_of=DAY, release_id=1).text)

    tables = set(re.findall(r"\b(?:recipients|eligibility|objections|common|auth)_[a-z]+", " ".join(read)))

    covered = {*proof.OF_THE_DISTRICT, *proof.OF_A_PERSON, proof.CORRECTIONS, proof.DECISIONS, proof.GROUNDS}
    covered.add("eligibility_pinnedflag")  # the run's own copy, made after the digests
    assert "recipients_externalflag" in tables
    assert tables <= covered


def test_the_night_says_what_it_compared_and_since_when_the_rest_is_proven(families):
    tamper("recipients_externalflag", "kind = 'DECEASED'", ExternalFlag.objects.get().pk)
    run = services.queue_nightly(day=TOMORROW, reason="malam")
    jobs.work_until(lambda: not Job.objects.unfinished().exists())
    run.refresh_from_db()

    rows = ShardResult.objects.filter(run=run, subdistrict=families[1].village.parent)
    text = services.morning_report_text(run).body
    assert (run.subjects, run.proven) == (EVERYONE // 2, EVERYONE // 2)
    assert rows.get().proven_since == FIRST
    assert "3 keluarga dan orang dibandingkan satu per satu, 3 terbukti tidak berubah" in text
    assert "17 Juni 2026" in text


def test_worklists_of_the_registry_alone_are_kept_until_it_or_they_are_written_to(families):
    def since(day):
        """Since when each kept worklist is as it is, after the night of this day."""
        run_id = night(day).run_id
        services.find_now(run_id=run_id)
        told = ReverificationRun.objects.get(pk=run_id).findings
        return {kind: told[kind].get("since") for kind in OF_THE_REGISTRY}

    days = [FIRST + timedelta(days=n) for n in range(1, 6)]
    FamilyMembership.objects.filter(family=families[0]).update(relation=3)  # nobody is the head any more

    assert since(days[0])["ORPHAN_MEMBERS"] is None  # found, and so written
    assert set(since(days[1]).values()) == {str(days[0]), str(days[1])}
    assert set(since(days[2]).values()) == {str(days[0]), str(days[1])}
    tamper("eligibility_finding", "state = 'RESOLVED'", Finding.objects.get(kind="ORPHAN_MEMBERS").pk)
    assert since(days[3])["ORPHAN_MEMBERS"] is None
    assert Finding.objects.get(kind="ORPHAN_MEMBERS", state="OPEN")


def test_kept_worklists_ask_for_nothing_but_the_registry():
    for kind in OF_THE_REGISTRY:
        read = KINDS[kind].sql
        tables = set(re.findall(r"\b(?:recipients|eligibility|objections|common|auth)_[a-z]+", read))
        assert tables <= {*proof.OF_THE_DISTRICT, proof.DELIVERIES}
        assert set(re.findall(r"%\((\w+)\)s", read)) == {"release"}
