"""The sweep and a real worker: what was enqueued is done once, whatever happens to Redis and to processes."""

from __future__ import annotations

import signal

import pytest
from django.db import connection

from bansos.common import jobs
from bansos.common.models import Job, JobState
from tests import job_kinds, processes

pytestmark = pytest.mark.faults


def enqueue(count: int, kind: str = "test.effect", **params: object) -> list[Job]:
    return [jobs.enqueue(kind=kind, key=f"{kind}:{number}", params=params) for number in range(count)]


def wait_until_sent(live_worker: processes.LiveWorker, made: list[Job]) -> None:
    """No exact count: the sweep sends again after ten seconds, and a dying worker may take one along."""
    waiting = Job.objects.filter(pk__in=[job.pk for job in made], sent_at=None)
    processes.until(
        lambda: not waiting.exists() and live_worker.broker.llen("celery"), "the wake-ups to be in the queue"
    )


def test_enqueued_jobs_run_on_the_worker(live_worker):
    made = enqueue(20)

    done = live_worker.finished(*made)

    assert {job.state for job in done} == {JobState.DONE}
    assert job_kinds.effects() == [job.pk for job in made]


def test_a_flushed_broker_loses_nothing(live_worker):
    live_worker.worker.kill()
    made = enqueue(30)
    wait_until_sent(live_worker, made)

    live_worker.broker.flushdb()
    live_worker.worker.start()

    live_worker.finished(*made)
    assert job_kinds.effects() == [job.pk for job in made]


def test_without_the_sweep_a_flushed_broker_does_lose_them(live_worker):
    """The control: it is the sweep that saves the jobs, not luck."""
    live_worker.worker.kill()
    made = enqueue(5)
    wait_until_sent(live_worker, made)
    live_worker.sweep.kill()

    live_worker.broker.flushdb()
    live_worker.worker.start()
    probe = enqueue(1, "test.slow", seconds=0)
    processes.wake(probe[0].pk)
    live_worker.finished(*probe)

    assert set(Job.objects.filter(pk__in=[job.pk for job in made]).values_list("state", flat=True)) == {
        "READY"
    }


def test_a_job_whose_worker_is_killed_midway_takes_effect_once(live_worker):
    (job,) = enqueue(1, "test.slow", seconds=2)
    processes.until(lambda: Job.objects.get(pk=job.pk).state == JobState.RUNNING, "the job to run")

    live_worker.worker.restart()
    (done,) = live_worker.finished(job)

    assert (done.state, done.attempt) == (JobState.DONE, 2)
    assert job_kinds.effects() == [job.pk]


def test_a_worker_frozen_past_its_lease_is_refused_when_it_wakes(live_worker):
    (job,) = enqueue(1, "test.slow", seconds=1)
    processes.until(lambda: Job.objects.get(pk=job.pk).state == JobState.RUNNING, "the job to run")
    live_worker.worker.signal(signal.SIGSTOP)
    frozen = live_worker.worker.child

    live_worker.worker.start()
    live_worker.finished(job)
    processes.Process([], live_worker.worker.log, frozen).signal(signal.SIGCONT)
    later = enqueue(4)
    live_worker.finished(*later)
    processes.Process([], live_worker.worker.log, frozen).kill()

    assert job_kinds.effects() == sorted(each.pk for each in [job, *later])


def test_doubled_and_unknown_wake_ups_change_nothing(live_worker):
    made = enqueue(3)
    live_worker.finished(*made)

    for job_id in [*(job.pk for job in made), *(job.pk for job in made), 10**9]:
        processes.wake(job_id)
    later = enqueue(1, "test.slow", seconds=0)
    live_worker.finished(*later)

    assert job_kinds.effects() == sorted(job.pk for job in [*made, *later])


def test_the_sweep_leads_again_after_its_connection_was_cut(live_worker):
    _cut_other_connections()

    made = enqueue(3)

    live_worker.finished(*made)
    assert job_kinds.effects() == [job.pk for job in made]


def test_a_second_sweep_takes_over_when_the_first_is_killed(live_worker):
    second = processes.Process(live_worker.sweep.command, live_worker.sweep.log)
    second.start()
    live_worker.sweep.kill()
    try:
        made = enqueue(3)
        live_worker.finished(*made)
    finally:
        second.kill()

    assert job_kinds.effects() == [job.pk for job in made]


def _cut_other_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] > 0
