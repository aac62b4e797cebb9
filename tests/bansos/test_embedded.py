"""The embedded servers: shared while used, revived when killed, gone when nobody uses them, kill -9 or not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from bansos import embedded
from tests.processes import ROOT, until

AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
USER = """
import sys, psycopg2, redis
from bansos import embedded
embedded.use()
with psycopg2.connect(embedded.database_url()) as database, database.cursor() as cursor:
    cursor.execute("CREATE TABLE IF NOT EXISTS visits (n int); INSERT INTO visits VALUES (1)")
    cursor.execute("SELECT count(*) FROM visits")
    seen = cursor.fetchone()[0]
database.close()
redis.Redis.from_url(embedded.redis_url()).ping()
print(seen, flush=True)
sys.stdin.readline()
"""


class User:
    """A process that uses the servers of a data folder until told to end."""

    def __init__(self, data: Path, *, ordinary: bool = False) -> None:
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        drop = AS_NOBODY if ordinary else []
        self.process = subprocess.Popen(
            [*drop, sys.executable, "-c", USER],
            cwd=ROOT,
            env=env | {"BANSOS_DATA_DIR": str(data), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def visits(self) -> int:
        """How many visits the database has seen, this one included; the servers are up once it is known."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(self.process.communicate()[1])
        return int(line)

    def end(self) -> None:
        self.process.communicate("\n")

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def processes_of(data: Path) -> dict[int, str]:
    """Every living process that names this data folder: keeper (by its environment), Postgres, Valkey."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            told = (entry / "environ").read_bytes().decode(errors="replace")
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z" and (str(data) in command or f"BANSOS_DATA_DIR={data}\0" in told):
            found[int(entry.name)] = command
    return found


def keeper_of(data: Path) -> int:
    (keeper,) = [pid for pid, command in processes_of(data).items() if "bansos.keeper" in command]
    return keeper


@pytest.fixture
def data():
    """Short paths, for sockets have at most 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="bs-"))
    yield folder
    for pid in processes_of(folder):
        with suppress(ProcessLookupError):  # it was on its way out
            os.kill(pid, signal.SIGKILL)
    until(lambda: not processes_of(folder), "the leftovers to end")
    shutil.rmtree(folder)


@pytest.fixture
def other_data():
    folder = Path(tempfile.mkdtemp(prefix="bs-"))
    yield folder
    until(lambda: not processes_of(folder), "the servers to end")
    shutil.rmtree(folder)


def test_two_users_share_one_keeper_and_the_last_one_turns_off_the_light(data):
    first = User(data)
    assert first.visits() == 1
    keeper = keeper_of(data)
    second = User(data)
    assert second.visits() == 2
    assert keeper_of(data) == keeper

    first.end()
    assert keeper_of(data) == keeper

    second.end()
    until(lambda: not processes_of(data), "the servers to end")


def test_a_killed_user_leaves_nothing(data):
    user = User(data)
    user.visits()

    user.kill()

    until(lambda: not processes_of(data), "the servers to end")


def test_a_killed_keeper_takes_its_servers_along_and_the_next_use_recovers(data):
    user = User(data)
    assert user.visits() == 1

    os.kill(keeper_of(data), signal.SIGKILL)
    later = User(data)

    assert later.visits() == 2
    user.end()
    later.end()
    until(lambda: not processes_of(data), "the servers to end")


def test_a_killed_postgres_is_started_again(data):
    user = User(data)
    assert user.visits() == 1
    (postmaster,) = [pid for pid, command in processes_of(data).items() if "/bin/postgres -D" in command]

    os.kill(postmaster, signal.SIGKILL)
    until(lambda: postmaster not in processes_of(data), "Postgres to be dead")
    until(lambda: _answers(data), "Postgres to be back")
    later = User(data)

    assert later.visits() == 2
    user.end()
    later.end()


def test_released_servers_are_gone_when_the_call_returns(data):
    releasing = USER.replace("sys.stdin.readline()", "embedded.release(); print(embedded.is_used())")
    env = os.environ | {"BANSOS_DATA_DIR": str(data)}

    told = subprocess.run(
        [sys.executable, "-c", releasing], cwd=ROOT, env=env, capture_output=True, text=True
    )

    assert told.stdout.split() == ["1", "False"]


def test_two_data_folders_run_side_by_side(data, other_data):
    here, there = User(data), User(other_data)

    assert (here.visits(), there.visits()) == (1, 1)

    there.end()
    again = User(data)
    assert again.visits() == 2
    here.end()
    again.end()


def _somebody_else_may_run_this() -> bool:
    if os.getuid() != 0 or not shutil.which("setpriv"):
        return False
    start = f"import subprocess; subprocess.run([{sys.executable!r}, '-c', 'import bansos'], check=True)"
    probe = [*AS_NOBODY, sys.executable, "-c", start]  # its child's child: setpriv still walks as root
    return subprocess.run(probe, cwd=ROOT, capture_output=True).returncode == 0


@pytest.mark.skipif(not _somebody_else_may_run_this(), reason="needs root, and a tree that others may read")
def test_an_ordinary_user_needs_no_namespace(data):
    os.chown(data, 65534, 65534)
    user = User(data, ordinary=True)

    assert user.visits() == 1

    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in processes_of(data)}
    assert owners == {65534}
    user.end()
    until(lambda: not processes_of(data), "the servers to end")


def test_a_folder_with_a_long_path_gets_its_sockets_elsewhere(monkeypatch, tmp_path):
    deep = tmp_path / ("d" * 120)
    monkeypatch.setenv("BANSOS_DATA_DIR", str(deep))

    assert deep not in embedded.run_dir().parents
    assert len(str(embedded.run_dir())) < 60


def _answers(data: Path) -> bool:
    import psycopg2

    try:
        psycopg2.connect(f"postgresql://bansos@/bansos?host={data / 'run'}").close()
    except psycopg2.OperationalError:
        return False
    return True
