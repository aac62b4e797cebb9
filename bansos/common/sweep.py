"""The sweep: finds due job rows and sends their ids to Celery. A small process of its own, neither Celery nor beat.

NOTIFY wakes it at the commit that made a job; every two seconds it looks anyway. One sweep leads, others stand by:
the advisory lock lives on the same connection that marks the rows, so leadership and marking end together.
"""

from __future__ import annotations

import logging
import select
import threading
import time
from collections.abc import Callable

from django.db import Error as DatabaseTrouble
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from bansos.common import db, heartbeats, jobs
from bansos.common.models import Job
from bansos.common.tasks import run_job

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
BEAT_EVERY_S = 5.0
CHECK_EVERY_S = 60.0
RECONNECT_AFTER_S = 1.0
BATCH = 300
BROKER_TROUBLE = (BrokerError, RedisError, OSError)

_TAKE_LEAD = """
SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
  THEN true ELSE pg_try_advisory_lock(hashtextextended('bansos.sweep', 0)) END
"""
_MARK_DUE = """
UPDATE common_job SET sent_at = clock_timestamp() WHERE id IN (
  SELECT id FROM common_job
  WHERE run_after <= now() AND attempt < max_attempt AND (
    (state = 'READY' AND (sent_at IS NULL OR sent_at < now() - interval '10 s'))
    OR (state = 'RUNNING' AND lease_until < now() AND (sent_at IS NULL OR sent_at < now() - interval '5 s')))
  ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


class Sweep:
    """Runs until `stop` is set. Whatever breaks (Postgres, Redis, a due check) costs a round, never the process."""

    def __init__(self, stop: threading.Event) -> None:
        self.stop = stop
        self._last_done: dict[str, float] = {}

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self._lead_while_connected()
            except DatabaseTrouble as error:
                logger.warning("sweep: the database is away (%s); reconnecting", type(error).__name__)
            finally:
                connection.close()
            self.stop.wait(RECONNECT_AFTER_S)

    def _lead_while_connected(self) -> None:
        _listen()
        while not self.stop.is_set():
            if is_leader():
                self.sweep_once()
            _wait_for_news(LOOK_EVERY_S)

    def sweep_once(self) -> None:
        self._every(BEAT_EVERY_S, "beat", lambda: heartbeats.beat(heartbeats.SWEEP))
        self._every(CHECK_EVERY_S, "checks", ask_due_checks)
        if buried := jobs.bury_exhausted():
            logger.error("sweep: %s jobs used up their attempts and need a person", buried)
        while len(ids := mark_due()) and send(ids) and len(ids) == BATCH:
            pass

    def _every(self, seconds: float, name: str, action: Callable[[], object]) -> None:
        last = self._last_done.get(name)
        if last is None or time.monotonic() - last >= seconds:
            action()
            self._last_done[name] = time.monotonic()


def _listen() -> None:
    db.run(f"LISTEN {jobs.CHANNEL}")


def is_leader() -> bool:
    """Take the lead, or keep it; asked every round because the lock ends with its connection."""
    return bool(db.fetch(_TAKE_LEAD)[0][0])


def _wait_for_news(seconds: float) -> None:
    raw = connection.connection
    if raw is None:
        raise OperationalError("a due check closed the connection")
    with connection.wrap_database_errors:
        if not raw.notifies:
            select.select([raw], [], [], seconds)
            raw.poll()
        raw.notifies.clear()


def ask_due_checks() -> None:
    for check in jobs.due_checks():
        try:
            with transaction.atomic():
                check(timezone.now())
        except DatabaseTrouble:
            if not connection.is_usable():
                raise
            logger.exception("sweep: a due check failed")
        except Exception:
            logger.exception("sweep: a due check failed")


def mark_due() -> list[int]:
    """Note on the due rows that they are being sent, and say which they are."""
    return sorted(job_id for (job_id,) in db.fetch(_MARK_DUE, [BATCH]))


def send(ids: list[int]) -> bool:
    """Nudge a worker for each id. Without a broker the rows are unmarked, so that the next round sends them."""
    for place, job_id in enumerate(ids):
        try:
            run_job.apply_async((job_id,), retry=False)
        except BROKER_TROUBLE as error:
            logger.warning(
                "sweep: the broker is away (%s); %s jobs wait", type(error).__name__, len(ids) - place
            )
            Job.objects.filter(pk__in=ids[place:]).update(sent_at=None)
            return False
    return True
