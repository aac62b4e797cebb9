"""Jobs that cannot be lost: rows with a unique key, a lease by the database's clock and a fencing token.

The row is inserted in the transaction of its cause. NOTIFY tells the sweep at commit, the sweep sends the id through
Celery, a worker claims the row. Effect and completion commit together; a worker that lost its lease rolls back.
Redis carries ids only and may be wiped at any time. Shape and proof: docs/decisions/0002-job-rows.md.
"""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from bansos.common import ids
from bansos.common.models import Job, JobState

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.JOB_LEASE_S)
MOST_FAILURES = 5
BEAT_S = settings.JOB_LEASE_S / 4
CHANNEL = "bansos_jobs"

Handler = Callable[["Lease"], None]
DueCheck = Callable[[datetime], object]
_handlers: dict[str, Handler] = {}
_due_checks: list[DueCheck] = []


class LeaseLost(RuntimeError):
    """Somebody else holds the job now: what this process did must not count."""


class JobsFailed(RuntimeError):
    """A job used up its attempts; its row says why."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Declare the function that does jobs of this kind."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def keeps_due(check: DueCheck) -> DueCheck:
    """The sweep calls `check(now)` every minute: it enqueues what should exist by now, though its message was lost."""
    _due_checks.append(check)
    return check


def due_checks() -> list[DueCheck]:
    """Every check of every app; the apps' tasks.py are imported first."""
    current_app.loader.import_default_modules()
    return list(_due_checks)


def _handler_of(kind: str) -> Handler:
    if kind not in _handlers:
        current_app.loader.import_default_modules()
    try:
        return _handlers[kind]
    except KeyError:
        raise LookupError(f"no handler for jobs of kind {kind}: is newer code needed?") from None


def enqueue(*, kind: str, key: str, params: dict[str, Any] | None = None, by: Any = None) -> Job:
    """Insert the job unless one with this kind and key exists; call it inside the transaction of its cause."""
    with transaction.atomic():
        job, _created = Job.objects.get_or_create(
            kind=kind, key=key, defaults={"params": params or {}, "created_by": by}
        )
        nudge()
    return job


def nudge() -> None:
    """Tell the sweep, at commit, that there are new jobs."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


class Lease:
    """The right to do one job for now. `params` are the job's; `completing()` makes the effect count."""

    def __init__(self, job: Job) -> None:
        self.job_id, self.token, self.params, self.attempt = job.pk, job.token, job.params, job.attempt
        self.kind = job.kind
        self.created_by_id = job.created_by_id
        self._side = connection.copy()  # a second connection: the first may be deep in a transaction

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job_id, token=self.token, state=JobState.RUNNING)

    @contextmanager
    def completing(self) -> Iterator[None]:
        """One transaction for the effect and the completion; LeaseLost rolls both back."""
        with transaction.atomic():
            yield
            if not self._mine().update(state=JobState.DONE, finished_at=Now(), error=""):
                raise LeaseLost(self.job_id)

    def report(self, **progress: Any) -> None:
        """Show progress at once, outside the running transaction. LeaseLost when there is no more use in going on."""
        if not self._on_the_side("progress = progress || %s::jsonb", [json.dumps(progress)]):
            raise LeaseLost(self.job_id)

    def _on_the_side(self, assignment: str, values: list[Any]) -> int:
        with self._side.cursor() as cursor:
            cursor.execute(
                f"UPDATE common_job SET {assignment} WHERE id = %s AND token = %s AND state = 'RUNNING'",
                [*values, self.job_id, self.token],
            )
            return int(cursor.rowcount)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Extend the lease from a thread for as long as this process is alive and not frozen."""
        stop = threading.Event()
        beating = threading.Thread(target=self._beat, args=(stop,), daemon=True)
        beating.start()
        try:
            yield
        finally:
            stop.set()
            beating.join(timeout=5)
            self._side.close()

    def _beat(self, stop: threading.Event) -> None:
        own = connection.copy()
        while not stop.wait(BEAT_S):
            try:
                with own.cursor() as cursor:
                    cursor.execute(
                        "UPDATE common_job SET lease_until = now() + make_interval(secs => %s) "
                        "WHERE id = %s AND token = %s AND state = 'RUNNING'",
                        [LEASE.total_seconds(), self.job_id, self.token],
                    )
            except DatabaseTrouble:
                own.close()  # the next beat connects anew
        own.close()


def claim(job_id: int) -> Lease | None:
    """Take the job if it is due; None when it is done, taken, not yet due or out of attempts."""
    token = uuid.uuid4()
    claimed = (
        Job.objects.claimable()
        .filter(pk=job_id)
        .update(state=JobState.RUNNING, token=token, lease_until=Now() + LEASE, attempt=F("attempt") + 1)
    )
    return Lease(Job.objects.get(pk=job_id, token=token)) if claimed else None


def run(job_id: int) -> bool:
    """Claim and do one job. True when this call finished it; errors go to the row, never to the caller."""
    lease = claim(job_id)
    if lease is None:
        return False
    try:
        handler = _handler_of(lease.kind)
        with lease.kept():
            handler(lease)
        lease._mine().update(state=JobState.DONE, finished_at=Now(), error="")
        return True
    except LeaseLost:
        logger.warning("job %s: lease lost, its effect was rolled back", job_id)
    except Exception as error:
        logger.exception("job %s failed", job_id)
        _give_back(lease, error)
    return False


def _give_back(lease: Lease, error: Exception) -> None:
    """Ready again after a pause that doubles, or dead: an error comes back, a killed worker may not."""
    text = ids.scrub(f"{type(error).__name__}: {error}")[:2000]
    mine = lease._mine()
    mine.update(failures=F("failures") + 1, error=text)
    hopeless = Q(attempt__gte=F("max_attempt")) | Q(failures__gte=MOST_FAILURES)
    if not mine.filter(hopeless).update(state=JobState.DEAD, finished_at=Now()):
        pause = timedelta(seconds=2 ** min(lease.attempt, 8))
        mine.update(state=JobState.READY, run_after=Now() + pause, sent_at=None)


def cancel(*, kinds: str, key: str) -> None:
    """Within the caller's transaction: whoever does such a job has lost its lease, and its effect is rolled back."""
    mine = Job.objects.filter(kind__startswith=kinds, key=key).unfinished()
    mine.update(state=JobState.DONE, token=None, finished_at=Now())


def retry(job: Job) -> bool:
    """Start a dead job afresh, by a person's word. False when it is not dead (any more)."""
    fresh: dict[str, Any] = {"state": JobState.READY, "attempt": 0, "failures": 0, "finished_at": None}
    revived = Job.objects.filter(pk=job.pk, state=JobState.DEAD).update(
        **fresh, run_after=Now(), sent_at=None
    )
    nudge()
    return bool(revived)


def bury_exhausted() -> int:
    """Jobs whose last attempt died with its process: mark them dead so that a person sees them."""
    return (
        Job.objects.due()
        .filter(attempt__gte=F("max_attempt"))
        .update(
            state=JobState.DEAD,
            finished_at=Now(),
            error="Gagal berulang kali: proses berhenti di tengah jalan",
        )
    )


def drain(job_ids: Iterable[int], *, wait_s: float = 3600.0, do_work: bool = True) -> list[Job]:
    """Do these jobs here, sharing with any worker, until all are finished; the finished rows in id order."""
    wanted = list(job_ids)
    waiting = set(wanted)
    deadline = time.monotonic() + wait_s
    while waiting:
        for job_id in sorted(waiting):
            if do_work:
                run(job_id)
        bury_exhausted()
        still = set(Job.objects.filter(pk__in=waiting).unfinished().values_list("pk", flat=True))
        if still == waiting:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(still)} jobs are not finished after {wait_s:.0f} s")
            time.sleep(0.2)
        waiting = still
    return list(Job.objects.filter(pk__in=wanted).order_by("pk"))


def work_until(is_done: Callable[[], bool], *, wait_s: float = 7200.0, do_work: bool = True) -> None:
    """Do due jobs here, sharing with any worker, until `is_done`. Raises JobsFailed when a job died meanwhile."""
    deadline = time.monotonic() + wait_s
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        started = cursor.fetchone()[0]
    while not is_done():
        due = (
            list(Job.objects.claimable().order_by("pk").values_list("pk", flat=True)[:50]) if do_work else []
        )
        if not sum(run(job_id) for job_id in due):
            time.sleep(0.05)
        bury_exhausted()
        failed = Job.objects.filter(state=JobState.DEAD, finished_at__gte=started).first()
        if failed is not None:
            raise JobsFailed(f"{failed}: {failed.error}")
        if time.monotonic() > deadline:
            raise TimeoutError(f"not done after {wait_s:.0f} s")
