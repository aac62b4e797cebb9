"""What a comparison comes to, as counts that may be kept: nothing personal is in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from eligibility.engine.compare import NARROWED, Cell
from eligibility.engine.pricing import FLAT, Counted
from eligibility.rules.amounts import Amounts
from eligibility.rules.verdict import ELIGIBLE

GROUP_COUNTS = tuple(NARROWED)  # all, gains, losses, enrolled_losses
NO_RULE = "NO_RULE"  # the side has no rule for the programme, or the family is not in the registry there


@dataclass
class Tally:
    """Counts of subjects: who begins to meet the rule, who no longer does, and how many meet it on each side."""

    gains: int = 0
    losses: int = 0
    losses_to_review: int = 0
    enrolled: int = 0
    enrolled_losses: int = 0
    before: int = 0
    after: int = 0

    def add(self, cell: Cell) -> None:
        was, becomes = cell.before == ELIGIBLE, cell.after == ELIGIBLE
        self.gains += cell.count if becomes and not was else 0
        self.losses += cell.count if was and not becomes else 0
        self.losses_to_review += cell.count if was and cell.after == "NEEDS_REVIEW" else 0
        self.enrolled += cell.count if cell.is_enrolled else 0
        self.enrolled_losses += cell.count if cell.is_enrolled and was and not becomes else 0
        self.before += cell.count if was else 0
        self.after += cell.count if becomes else 0


@dataclass
class Paid:
    """How many persons of each component one side would count money for, by village; the rates are its rule set's."""

    period: str
    basis: str
    each: dict[str, int]
    villages: dict[str, dict[str, int]] = field(default_factory=dict)

    @classmethod
    def at(cls, amounts: Amounts) -> Paid:
        return cls(amounts.period, amounts.basis, dict(amounts.components or {FLAT: amounts.flat}))

    @classmethod
    def of_nothing(cls) -> Paid:
        return cls("YEAR", "", {})

    def add(self, counted: Counted) -> None:
        village = self.villages.setdefault(str(counted.village_id), {})
        village[counted.component] = village.get(counted.component, 0) + counted.persons


@dataclass
class Outcome:
    """What changes for one programme. `moves` counts verdicts as "before>after"; `villages` is keyed by their id.

    `groups`: of each component and vulnerability, the counts of GROUP_COUNTS by village, where there are any.
    `paid` lacks a side (before, after) whose rule says no amounts: what it would cost is not known.
    """

    code: str
    name: str
    unit: str
    before_name: str
    after_name: str
    total: Tally = field(default_factory=Tally)
    moves: dict[str, int] = field(default_factory=dict)
    groups: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    villages: dict[str, Tally] = field(default_factory=dict)
    quotas: dict[str, int] = field(default_factory=dict)  # of the latest period, by region
    quota_period: str = ""
    paid: dict[str, Paid] = field(default_factory=dict)
    standing: int | None = None  # meet the rule as decided now, where only the touched were counted

    def add(self, cell: Cell) -> None:
        self.total.add(cell)
        self.villages.setdefault(str(cell.village_id), Tally()).add(cell)
        move = f"{cell.before or NO_RULE}>{cell.after or NO_RULE}"
        self.moves[move] = self.moves.get(move, 0) + cell.count
        for name, count in cell.groups.items():
            counted = self.groups.setdefault(name, {})
            if count and cell.before != cell.after:
                so_far = counted.setdefault(str(cell.village_id), [0] * len(GROUP_COUNTS))
                for at, is_one in enumerate(_counts_as(cell)):
                    so_far[at] += count if is_one else 0


def _counts_as(cell: Cell) -> tuple[bool, ...]:
    """Under which of GROUP_COUNTS somebody whose verdict changes is counted."""
    was, becomes = cell.before == ELIGIBLE, cell.after == ELIGIBLE
    is_loss = was and not becomes
    return (True, becomes and not was, is_loss, is_loss and cell.is_enrolled)


@dataclass(frozen=True)
class Comparison:
    as_of: date
    release_id: int | None
    release: str | None
    subjects: int
    seconds: float
    outcomes: tuple[Outcome, ...]

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat()}
