"""Child processes of the demo: started, restarted when they die, stopped together, and gone when we are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from bansos import embedded, keeper

LOOK_EVERY_S = 0.1
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0
TERM_PATIENCE_S = 5.0


@dataclass
class Child:
    """One process kept alive: a restart waits twice as long as the one before, unless it had run steadily."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    falls: int = 0
    started_at: float = 0.0
    due_at: float = field(default=0.0)


class Supervisor:
    """Must be used from one thread: the kernel ties the children's death signal to the thread that started them."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self.logs = logs
        self.environment = environment
        self.children: list[Child] = []

    def keep(self, name: str, command: list[str]) -> Child:
        child = Child(name, command)
        self.children.append(child)
        self._start(child)
        return child

    def run(self, name: str, command: list[str], out: Path) -> int:
        """Run a command to its end while the children are kept alive; what it prints goes to `out`."""
        with out.open("wb") as stdout:
            once = self._popen(name, command, stdout)
        try:
            while (status := once.poll()) is None:
                self.look_after()
                time.sleep(LOOK_EVERY_S)
        except BaseException:
            _signal_group(once, signal.SIGKILL)
            once.wait()
            raise
        return status

    def look_after(self) -> None:
        """Restart what has died and whose pause is over."""
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_fall(child)
            if child.process is None and time.monotonic() >= child.due_at:
                self._start(child)

    def stop(self) -> None:
        """Ask all to end, wait a little, then insist. Safe to call twice."""
        running = [child.process for child in self.children if child.process is not None]
        self.children.clear()
        for process in running:
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + TERM_PATIENCE_S
        try:
            for process in running:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=max(0.0, deadline - time.monotonic()))
        finally:
            for process in running:
                _signal_group(process, signal.SIGKILL)
                process.wait()

    def _start(self, child: Child) -> None:
        with self._log(child.name).open("ab") as out:
            child.process = self._popen(child.name, child.command, out)
        child.started_at = time.monotonic()

    def _note_fall(self, child: Child) -> None:
        steady = time.monotonic() - child.started_at > STEADY_AFTER_S
        child.falls = 1 if steady else child.falls + 1
        child.due_at = time.monotonic() + min(LONGEST_PAUSE_S, 0.25 * 2**child.falls)
        assert child.process is not None
        _signal_group(child.process, signal.SIGKILL)  # what it may have left behind
        child.process = None

    def _popen(self, name: str, command: list[str], stdout: IO[bytes]) -> subprocess.Popen[bytes]:
        with self._log(name).open("ab") as errors:
            return subprocess.Popen(
                command,
                cwd=embedded.BASE_DIR,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=errors,
                start_new_session=True,  # Ctrl-C reaches us alone; we stop them in order
                preexec_fn=partial(keeper.die_with_parent, os.getpid(), signal.SIGKILL),
            )

    def _log(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def _signal_group(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
