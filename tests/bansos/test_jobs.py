"""Job rows: one claim, one effect, and whoever lost the lease counts for nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from bansos.common import db, jobs
from bansos.common.models import Job, JobState
from tests import job_kinds

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _effects():
    job_kinds.make_table()
    yield
    db.run(f"DROP TABLE {job_kinds.EFFECTS}")


def lapse(job: Job) -> None:
    """The holder has shown no sign of life for a lease."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def make_due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=Now())


def test_a_job_is_claimed_once():
    job = jobs.enqueue(kind="test.effect", key="one")

    first, second = jobs.claim(job.pk), jobs.claim(job.pk)

    assert first is not None
    assert second is None


def test_a_key_makes_one_job_however_often_it_is_enqueued():
    made = {jobs.enqueue(kind="test.effect", key="night:2026-11-24").pk for _ in range(3)}
    other = jobs.enqueue(kind="test.slow", key="night:2026-11-24")

    assert len(made) == 1
    assert other.pk not in made


def test_a_job_goes_back_with_the_transaction_that_made_it():
    with transaction.atomic():
        jobs.enqueue(kind="test.effect", key="one")
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_effect_and_completion_stand_together():
    job = jobs.enqueue(kind="test.effect", key="one")

    assert jobs.run(job.pk)
    assert not jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert job_kinds.effects() == [job.pk]


def test_whoever_lost_the_lease_is_rolled_back():
    job = jobs.enqueue(kind="test.effect", key="one")
    late = jobs.claim(job.pk)
    lapse(job)
    assert jobs.run(job.pk)

    with pytest.raises(jobs.LeaseLost), late.completing():
        job_kinds.leave_effect(late)

    assert job_kinds.effects() == [job.pk]


def test_without_the_fence_the_effect_would_be_doubled():
    """The control: the same story with an unfenced transaction."""
    job = jobs.enqueue(kind="test.effect", key="one")
    late = jobs.claim(job.pk)
    lapse(job)
    assert jobs.run(job.pk)

    with transaction.atomic():
        job_kinds.leave_effect(late)

    assert job_kinds.effects() == [job.pk, job.pk]


def test_a_late_failure_does_not_disturb_the_one_who_holds_the_job_now():
    job = jobs.enqueue(kind="test.effect", key="one")
    late = jobs.claim(job.pk)
    lapse(job)
    now = jobs.claim(job.pk)

    jobs._give_back(late, ValueError("too late"))

    job.refresh_from_db()
    assert (job.state, job.token, job.error) == (JobState.RUNNING, now.token, "")


def test_doubled_and_unknown_ids_change_nothing():
    job = jobs.enqueue(kind="test.effect", key="one")

    ran = [jobs.run(job.pk), jobs.run(job.pk), jobs.run(10**9)]

    assert ran == [True, False, False]
    assert job_kinds.effects() == [job.pk]


def test_a_failing_job_waits_longer_each_time_and_is_dead_after_its_last_attempt():
    job = jobs.enqueue(kind="test.failing", key="one")
    pauses = []
    for _ in range(5):
        make_due(job)
        assert not jobs.run(job.pk)
        pauses.append(_pause(job))
    job.refresh_from_db()

    assert pauses[:4] == sorted(set(pauses[:4]))
    assert (job.state, job.attempt) == (JobState.DEAD, 5)
    assert job_kinds.effects() == []


def _pause(job: Job) -> float:
    (seconds,) = db.fetch(
        "SELECT round(extract(epoch FROM run_after - now())) FROM common_job WHERE id = %s", [job.pk]
    )[0]
    return float(seconds)


def test_a_job_that_waits_is_not_due_yet():
    job = jobs.enqueue(kind="test.failing", key="one")
    jobs.run(job.pk)

    assert jobs.claim(job.pk) is None


def test_an_error_never_keeps_an_identifier():
    job = jobs.enqueue(kind="test.failing", key="one")

    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.error == "ValueError: no luck with 520399******9001"


def test_a_job_whose_last_attempt_died_with_its_process_is_buried():
    job = jobs.enqueue(kind="test.effect", key="one")
    Job.objects.filter(pk=job.pk).update(max_attempt=1)
    jobs.claim(job.pk)
    assert jobs.bury_exhausted() == 0

    lapse(job)

    assert jobs.bury_exhausted() == 1
    assert jobs.claim(job.pk) is None


def test_an_unknown_kind_is_kept_with_its_error_for_newer_code():
    job = jobs.enqueue(kind="test.from-the-future", key="one")

    assert not jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.READY
    assert "no handler" in job.error


def test_a_lease_is_extended_while_its_process_lives(monkeypatch):
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=1))
    monkeypatch.setattr(jobs, "BEAT_S", 0.1)
    job = jobs.enqueue(kind="test.effect", key="one")
    lease = jobs.claim(job.pk)
    with connection.cursor() as cursor, lease.kept():
        cursor.execute("SELECT pg_sleep(1.5)")

        assert jobs.claim(job.pk) is None


def test_progress_is_seen_while_the_effect_is_not():
    job = jobs.enqueue(kind="test.effect", key="one")
    lease = jobs.claim(job.pk)
    watcher = connection.copy()

    with lease.kept(), lease.completing():
        job_kinds.leave_effect(lease)
        lease.report(done=3, of=21)
        with watcher.cursor() as cursor:
            cursor.execute("SELECT progress FROM common_job WHERE id = %s", [job.pk])
            seen = cursor.fetchone()[0]
            cursor.execute(f"SELECT count(*) FROM {job_kinds.EFFECTS}")
            effects = cursor.fetchone()[0]
    watcher.close()

    assert "21" in str(seen)
    assert effects == 0


def test_drain_does_the_jobs_here_and_tells_how_they_ended():
    made = [jobs.enqueue(kind="test.effect", key=str(number)) for number in range(3)]

    finished = jobs.drain([job.pk for job in made])

    assert [job.state for job in finished] == [JobState.DONE] * 3


def test_due_checks_are_known_to_the_sweep(monkeypatch):
    monkeypatch.setattr(jobs, "_due_checks", [])

    @jobs.keeps_due
    def nightly(now):
        return None

    assert nightly in jobs.due_checks()
