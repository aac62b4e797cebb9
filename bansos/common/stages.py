"""The way of a thing through its stages, and the job that moves it: what the components stages.html and under_way.html
of the staff's site draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bansos.common.models import Job, JobState

_COUNTED = ("rows", "member", "family")  # what jobs report of their way, the last of it first


def marked(stages: Sequence[tuple[Any, Any]], here: Any, *, is_over: bool = False) -> list[tuple[Any, str]]:
    """Each stage's words with "done", "now" or "" for what is to come. `is_over`: the last one is done too."""
    reached = [stage for stage, _words in stages]
    place = reached.index(here) if here in reached else -1
    place += is_over
    return [
        (words, "done" if at < place else "now" if at == place else "")
        for at, (_stage, words) in enumerate(stages)
    ]


def under_way(job: Job | None) -> dict[str, Any] | None:
    """The rows so far, or the error that stopped it; None when nothing is left to do."""
    if job is None or job.state == JobState.DONE:
        return None
    rows = next((job.progress[name] for name in _COUNTED if job.progress.get(name)), 0)
    is_dead = job.state == JobState.DEAD
    return {"rows": rows, "is_dead": is_dead, "error": job.error, "attempt": job.attempt}
