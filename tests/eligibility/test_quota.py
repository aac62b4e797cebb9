"""Quota and order: total, the same whatever order rows come in, never by name; places are given by two people."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from bansos.common import jobs
from bansos.common.models import Job
from eligibility import services
from eligibility.engine import ranking
from eligibility.models import Finding, RuleSet, Scope
from eligibility.services import finding as steps
from recipients.enums import EnrolmentState
from recipients.models import Enrolment, Programme, Quota, Region
from recipients.roles import install_roles
from tests.eligibility.conftest import TODAY
from tests.factories.decisions import make_decision
from tests.factories.registry import WITA, make_family, make_member, make_release, make_village
from tests.factories.staff import make_user

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")
NOW = datetime(2026, 11, 24, 9, tzinfo=WITA)
NOTE = "Sesuai urutan daftar tunggu."
SINCE = date(2026, 1, 1)


@pytest.fixture
def release():
    return make_release()


@pytest.fixture
def programme():
    Programme.objects.filter(code="SEMBAKO").update(is_local=True)
    return Programme.objects.get(code="SEMBAKO")


@pytest.fixture
def quota(programme):
    return make_quota(programme, make_village(), 2)


def make_quota(programme, region, amount, period="2026-Q4"):
    return Quota.objects.create(programme=programme, region=region, period=period, amount=amount)


def waits(
    programme, release, *, decile=3, since=SINCE, state=EnrolmentState.WAITLISTED, verdict="ELIGIBLE", **more
):
    """One who waits: the row, its family and the decision that the rule is met."""
    family = make_family(release=release, decile=decile, **more)
    rules = RuleSet.objects.filter(programme=programme).latest("effective_from")
    make_decision(
        programme=programme, family=family, subdistrict=family.village.parent, verdict=verdict,
        rule_set=rules, release=release, as_of=TODAY,
    )  # fmt: skip
    return Enrolment.objects.create(programme=programme, family=family, state=state, since=since)


def order(quota, release):
    rungs = ranking.ladder(quota_id=quota.pk, as_of=TODAY, release_id=release.pk, most=1000)
    return [rung.enrolment_id for rung in rungs]


def night(day=TODAY):
    services.queue_verify(scope=Scope.ALL, as_of=day, reason="malam")
    while waiting := list(Job.objects.unfinished().values_list("pk", flat=True)):
        jobs.drain(waiting)


def test_the_lowest_decile_comes_first_then_the_vulnerable_then_who_waits_longest(quota, programme, release):
    late = waits(programme, release, decile=2, since=date(2026, 6, 1))
    early = waits(programme, release, decile=2, since=date(2025, 6, 1))
    frail = waits(programme, release, decile=2, since=date(2026, 9, 1))
    make_member(frail.family, release=release, has_disability=True)
    poorest = waits(programme, release, decile=1, since=date(2026, 10, 1))
    unranked = waits(programme, release, decile=None)

    found = order(quota, release)

    assert found == [row.pk for row in (poorest, frail, early, late, unranked)]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_is_total_and_the_same_whatever_order_rows_come_in(seed, quota, programme, release):
    chance = random.Random(seed)
    facts = [(chance.choice([1, 2, 2, 3]), date(2026, 1, chance.choice([1, 2]))) for _ in range(12)]
    rows = [waits(programme, release, decile=decile, since=since) for decile, since in facts]
    before = order(quota, release)

    shuffled = rows[:]
    chance.shuffle(shuffled)
    for row in shuffled:  # rewritten, the rows lie in another order in the table
        Enrolment.objects.filter(pk=row.pk).update(updated_at=NOW)

    assert order(quota, release) == before
    assert sorted(before) == sorted(row.pk for row in rows)


def test_the_last_tie_is_a_draw_of_this_quota_and_not_the_name_or_the_age_of_a_row(quota, programme, release):
    rows = [waits(programme, release, head_name=f"AMAQ {letter}") for letter in "ABCDEFGH"]
    orders = set()
    for key in range(12):
        Quota.objects.filter(pk=quota.pk).update(draw_key=str(key))
        orders.add(tuple(order(quota, release)))

    assert len(orders) > 6
    assert tuple(row.pk for row in rows) not in orders


def test_who_waits_and_no_longer_meets_the_rule_has_no_place(quota, programme, release):
    stays = waits(programme, release)
    waits(programme, release, decile=1, verdict="INELIGIBLE")

    assert order(quota, release) == [stays.pk]


def test_after_the_last_day_of_the_rule_nobody_is_offered_a_place_and_the_finding_closes(
    quota, programme, release
):
    row = waits(programme, release)
    RuleSet.objects.filter(programme=programme, effective_to=None).update(effective_to=TODAY)
    found = Finding.objects.filter(kind="PLACE_FREE")

    night()
    on_the_last_day = order(quota, release), found.get().state
    night(TODAY + timedelta(days=1))

    assert on_the_last_day == ([row.pk], "OPEN")
    assert (order(quota, release), found.get().state) == ([], "RESOLVED")
    row.refresh_from_db()
    assert row.state == EnrolmentState.WAITLISTED


def test_the_nearest_quota_of_the_newest_period_counts(quota, programme, release):
    district = Region.objects.get(code="52.03")
    wide = make_quota(programme, district, 5)
    make_quota(programme, make_village(), 99, period="2026-Q1")
    make_quota(programme, make_village(), 99, period="2027-Q1")
    here = waits(programme, release)
    elsewhere = waits(programme, release, village=make_village("Pijot", "Keruak"))
    waits(programme, release, state=EnrolmentState.ACTIVE)

    use = {row.quota_id: (row.amount, row.used, row.waiting) for row in ranking.quota_use(as_of=TODAY)}

    assert (order(quota, release), order(wide, release)) == ([here.pk], [elsewhere.pk])
    assert use == {quota.pk: (2, 1, 1), wide.pk: (5, 0, 1)}


def test_the_place_of_one_who_waits_is_known_with_how_many_wait(quota, programme, release):
    rows = [waits(programme, release, decile=decile) for decile in (3, 1, 2)]

    place = ranking.place_of(enrolment_id=rows[0].pk, as_of=TODAY, release_id=release.pk)

    assert place == (3, 3)


def test_a_family_is_told_its_place_in_tens(quota, programme, release):
    rows = [waits(programme, release, decile=2, since=date(2026, 1, day)) for day in range(1, 13)]

    told = [services.standings_of(family_id=row.family_id, as_of=TODAY)[0].band for row in rows]

    assert told == [(1, 10, 12)] * 10 + [(11, 12, 12)] * 2
    assert services.programmes_with_a_list() == {programme.pk}


def test_who_receives_or_has_no_quota_is_told_no_place(programme, release):
    receives = waits(programme, release, state=EnrolmentState.ACTIVE)
    unquoted = waits(programme, release)

    for row in (receives, unquoted):
        (standing,) = services.standings_of(family_id=row.family_id, as_of=TODAY)
        assert (standing.state, standing.band) == (row.state, None)


@pytest.fixture
def office(db):
    install_roles()
    return make_user("office_verifier"), make_user("office_head")


def test_free_places_go_to_the_first_in_line_by_two_people(quota, programme, release, office):
    verifier, head = office
    rows = [waits(programme, release, decile=decile) for decile in (3, 1, 2)]

    night()
    found = Finding.objects.filter(kind="PLACE_FREE")
    steps.propose(findings=found, note=NOTE, by=verifier, now=NOW)
    done = steps.confirm(findings=found, by=head, now=NOW)
    night()

    states = [Enrolment.objects.get(pk=row.pk).state for row in rows]
    assert done == 2
    assert states == ["WAITLISTED", "ENROLLED", "ENROLLED"]
    assert found.waiting().count() == 0
    assert {row.evidence["place"] for row in found} == {1, 2}


def test_a_place_that_is_gone_by_the_time_of_the_second_word_is_not_given_twice(
    quota, programme, release, office
):
    verifier, head = office
    rows = [waits(programme, release, decile=decile) for decile in (1, 2)]
    night()
    found = Finding.objects.filter(kind="PLACE_FREE")
    steps.propose(findings=found, note=NOTE, by=verifier, now=NOW)

    waits(programme, release, state=EnrolmentState.ACTIVE)  # by a list, meanwhile
    done = steps.confirm(findings=found, by=head, now=NOW)

    assert done == 1
    assert [Enrolment.objects.get(pk=row.pk).state for row in rows] == ["ENROLLED", "WAITLISTED"]


def test_places_of_the_centre_are_only_shown(quota, programme, release):
    Programme.objects.filter(pk=programme.pk).update(is_local=False)
    row = waits(programme, release)

    night()

    assert not Finding.objects.filter(kind="PLACE_FREE").exists()
    assert order(quota, release) == [row.pk]


def test_the_page_shows_the_order_and_the_cut(client, quota, programme, release, office):
    for decile in (3, 1, 2):
        waits(programme, release, decile=decile, head_name=f"AMAQ {decile}")
    client.force_login(office[0])

    ladder = client.get(reverse("admin:recipients_quota_ladder", args=[quota.pk])).content.decode()
    listed = client.get(reverse("admin:recipients_quota_changelist")).content.decode()

    assert ladder.index("AMAQ 2") < ladder.index("Batas kuota") < ladder.index("AMAQ 3")
    assert "lihat urutan" in listed


def test_somebody_of_another_village_sees_places_but_no_names(client, programme, release, office):
    wide = make_quota(
        programme, Region.objects.filter(code="52.03").first() or make_village().parent.parent, 1
    )
    waits(programme, release, head_name="AMAQ LUAR", village=make_village("Pijot", "Keruak"))
    client.force_login(make_user("village_operator", area=make_village()))

    page = client.get(reverse("admin:recipients_quota_ladder", args=[wide.pk])).content.decode()

    assert "AMAQ LUAR" not in page
    assert "di luar wilayah Anda" in page
