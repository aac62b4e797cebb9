"""The demo's supervisor: what dies comes back, what is stopped is gone, and kill -9 of it leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from bansos.supervisor import Child, Supervisor
from tests.processes import ROOT, until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]
ORPHAN_MAKER = """
import os, sys, time
from pathlib import Path
from bansos.supervisor import Supervisor
sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
child = Supervisor(Path(sys.argv[1]), os.environ).keep("sleeper", sleeper)
print(child.process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def supervisor(tmp_path):
    made = Supervisor(tmp_path, os.environ)
    yield made
    made.stop()


def is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def pid_of(child: Child) -> int:
    return child.process.pid if child.process else 0


def test_a_child_that_dies_comes_back_after_a_pause(supervisor):
    child = supervisor.keep("sleeper", SLEEPER)
    first = pid_of(child)

    os.kill(first, signal.SIGKILL)

    def is_back() -> bool:
        supervisor.look_after()
        return pid_of(child) not in (0, first)

    until(is_back, "the child to come back")
    assert is_running(pid_of(child))


def test_pauses_grow_while_a_child_keeps_falling(supervisor):
    child = supervisor.keep("broken", [sys.executable, "-c", "raise SystemExit(1)"])
    pauses = []

    def has_fallen_three_times() -> bool:
        before = child.falls
        supervisor.look_after()
        if child.falls > before:
            pauses.append(child.due_at - child.started_at)
        return child.falls >= 3

    until(has_fallen_three_times, "three falls")

    assert child.falls == 3
    assert len(pauses) == 3


def test_stop_ends_also_a_child_that_does_not_listen(supervisor, monkeypatch):
    monkeypatch.setattr("bansos.supervisor.TERM_PATIENCE_S", 0.2)
    deaf, listening = supervisor.keep("deaf", STUBBORN), supervisor.keep("sleeper", SLEEPER)
    until(lambda: "deaf" in (supervisor.logs / "deaf.log").read_text(), "the child to close its ears")
    pids = pid_of(deaf), pid_of(listening)

    supervisor.stop()

    assert [is_running(pid) for pid in pids] == [False, False]


def test_kill_9_of_the_supervisor_leaves_no_child(tmp_path):
    maker = subprocess.Popen(
        [sys.executable, "-c", ORPHAN_MAKER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert maker.stdout is not None
    child = int(maker.stdout.readline())
    assert is_running(child)

    maker.kill()
    maker.communicate()

    until(lambda: not is_running(child), "the child to end")


def test_a_command_runs_to_its_end_and_its_words_are_kept_apart(supervisor, tmp_path):
    out = tmp_path / "answer"

    status = supervisor.run("once", [sys.executable, "-c", "import sys; print('yes'); sys.exit(3)"], out)

    assert (status, out.read_text()) == (3, "yes\n")
