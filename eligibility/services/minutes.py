"""Minutes that a decision by hand names as its source; the app that keeps deliberations says what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

MUSDES = "musdes:"


@dataclass(frozen=True)
class Minutes:
    """`number` is empty while the signed minutes are not in."""

    village_id: int
    village: str
    held_on: date
    number: str


_sources: list[Callable[[int], Minutes | None]] = []


def add_source(source: Callable[[int], Minutes | None]) -> None:
    """Called once by an app above, when it is ready."""
    _sources.append(source)


def minutes_of(reference: str) -> Minutes | None:
    """Those of `musdes:7`, or None where there is no such deliberation."""
    name = reference.removeprefix(MUSDES)
    if not (name.isascii() and name.isdecimal() and len(name) <= 9):
        return None
    return next((found for source in _sources if (found := source(int(name)))), None)
