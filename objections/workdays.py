"""Working days of an Indonesian office: no weekend, no national holiday, no joint leave (cuti bersama).

The holidays come from a maintained library; what a decree adds or takes back here stands in the table `Holiday`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

ONE_DAY = timedelta(days=1)
SATURDAY = 5
LONGEST = 400  # a limit beyond this is a slip of the keyboard


@lru_cache(maxsize=32)
def national(year: int) -> dict[date, str]:
    """Days off of one year with their names; those of the moon's calendar are estimates until the decree."""
    found = holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return dict(found.items())


@dataclass(frozen=True)
class Workdays:
    """`added` are days off by local decree, `removed` are holidays of the library on which people work."""

    added: frozenset[date] = frozenset()
    removed: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        if day.weekday() >= SATURDAY or day in self.added:
            return False
        return day in self.removed or day not in national(day.year)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; the day something arrives never counts."""
        if not 0 <= count <= LONGEST * 5:
            raise ValueError(f"a limit of {count} working days is not one")
        while count:
            day += ONE_DAY
            count -= self.is_working(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first`, up to and with `last`."""
        days = (last - first).days
        return sum(self.is_working(first + ONE_DAY * number) for number in range(1, days + 1))
