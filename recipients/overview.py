"""What the last release did, as counts: from which decile to which, and over which programme's limit.

Every count starts at `visible_to(user)`. One GROUP BY over the changes, one over the standing snapshots.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from recipients.enums import Direction
from recipients.models import CurrentRelease, DecileChange, Programme, RegistryRelease, WelfareSnapshot

DECILES = range(1, 11)
LOSSES = (Direction.UP, Direction.DROPPED)
Cell = tuple[int | None, int | None]


@dataclass(frozen=True)
class Transitions:
    """Families by decile before and now; None before is newly ranked, None now is gone from the release."""

    release: RegistryRelease
    previous: RegistryRelease | None
    cells: Counter[Cell]
    directions: Counter[str]

    @property
    def total(self) -> int:
        return sum(self.cells.values())

    @property
    def unchanged(self) -> int:
        return sum(self.cells[decile, decile] for decile in DECILES)


@dataclass
class Crossing:
    """How many families went over a programme's decile limit, and how many came under it."""

    programme: Programme
    lost: int = 0
    gained: int = 0
    lost_by: Counter[str] = field(default_factory=Counter)

    @property
    def net(self) -> int:
        return self.gained - self.lost


def transitions(user: Any) -> Transitions | None:
    """The matrix of the published release for the user's area; None before the first release."""
    release = CurrentRelease.get()
    if release is None:
        return None
    changes = DecileChange.objects.visible_to(user).filter(release=release)
    cells: Counter[Cell] = Counter()
    directions: Counter[str] = Counter()
    for before, after, direction, count in changes.values_list("before", "after", "direction").annotate(
        n=Count("pk")
    ):
        cells[before, after] += count
        directions[direction] += count
    _add_unchanged(cells, _standing_deciles(user))
    previous = RegistryRelease.objects.filter(as_of__lt=release.as_of).order_by("-as_of").first()
    return Transitions(release, previous, cells, directions)


def _standing_deciles(user: Any) -> dict[int, int]:
    rows = WelfareSnapshot.objects.visible_to(user).standing().filter(decile__isnull=False)
    return dict(rows.order_by().values_list("decile").annotate(n=Count("pk")))


def _add_unchanged(cells: Counter[Cell], standing: dict[int, int]) -> None:
    """Who stands in a decile and did not move there has stayed: no second pass over the families."""
    moved = Counter(dict.fromkeys(DECILES, 0))
    for (_before, after), count in cells.items():
        if after is not None:
            moved[after] += count
    for decile, count in standing.items():
        cells[decile, decile] = max(0, count - moved[decile])


def crossings(user: Any, release: RegistryRelease) -> list[Crossing]:
    """Per programme, in the order of programmes; those nobody crossed stay in with zeros."""
    found = {programme.code: Crossing(programme) for programme in Programme.objects.all()}
    changes = DecileChange.objects.visible_to(user).filter(release=release).exclude(crossed_ceilings=[])
    for codes, direction, count in changes.values_list("crossed_ceilings", "direction").annotate(
        n=Count("pk")
    ):
        for code in codes:
            if code in found:
                _count(found[code], direction, count)
    return list(found.values())


def _count(crossing: Crossing, direction: str, count: int) -> None:
    if direction in LOSSES:
        crossing.lost += count
        crossing.lost_by[direction] += count
    else:
        crossing.gained += count
