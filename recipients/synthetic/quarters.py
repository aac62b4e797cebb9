"""The releases of a district: one each quarter, with the day its data speak of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

USUAL_DAY = 20
KNOWN_AS_OF = {"2026-Q1": date(2026, 1, 23)}  # domain.md 3: the release of 23 Jan 2026
EARLIEST, LATEST = "2023-Q1", "2037-Q4"  # ages up to 84 and two-digit years of birth fit one century
MOST_RELEASES = 40


@dataclass(frozen=True)
class Quarter:
    index: int  # 0 for the first release of the district
    label: str
    as_of: date
    begins: date  # the day after the release before


def quarters(start: str, count: int) -> tuple[Quarter, ...]:
    if not re.fullmatch(r"[0-9]{4}-Q[1-4]", start):
        raise ValueError(f"A release is written like 2025-Q4, not {start!r}")
    if not 1 <= count <= MOST_RELEASES:
        raise ValueError(f"Between 1 and {MOST_RELEASES} releases, not {count}")
    first = int(start[:4]) * 4 + int(start[-1]) - 1
    labels = [_label(first + index) for index in range(-1, count)]
    if start < EARLIEST or labels[-1] > LATEST:
        raise ValueError(f"Releases run from {EARLIEST} to {LATEST}")
    days = [_as_of(label) for label in labels]
    return tuple(
        Quarter(index, labels[index + 1], days[index + 1], days[index] + timedelta(days=1))
        for index in range(count)
    )


def _label(number: int) -> str:
    return f"{number // 4}-Q{number % 4 + 1}"


def _as_of(label: str) -> date:
    return KNOWN_AS_OF.get(label) or date(int(label[:4]), int(label[-1]) * 3 - 2, USUAL_DAY)
