"""The night run: pinned inputs, measured before it writes, held when too much would change, told in the morning."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from bansos.common import jobs
from bansos.common.models import Job, JobState, Message
from eligibility import services
from eligibility.models import (
    EligibilityDecision,
    PinnedFlag,
    ReverificationRun,
    RuleSet,
    RunState,
    Scope,
    ShardResult,
)
from eligibility.services import reporting, runs
from recipients.models import CurrentRelease, ExternalFlag, FactsChange, WelfareSnapshot
from recipients.roles import install_roles
from recipients.services import confirm_flag, raise_flag
from tests.eligibility.conftest import TODAY
from tests.factories.registry import WITA, make_family, make_member, make_release, make_village
from tests.factories.staff import make_user
from tests.processes import until, wake

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")
NOW = datetime(2026, 11, 23, 7, tzinfo=WITA)
REASON = "Aturan baru mulai berlaku, sudah dicek."


def queue(as_of=TODAY, **more):
    return services.queue_verify(scope=Scope.ALL, as_of=as_of, reason="malam", **more)


def work(run, kind=None, at_most=None):
    """Do the jobs of the run, also those that its measuring leads to; of one kind, or only so many."""
    while waiting := list(_waiting(run, kind)[:at_most]):
        jobs.drain(waiting)
        if at_most:
            break
    jobs.drain(Job.objects.filter(kind=services.FIND).values_list("pk", flat=True))
    run.refresh_from_db()
    return run


def _waiting(run, kind):
    found = runs._jobs_of(run).unfinished().order_by("key")
    return (found.filter(kind=kind) if kind else found).values_list("pk", flat=True)


def verdicts(programme="PKH"):
    return list(
        EligibilityDecision.objects.standing()
        .filter(programme__code=programme)
        .order_by("family", "person")
        .values_list("verdict", flat=True)
    )


@pytest.fixture
def release():
    return make_release()


@pytest.fixture
def district(release):
    """Two sub-districts, two families each, all within every limit."""
    families = []
    for subdistrict in ("Keruak", "Masbagik"):
        for _ in range(2):
            family = make_family(release=release, village=make_village(f"Desa {subdistrict}", subdistrict))
            make_member(
                family, release=release, born=date(2015, 3, 4), school_participation=2, school_level=3
            )
            families.append(family)
    work(queue())
    return families


def set_deciles(decile):
    WelfareSnapshot.objects.update(decile=decile)


@pytest.fixture
def strict(settings):
    """One change in a hundred holds the run."""
    settings.SPIKE_SHARE, settings.SPIKE_LEAST = 0.01, 1


@pytest.fixture
def head(db):
    install_roles()
    user = make_user("office_head")
    User.objects.filter(pk=user.pk).update(email="kepala@contoh.invalid")
    return user


@pytest.fixture
def held(district, strict, head):
    set_deciles(9)
    return work(queue())


def test_a_quiet_night_is_measured_and_done_without_a_second_look(district):
    run = work(queue())

    assert (run.state, run.written, run.shards_done) == (RunState.DONE, 0, 2)
    assert set(runs._jobs_of(run).values_list("kind", flat=True)) == {services.MEASURE_SHARD}


def test_only_sub_districts_where_something_changes_are_written(district):
    WelfareSnapshot.objects.filter(family=district[0]).update(decile=9)

    run = work(queue())

    decided = runs._jobs_of(run).filter(kind=services.DECIDE_SHARD).values_list("key", flat=True)
    assert list(decided) == [f"run={run.pk}:shard={district[0].village.parent.code}"]
    assert (run.state, run.written) == (RunState.DONE, 3)


def test_a_run_that_would_change_too_many_is_held_before_it_writes_and_says_how_many(held):
    assert held.state == RunState.HELD
    assert (held.written, set(verdicts())) == (0, {"ELIGIBLE"})
    assert {spike["programme"]: spike["changed"] for spike in held.spikes} == {
        "PKH": 4,
        "SEMBAKO": 4,
        "PBI_JK": 4,
    }
    assert Message.objects.get().template == services.RUN_ALARM


def test_fewer_changes_than_the_limit_hold_nothing(district, settings):
    settings.SPIKE_SHARE, settings.SPIKE_LEAST = 0.5, 1
    WelfareSnapshot.objects.filter(family=district[0]).update(decile=9)

    assert work(queue()).state == RunState.DONE


def test_the_guard_looks_at_each_programme_by_itself(district, settings):
    settings.SPIKE_SHARE, settings.SPIKE_LEAST = 0.3, 1
    for family in district[:2]:
        family.memberships.update(school_participation=3)  # no component any more: PKH alone

    assert [spike["programme"] for spike in work(queue()).spikes] == ["PKH"]


def test_a_person_lets_a_held_run_write(held, head):
    services.release_held_run(run=held, by=head, reason=REASON, now=NOW)
    work(held)

    assert (held.state, held.written, set(verdicts())) == (RunState.DONE, 12, {"INELIGIBLE"})
    assert (held.settled_by, held.settled_reason) == (head, REASON)


def test_a_stopped_run_never_writes_and_the_next_one_starts(held, head):
    waiting = queue(as_of=date(2026, 11, 24))
    before = waiting.state

    services.stop_held_run(run=held, by=head, reason=REASON, now=NOW)
    waiting.refresh_from_db()
    at_the_page = waiting.state
    services.settle_runs()  # every minute
    for job in runs._jobs_of(held):
        jobs.retry(job)
    waiting.refresh_from_db()

    held.refresh_from_db()
    assert (before, at_the_page, waiting.state) == (RunState.WAITING, RunState.WAITING, RunState.RUNNING)
    assert (held.state, set(verdicts())) == (RunState.STOPPED, {"ELIGIBLE"})


def test_of_two_people_at_once_the_second_is_told_so(held, head):
    services.release_held_run(run=held, by=head, reason=REASON, now=NOW)

    with pytest.raises(services.RunRefused, match="sudah tidak ditahan"):
        services.stop_held_run(run=held, by=head, reason=REASON, now=NOW)


def test_a_held_run_is_not_released_without_a_reason(held, head):
    with pytest.raises(services.RunRefused, match="alasan"):
        services.release_held_run(run=held, by=head, reason="  ok ", now=NOW)


def test_an_approved_import_is_not_held(district, strict):
    set_deciles(9)
    for family in district:
        FactsChange.objects.create(family=family, subdistrict=family.village.parent)

    run = work(services.queue_verify(scope=Scope.STALE, as_of=TODAY, reason="rilis", batch_id=7))

    assert (run.state, set(verdicts())) == (RunState.DONE, {"INELIGIBLE"})


def test_a_rule_that_comes_into_force_before_the_night_is_held_too(district, strict):
    pkh = RuleSet.objects.get(programme__code="PKH")
    RuleSet.objects.filter(pk=pkh.pk).update(effective_to=date(2026, 11, 30))
    conditions = [{**row, **({"limit": 1} if row["code"] == "DECILE" else {})} for row in pkh.conditions]
    pkh.pk, pkh.version, pkh.conditions = None, pkh.version + 1, conditions
    pkh.effective_from, pkh.effective_to = date(2026, 12, 1), None
    pkh.save(force_insert=True)

    run = work(services.queue_verify(scope=Scope.STALE, as_of=date(2026, 12, 1), reason="penanda"))

    assert run.state == RunState.HELD


def test_data_that_arrive_during_the_night_wait_for_the_run_after_it(district, release):
    set_deciles(9)  # so that there is something to write in both sub-districts
    run = work(work(queue(), services.MEASURE_SHARD), at_most=1)
    later = make_release("2026-Q2", date(2026, 4, 20))
    for row in list(WelfareSnapshot.objects.all()):
        WelfareSnapshot.objects.filter(pk=row.pk).update(until_release=later)
        row.pk, row.from_release, row.decile = None, later, 2
        row.save(force_insert=True)
        FactsChange.objects.create(family=row.family, subdistrict=row.village.parent)

    stale = services.queue_verify(scope=Scope.STALE, as_of=TODAY, reason="rilis 2026-Q2")
    work(run)
    night = verdicts("SEMBAKO")
    stale.refresh_from_db()
    work(stale)

    assert (run.release, CurrentRelease.get()) == (release, later)
    assert set(night) == {"INELIGIBLE"}
    assert set(verdicts("SEMBAKO")) == {"ELIGIBLE"}
    assert work(queue()).written == 0


@pytest.mark.parametrize("measured", [0, 1, 2])
@pytest.mark.parametrize("decided", [0, 1, 2])
def test_a_flag_confirmed_at_any_point_of_the_night_is_left_to_the_run_that_follows(
    district, head, no_nudges, measured, decided
):
    """Whether its shard was measured, decided, or neither: the night's result is that of its start. Though the message
    about the flag was lost, the next run holds it."""
    set_deciles(9)  # so that there is something to measure and write in both sub-districts
    run = queue()
    for kind, many in ((services.MEASURE_SHARD, measured), (services.DECIDE_SHARD, decided)):
        if many and (kind == services.MEASURE_SHARD or measured == 2):
            run = work(run, kind, at_most=many)
    for family in district[::2]:  # one in each sub-district
        flag_address(family, head)

    work(run)
    night, marked = refused_for_their_address(), set(FactsChange.objects.values_list("family", flat=True))
    services.keep_runs_going(now=NOW.replace(hour=0))
    work(ReverificationRun.objects.latest("pk"))

    assert (night, marked) == (set(), {family.pk for family in district[::2]})
    assert refused_for_their_address() == set(district[::2])
    assert not FactsChange.objects.exists()
    assert work(queue()).written == 0


def refused_for_their_address():
    refused = EligibilityDecision.objects.standing().filter(
        programme__code="SEMBAKO",
        grounds__findings__contains=[{"code": "FLAG_PRESENCE", "verdict": "INELIGIBLE"}],
    )
    return {one.family for one in refused.select_related("family")}


def flag_address(family, head):
    flag = raise_flag(family=family, kind="ADDR_NOT_FOUND", source="kunjungan", observed_on=TODAY)
    confirm_flag(flag=flag, by=head, now=NOW, note="dua kali dicari")
    return flag


def test_a_flag_refuted_during_the_night_holds_until_the_run_that_follows(district, head, no_nudges):
    set_deciles(9)
    flag = flag_address(district[0], head)
    run = work(queue(), services.MEASURE_SHARD)
    ExternalFlag.objects.filter(pk=flag.pk).update(status="REFUTED")

    work(run)

    assert refused_for_their_address() == {district[0]}


def test_a_held_run_writes_what_was_measured_though_flags_moved_meanwhile(district, strict, head, no_nudges):
    for family in district[:2]:
        flag_address(family, head)
    held = work(queue())
    for family in district[2:]:
        flag_address(family, head)

    services.release_held_run(run=held, by=head, reason=REASON, now=NOW)
    work(held)

    assert refused_for_their_address() == set(district[:2])


@pytest.mark.parametrize("end", ["done", "stopped", "failed"])
def test_the_flags_of_a_run_go_with_its_end(district, strict, head, no_nudges, end):
    for family in district[:2]:
        flag_address(family, head)
    run = queue()
    copied = PinnedFlag.objects.count()
    if end == "failed":
        runs._jobs_of(run).update(state=JobState.DEAD)
        services.settle_runs()
    elif end == "stopped":
        services.stop_held_run(run=work(run), by=head, reason=REASON, now=NOW)
        services.settle_runs()
    else:
        services.release_held_run(run=work(run), by=head, reason=REASON, now=NOW)
        work(run)

    run.refresh_from_db()
    assert (copied, run.state, PinnedFlag.objects.count()) == (2, end.upper(), 0)


def test_a_shard_of_a_run_that_ended_does_nothing(district, head, no_nudges):
    """Its copy of the flags is gone: decided without it, everybody's flags would be off."""
    flag_address(district[0], head)
    work(queue())
    before = services.standing_digest()
    run = ReverificationRun.objects.latest("pk")

    for subdistrict in run.results.values_list("subdistrict", flat=True):
        services.decide_shard(run_id=run.pk, subdistrict_id=subdistrict)

    assert services.standing_digest() == before


def test_a_rule_loaded_during_the_night_is_not_used_by_it(district):
    set_deciles(9)
    run = work(queue(), services.MEASURE_SHARD)
    pinned = list(run.rule_sets)
    RuleSet.objects.filter(programme__code="PKH").update(effective_to=date(2026, 11, 1))

    work(run)

    used = EligibilityDecision.objects.standing().values_list("rule_set", flat=True)
    assert set(used) <= set(pinned)
    assert set(verdicts()) == {"INELIGIBLE"}


def test_a_birthday_is_found_with_no_mark_and_no_message(release):
    family = make_family(release=release, decile=2)
    make_member(
        family, release=release, born=date(2019, 11, 24), school_participation=1, has_disability=False
    )
    work(queue(as_of=date(2026, 11, 23)))
    before = verdicts()

    run = work(queue(as_of=date(2026, 11, 24)))

    assert (before, verdicts()) == (["ELIGIBLE"], ["INELIGIBLE"])
    assert not FactsChange.objects.exists()
    assert {move for moves in reporting.moves_of(run) for move in moves.by_move} == {
        ("ELIGIBLE", "INELIGIBLE")
    }


def test_the_counts_of_the_report_are_those_of_the_decisions(district):
    WelfareSnapshot.objects.filter(family__in=district[:3]).update(decile=9)

    run = work(queue())

    pkh = next(moves for moves in reporting.moves_of(run) if moves.programme.code == "PKH")
    fresh = EligibilityDecision.objects.standing().filter(programme__code="PKH", verdict="INELIGIBLE")
    assert (pkh.subjects, pkh.lost, pkh.gained, pkh.new) == (4, 3, 0, 0)
    assert fresh.count() == pkh.lost
    assert sum(row[4] for row in reporting.csv_rows(run) if row[1] == "PKH") == 3


def test_every_reader_gets_one_morning_report_with_counts_and_no_name(district, head):
    run = work(queue(key="nightly:2026-11-23"))
    for job in runs._jobs_of(run):
        jobs.run(job.pk)  # a message that comes again

    message = Message.objects.get(template=services.MORNING_REPORT)
    text = services.morning_report_text(run)
    assert message.user == head
    assert "Keputusan baru: 0" in text.body
    assert "AMAQ" not in text.body
    assert "INAQ" not in text.body


def test_the_page_of_a_held_run_offers_both_ways_to_the_head_alone(client, held, head):
    address = reverse("admin:eligibility_reverificationrun_change", args=[held.pk])
    auditor = User.objects.create(username="auditor", is_staff=True)
    auditor.groups.add(Group.objects.get(name="auditor"))

    client.force_login(head)
    mine = client.get(address).content.decode()
    client.force_login(auditor)
    others = client.get(address).content.decode()

    assert "Lanjutkan dan tulis keputusan" in mine
    assert "Program Keluarga Harapan (PKH): 4 dari 4 keputusan akan berubah (100,0%)" in mine
    assert "Lanjutkan dan tulis keputusan" not in others


def test_a_held_run_stands_on_top_of_the_home_page_of_who_may_settle_it(client, held, head):
    client.force_login(head)

    home = client.get(reverse("admin:index")).content.decode()

    assert "<b>1</b> pemeriksaan ditahan, menunggu Anda" in home

    client.force_login(head)
    client.post(reverse("admin:eligibility_reverificationrun_release", args=[held.pk]), {"reason": REASON})
    held.refresh_from_db()
    assert held.state == RunState.RUNNING


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_lost_doubled_and_late_messages_count_every_sub_district_once(settings, live_worker):
    services.load_rule_sets()
    release = make_release()
    for name in ("Keruak", "Masbagik", "Selong", "Terara"):
        for _ in range(3):
            family = make_family(release=release, village=make_village(f"Desa {name}", name))
            make_member(family, release=release)

    def night(key):
        run = queue(key=key)
        for _ in range(3):
            wake(*Job.objects.values_list("pk", flat=True))
            live_worker.broker.flushdb()
        wake(*Job.objects.values_list("pk", flat=True), 987654)
        until(lambda: ReverificationRun.objects.get(pk=run.pk).state == RunState.DONE, "the night")
        run.refresh_from_db()
        return run

    first, second = night("nightly:1"), night("nightly:2")

    assert (first.shards_done, first.subjects, first.written) == (4, 24, 36)
    assert (second.shards_done, second.proven, second.subjects, second.written) == (4, 24, 0, 0)
    assert ShardResult.objects.filter(run=second).count() == 4
