"""Runs: one at a time per scope, nothing left out, nothing half done, whatever comes in between."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job, JobState
from eligibility import services
from eligibility.models import DecidedShard, EligibilityDecision, ReverificationRun, RuleSet, RunState, Scope
from eligibility.services import runs, shards
from eligibility.services.keeping import keep_runs_going
from eligibility.tasks import reverify_all
from recipients.enums import BatchState
from recipients.models import CurrentRelease, FactsChange, ImportBatch, RegistryRelease, WelfareSnapshot
from recipients.signals import facts_changed
from tests.eligibility.conftest import TODAY
from tests.eligibility.test_grounds import NO_SUCH_RULE, tamper
from tests.factories.registry import WITA, make_family, make_member, make_release, make_village

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")


def verify(scope=Scope.ALL, as_of=TODAY, **more):
    return services.verify(scope=scope, as_of=as_of, reason="uji", **more)


def queue(scope=Scope.STALE, **more):
    return services.queue_verify(scope=scope, as_of=TODAY, reason="uji", **more)


def work(run):
    """Do the jobs of the run, also those that its measuring leads to."""
    while waiting := list(runs._jobs_of(run).unfinished().values_list("pk", flat=True)):
        jobs.drain(waiting)
    run.refresh_from_db()
    return run


def mark(family):
    FactsChange.objects.create(family=family, subdistrict=family.village.parent)


def change_decile(family, decile):
    WelfareSnapshot.objects.filter(family=family).update(decile=decile)
    mark(family)


def verdicts(family):
    rows = EligibilityDecision.objects.standing().filter(family=family, person=None)
    return dict(rows.values_list("programme__code", "verdict"))


@pytest.fixture
def release():
    return make_release()


@pytest.fixture
def family(release):
    family = make_family(release=release, decile=3)
    make_member(family, release=release, born=date(2015, 3, 4), school_participation=2, school_level=3)
    return family


def test_everyone_is_decided_under_every_rule_in_force(family):
    done = verify()

    assert (done.subjects, done.decided, done.written) == (2, 3, 3)
    assert verdicts(family) == {"PKH": "ELIGIBLE", "SEMBAKO": "ELIGIBLE"}


def test_a_second_run_over_the_same_facts_writes_nothing(family):
    verify()

    assert verify().written == 0


def test_sembako_takes_decile_5_until_the_end_of_2025_and_not_after(family):
    early = make_release("2025-Q4", date(2025, 10, 20), publish=False)
    WelfareSnapshot.objects.update(decile=5, from_release=early)
    CurrentRelease.objects.update(release=early)

    verify(as_of=date(2025, 12, 31))
    before = verdicts(family)["SEMBAKO"]
    verify(as_of=date(2026, 1, 1))

    assert (before, verdicts(family)["SEMBAKO"]) == ("ELIGIBLE", "INELIGIBLE")


def test_a_rule_set_coming_into_force_makes_everyone_stale(family):
    WelfareSnapshot.objects.update(decile=5)
    RegistryRelease.objects.update(as_of=date(2025, 10, 20))
    verify(as_of=date(2025, 12, 31))

    done = verify(Scope.STALE, as_of=date(2026, 1, 1))

    assert done.written == 1
    assert verdicts(family)["SEMBAKO"] == "INELIGIBLE"


def test_a_programme_without_a_rule_that_day_has_no_standing_decision_and_is_reported(family):
    verify()
    RuleSet.objects.filter(programme__code="PKH").update(effective_to=date(2026, 11, 1))
    WelfareSnapshot.objects.update(decile=9)

    done = verify()

    assert done.without_rule_set == ("PKH",)
    assert verdicts(family) == {"SEMBAKO": "INELIGIBLE"}


def test_a_stale_run_decides_the_marked_families_and_their_members_only(family, release):
    other = make_family(release=release, decile=3)
    verify()
    change_decile(family, 8)
    WelfareSnapshot.objects.filter(family=other).update(decile=8)  # not marked

    done = verify(Scope.STALE)

    assert done.subjects == 2
    assert verdicts(family)["SEMBAKO"] == "INELIGIBLE"
    assert verdicts(other)["SEMBAKO"] == "ELIGIBLE"
    assert not FactsChange.objects.exists()


def test_a_decision_that_differs_supersedes_and_the_old_one_stays_readable(family):
    verify()
    change_decile(family, 8)

    verify(Scope.STALE)

    old, new = EligibilityDecision.objects.filter(programme__code="PKH").order_by("pk")
    assert (old.verdict, old.superseded_as_of) == ("ELIGIBLE", TODAY)
    assert (new.verdict, new.superseded_at) == ("INELIGIBLE", None)
    assert old.findings[0]["seen"] == 3


def test_a_family_that_the_release_names_no_more_is_looked_at_and_not_refused(family):
    verify()
    later = make_release("2026-Q2", date(2026, 4, 20))
    WelfareSnapshot.objects.update(until_release=later)
    family.memberships.update(until_release=later)
    mark(family)

    verify(Scope.STALE)

    assert set(EligibilityDecision.objects.standing().values_list("verdict", flat=True)) == {"NEEDS_REVIEW"}


@pytest.mark.parametrize("place", [("Pijot", "Keruak"), ("Danger", "Masbagik")])
@pytest.mark.parametrize(("decile", "verdict"), [(9, "INELIGIBLE"), (3, "ELIGIBLE")])
def test_a_person_who_moved_is_decided_with_the_new_family(family, release, place, decile, verdict):
    other = make_family(release=release, decile=decile, village=make_village(*place))
    verify()
    later = make_release("2026-Q2", date(2026, 4, 20))
    gone = family.memberships.get()
    family.memberships.update(until_release=later)
    gone.pk, gone.family, gone.from_release, gone.until_release = None, other, later, None
    gone.save()
    mark(family)
    mark(other)

    verify(Scope.STALE)

    own = EligibilityDecision.objects.standing().get(person=gone.person)
    assert (own.family, own.subdistrict, own.verdict) == (other, other.village.parent, verdict)


def test_a_family_that_moved_is_decided_where_it_lives_now(family):
    verify()
    family.village = make_village("Pijot", "Keruak")
    family.save()
    mark(family)

    verify(Scope.STALE)

    own = EligibilityDecision.objects.standing().filter(family=family)
    assert {row.subdistrict for row in own} == {family.village.parent}


def test_only_the_asked_village_is_decided_and_its_marks_taken(family, release):
    neighbour = make_family(release=release, decile=3, village=make_village("Danger"))
    verify()
    change_decile(family, 8)
    change_decile(neighbour, 8)

    verify(Scope.STALE, region=neighbour.village)

    assert verdicts(neighbour)["PKH"] == "INELIGIBLE"
    assert verdicts(family)["PKH"] == "ELIGIBLE"
    assert [row.family for row in FactsChange.objects.all()] == [family]


def test_looking_back_to_an_older_release_leaves_the_marks_and_the_next_run_puts_all_right(family):
    verify()
    today = services.standing_digest()
    later = make_release("2026-Q2", date(2026, 4, 20))
    row = WelfareSnapshot.objects.get()
    WelfareSnapshot.objects.update(until_release=later)
    row.pk, row.from_release, row.decile = None, later, 8
    row.save()
    mark(family)

    verify(as_of=date(2026, 3, 1))
    back = services.standing_digest()
    marks = FactsChange.objects.count()
    verify(Scope.STALE)

    assert (back, marks) == (today, 1)
    assert verdicts(family)["PKH"] == "INELIGIBLE"


def test_a_release_that_is_taken_back_makes_everyone_stale(family, release):
    later = make_release("2026-Q2", date(2026, 4, 20))
    row = WelfareSnapshot.objects.get()
    WelfareSnapshot.objects.update(until_release=later)
    row.pk, row.from_release, row.decile = None, later, 8
    row.save()
    verify()

    CurrentRelease.objects.update(release=release)
    verify(Scope.STALE)

    assert verdicts(family)["PKH"] == "ELIGIBLE"


def test_facts_that_change_during_a_run_are_taken_up_by_the_run_after_it(family):
    verify()
    change_decile(family, 8)
    first = queue()
    work_begun = runs._jobs_of(first).count()
    second = queue(batch_id=77)
    third = queue(batch_id=78)

    assert work_begun > 0
    assert (first.state, second.state, third.state) == (RunState.RUNNING, RunState.WAITING, RunState.WAITING)

    work(first)
    change_decile(family, 3)
    second.refresh_from_db()
    work(second)
    third.refresh_from_db()

    assert (first.state, second.state, third.state) == (RunState.DONE, RunState.DONE, RunState.RUNNING)
    assert verdicts(family)["PKH"] == "ELIGIBLE"
    assert not FactsChange.objects.exists()


def test_requests_that_wait_for_the_same_thing_are_one_run(family):
    queue()

    assert queue() == queue()
    assert ReverificationRun.objects.count() == 2


def test_a_second_verify_helps_the_first_to_its_end_and_then_does_its_own(family):
    first = queue(Scope.ALL)

    done = verify()

    first.refresh_from_db()
    assert first.state == RunState.DONE
    assert (first.written, done.written) == (3, 0)


class Interrupted(Exception):
    pass


def test_a_shard_that_fails_midway_leaves_the_old_decisions_and_the_marks(family, monkeypatch):
    verify()
    before = services.standing_digest()
    change_decile(family, 8)

    def breaks(*_args, **_more):
        raise Interrupted

    with monkeypatch.context() as broken:
        broken.setattr(shards, "_count", breaks)
        run = queue()
        for job in runs._jobs_of(run):
            jobs.run(job.pk)

    assert services.standing_digest() == before
    assert FactsChange.objects.count() == 1
    assert runs._jobs_of(run).filter(state=JobState.READY).count() == 1

    runs._jobs_of(run).update(run_after=datetime(2026, 1, 1, tzinfo=WITA))
    assert work(run).state == RunState.DONE
    assert verdicts(family)["PKH"] == "INELIGIBLE"


def test_a_shard_that_gives_up_fails_the_run_with_its_error_and_the_next_run_starts(family, monkeypatch):
    def breaks(*_args, **_more):
        raise Interrupted("no room on disk")

    monkeypatch.setattr(shards, "decide", breaks)
    run, waiting = queue(), queue(batch_id=5)
    runs._jobs_of(run).update(failures=4)
    work(run)
    services.settle_runs()

    run.refresh_from_db()
    waiting.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "no room on disk" in run.error
    assert waiting.state == RunState.RUNNING


def test_a_shard_of_a_failed_run_tried_again_by_hand_leaves_the_marks_to_the_next_run(family, monkeypatch):
    """Taken during a night, a mark would be gone before what it speaks of is decided at the night's pinned inputs."""
    verify()
    change_decile(family, 8)
    with monkeypatch.context() as broken:
        broken.setattr(shards, "decide", lambda *_a, **_k: 1 / 0)
        failed = queue()
        runs._jobs_of(failed).update(failures=4)
        work(failed)
        services.settle_runs()

    night = queue(Scope.ALL)
    for job in runs._jobs_of(failed):
        jobs.retry(job)
    work(failed)
    marks = FactsChange.objects.count()
    work(night)
    keep_runs_going(now=timezone.now() + timedelta(hours=2))

    assert (failed.state, night.state, marks) == (RunState.FAILED, RunState.DONE, 1)
    assert ReverificationRun.objects.unfinished().filter(scope=Scope.STALE).exists()


def test_a_rule_that_cannot_be_read_fails_its_run_with_the_reason_and_stops_no_start(family):
    tamper("eligibility_ruleset", NO_SUCH_RULE, RuleSet.objects.get(programme__code="PKH").pk)

    run = queue(Scope.ALL, key="nightly:2026-11-23")
    runs._jobs_of(run).update(failures=4)
    work(run)
    services.settle_runs()

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert "NO_SUCH" in run.error


def test_a_done_run_tells_the_import_that_caused_it(family, monkeypatch):
    told = []
    monkeypatch.setattr(runs.recipients_services, "mark_decided", lambda **what: told.append(what))
    verify()
    change_decile(family, 8)

    facts_changed.send(sender=None, reason="rilis 2026-Q1", batch_id=41)
    facts_changed.send(sender=None, reason="rilis 2026-Q1", batch_id=41)
    run = work(ReverificationRun.objects.get(batch_id=41))

    assert run.state == RunState.DONE
    assert told == [{"batch_id": 41, "written": 3, "at": run.finished_at}]


def test_two_beats_make_one_nightly_run(family):
    reverify_all(reason="malam")
    reverify_all(reason="malam")

    assert ReverificationRun.objects.filter(key__startswith="nightly:").count() == 1


def test_the_nightly_run_is_queued_within_a_minute_though_the_beat_was_lost(family, settings):
    settings.NIGHTLY_HOUR = 1

    keep_runs_going(now=datetime(2026, 11, 24, 0, 59, tzinfo=WITA))
    before = ReverificationRun.objects.filter(scope=Scope.ALL).count()
    for minute in (1, 2):
        keep_runs_going(now=datetime(2026, 11, 24, 1, minute, tzinfo=WITA))

    night = ReverificationRun.objects.get(scope=Scope.ALL)
    assert before == 0
    assert (night.key, night.as_of) == ("nightly:2026-11-24", date(2026, 11, 24))


def test_marks_without_a_run_are_taken_up_within_a_minute(family):
    mark(family)

    keep_runs_going(now=datetime(2026, 11, 24, 0, 10, tzinfo=WITA))
    keep_runs_going(now=datetime(2026, 11, 24, 0, 11, tzinfo=WITA))

    assert ReverificationRun.objects.get().scope == Scope.STALE


def test_an_applied_file_without_a_run_gets_one_and_becomes_decided(family, django_user_model):
    clerk = django_user_model.objects.create_user("operator")
    batch = ImportBatch.objects.create(
        release_label="2026-Q1",
        as_of=TODAY,
        state=BatchState.APPLIED,
        received_by=clerk,
        family_sha256="0" * 64,
    )

    keep_runs_going(now=datetime(2026, 11, 24, 0, 10, tzinfo=WITA))
    work(ReverificationRun.objects.get(batch_id=batch.pk))

    batch.refresh_from_db()
    assert batch.state == BatchState.DECIDED
    assert batch.counts["decisions_written"] == 3


def test_a_region_without_families_is_done_at_once():
    assert verify(region=make_village()).subjects == 0


def test_without_any_region_the_run_is_done_at_once(db):
    done = verify()

    assert (done.subjects, done.release) == (0, None)
    assert not DecidedShard.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_close_a_run_once_and_count_every_shard(monkeypatch):
    services.load_rule_sets()
    release = make_release()
    for name in ("Keruak", "Masbagik", "Selong", "Terara"):
        for _ in range(5):
            family = make_family(release=release, village=make_village(f"Desa {name}", name))
            make_member(family, release=release)
    told = []
    monkeypatch.setattr(runs.recipients_services, "mark_decided", lambda **what: told.append(what))
    run = queue(batch_id=9)
    ids = list(Job.objects.values_list("pk", flat=True))

    def share():
        jobs.drain(ids)
        connection.close()

    workers = [threading.Thread(target=share) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    run.refresh_from_db()
    assert (run.state, run.shards_done, run.subjects, run.written) == (RunState.DONE, 4, 40, 60)
    assert len(told) == 1
