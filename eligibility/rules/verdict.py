"""Three verdicts: a missing fact asks for a person's look, it never refuses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

ELIGIBLE = "ELIGIBLE"
INELIGIBLE = "INELIGIBLE"
NEEDS_REVIEW = "NEEDS_REVIEW"


@dataclass(frozen=True)
class Finding:
    """What one condition says of one subject: `seen` against `limit`, from which source."""

    code: str
    verdict: str
    seen: Any
    limit: Any
    source: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def combine(verdicts: Iterable[str]) -> str:
    """One refusal refuses; else one doubt asks for a look; else the rule is met."""
    seen = set(verdicts)
    if INELIGIBLE in seen:
        return INELIGIBLE
    return NEEDS_REVIEW if NEEDS_REVIEW in seen else ELIGIBLE
