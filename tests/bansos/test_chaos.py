"""Jobs under a seeded storm of faults: all done, none twice. `make faults` runs the long form."""

from __future__ import annotations

import os
import random
import signal

import pytest

from bansos.common import db, jobs
from bansos.common.models import Job, JobState
from tests import job_kinds
from tests.processes import LiveWorker, until, wake

IS_LONG = os.environ.get("BANSOS_FAULTS") == "long"
SEEDS = range(1, 6) if IS_LONG else [1]
JOBS = 2000 if IS_LONG else 200
FAULTS = 20 if IS_LONG else 6

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("seed", SEEDS)
def test_no_job_is_lost_or_doubled_in_a_storm(live_worker, seed):
    chance = random.Random(seed)
    enqueued = done = 0
    for fault in range(FAULTS):
        enqueued += _enqueue(JOBS // FAULTS, fault, chance)
        done += chance.randrange(JOBS // FAULTS)
        until(lambda goal=done: _done() >= goal, f"{done} jobs to be done")
        chance.choice([flush, kill_worker, kill_pool_child, kill_sweep, cut_connections, double])(live_worker)

    until(lambda: _done() == enqueued, "every job to be done", seconds=300)

    made = list(Job.objects.filter(kind="test.slow").order_by("pk").values_list("pk", flat=True))
    assert len(made) == enqueued
    assert job_kinds.effects() == made


def _enqueue(count: int, fault: int, chance: random.Random) -> int:
    for number in range(count):
        params = {"seconds": chance.choice([0, 0, 0.05])}
        job = jobs.enqueue(kind="test.slow", key=f"{fault}:{number}", params=params)
        Job.objects.filter(pk=job.pk).update(max_attempt=100)
    return count


def _done() -> int:
    """Of ours: the sweep also asks for the portal's own daily jobs."""
    return Job.objects.filter(kind="test.slow", state=JobState.DONE).count()


def flush(live: LiveWorker) -> None:
    live.broker.flushdb()


def kill_worker(live: LiveWorker) -> None:
    live.worker.restart()


def kill_pool_child(live: LiveWorker) -> None:
    assert live.worker.child is not None
    with open(f"/proc/{live.worker.child.pid}/task/{live.worker.child.pid}/children") as children:
        for child in children.read().split()[:1]:
            os.kill(int(child), signal.SIGKILL)


def kill_sweep(live: LiveWorker) -> None:
    live.sweep.restart()


def cut_connections(_live: LiveWorker) -> None:
    db.run(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def double(_live: LiveWorker) -> None:
    """Every id again, done or not."""
    wake(*Job.objects.values_list("pk", flat=True))
