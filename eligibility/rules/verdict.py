"""Three verdicts: a missing fact asks for a person's look, it never refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

ELIGIBLE = "ELIGIBLE"
INELIGIBLE = "INELIGIBLE"
NEEDS_REVIEW = "NEEDS_REVIEW"
WARNING = "WARNING"  # of a finding only: it is told, and it changes no verdict

# How much an unmet condition weighs; a rule set says so, condition by condition.
REFUSES = "refuses"
REVIEWS = "needs_review"
WARNS = "warns"
SEVERITIES = (REFUSES, REVIEWS, WARNS)

# What a condition says before its severity: met, not to be told, not met.
MET, UNSURE, UNMET = 0, 1, 2

_WEIGHED = {
    REFUSES: (ELIGIBLE, NEEDS_REVIEW, INELIGIBLE),
    REVIEWS: (ELIGIBLE, NEEDS_REVIEW, NEEDS_REVIEW),
    WARNS: (ELIGIBLE, WARNING, WARNING),
}


@dataclass(frozen=True)
class Finding:
    """What one condition says of one subject: `seen` against `limit`, from which source; of members counted from one
    age to another also `ages`."""

    code: str
    verdict: str
    seen: Any
    limit: Any
    source: str
    ages: list[int] | None = None

    def as_dict(self) -> dict[str, Any]:
        """As a decision keeps it: no ages where none are told."""
        told = asdict(self)
        return told if self.ages else {name: value for name, value in told.items() if name != "ages"}


def weigh(outcome: int, severity: str) -> str:
    """The verdict of a finding."""
    return _WEIGHED[severity][outcome]


def combine(verdicts: Iterable[str]) -> str:
    """One refusal refuses; else one doubt asks for a look; else the rule is met. A warning weighs nothing."""
    seen = set(verdicts)
    if INELIGIBLE in seen:
        return INELIGIBLE
    return NEEDS_REVIEW if NEEDS_REVIEW in seen else ELIGIBLE
