"""Real worker and sweep processes for tests, on the test database and a broker database beside the session's own."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import redis
from celery import Celery
from django.conf import settings
from django.db import connection

from bansos import embedded
from bansos.common import heartbeats
from bansos.common.models import Job
from bansos.common.tasks import run_job
from tests import job_kinds

ROOT = Path(__file__).resolve().parent.parent
LEASE_S = 3.0
PATIENCE_S = 60.0
BROKER_DB = 9 + int(
    os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]
)  # beside the session's own, one a worker


def broker_url() -> str:
    """Another database of the same server: a flush must not disturb anybody else."""
    parts = urlsplit(settings.REDIS_URL)
    if parts.scheme == "unix":
        return f"unix://{parts.path}?db={BROKER_DB}"
    return urlunsplit(parts._replace(path=f"/{BROKER_DB}"))


def database_url() -> str:
    now = connection.settings_dict
    login = ":".join(quote(str(now[name]), safe="") for name in ("USER", "PASSWORD") if now[name])
    if str(now["HOST"]).startswith("/"):
        return f"postgresql://{login}@/{now['NAME']}?host={quote(str(now['HOST']))}"
    return f"postgresql://{login}@{now['HOST']}:{now['PORT'] or 5432}/{now['NAME']}"


def environment() -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": broker_url(),
        "BANSOS_SECRET_KEY": settings.SECRET_KEY,
        "BANSOS_VAULT_KEYS": settings.VAULT_KEYS,
        "BANSOS_INDEX_KEY": settings.VAULT_INDEX_KEY,
        "BANSOS_LEASE_S": str(LEASE_S),
        "BANSOS_SPIKE_PERCENT": str(100 * settings.SPIKE_SHARE),
        "BANSOS_SPIKE_LEAST": str(settings.SPIKE_LEAST),
    }


def until(holds: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
    """Wait for a fact, not for a time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.05)


def wake(*job_ids: int) -> None:
    """Wake-ups as the sweep sends them, into the queue of the live worker."""
    with Celery(broker=embedded.broker_url(broker_url()), set_as_current=False) as app:
        for job_id in job_ids:
            app.send_task(run_job.name, (job_id,))


@dataclass
class Process:
    """A child in a process group of its own, so that a kill takes its children too."""

    command: list[str]
    log: Path
    child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.child = subprocess.Popen(
                [sys.executable, *self.command],
                cwd=ROOT,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def signal(self, number: int) -> None:
        assert self.child is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, number)

    def kill(self) -> None:
        """kill -9, children and all."""
        if self.child is not None:
            self.signal(signal.SIGKILL)
            self.child.wait()

    def restart(self) -> None:
        self.kill()
        self.start()


@dataclass
class LiveWorker:
    broker: redis.Redis
    worker: Process
    sweep: Process
    lease_s: float = field(default=LEASE_S)

    def start(self) -> None:
        self.worker.start()
        self.sweep.start()
        until(self.is_ready, f"a worker and a sweep; their words stand in {self.worker.log.parent}")

    def is_ready(self) -> bool:
        return all(
            heartbeats.is_alive(name, within_s=PATIENCE_S) for name in (heartbeats.WORKER, heartbeats.SWEEP)
        )

    def finished(self, *jobs: Job, seconds: float = PATIENCE_S) -> list[Job]:
        """Wait until no job of these is ready or running; the rows as they then are."""
        wanted = Job.objects.filter(pk__in=[job.pk for job in jobs])
        until(lambda: not wanted.unfinished().exists(), "the jobs to finish", seconds)
        return list(wanted.order_by("pk"))

    def stop(self) -> None:
        self.worker.kill()
        self.sweep.kill()


@contextlib.contextmanager
def live_worker() -> Iterator[LiveWorker]:
    logs = Path(settings.DATA_DIR) / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    worker = "-m celery -A bansos worker -c 2 -I tests.job_kinds --without-gossip --without-mingle"
    broker = redis.Redis.from_url(broker_url())
    broker.flushdb()
    job_kinds.make_table()
    running = LiveWorker(
        broker,
        Process([*worker.split(), "-n", f"test-{os.getpid()}@%h"], logs / "worker.log"),
        Process(["manage.py", "sweep"], logs / "sweep.log"),
    )
    try:
        running.start()
        yield running
    finally:
        running.stop()
        broker.flushdb()
        broker.close()
        connection.cursor().execute(f"DROP TABLE IF EXISTS {job_kinds.EFFECTS}")
