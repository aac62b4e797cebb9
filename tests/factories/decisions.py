"""Decisions written by hand, on grounds of their own."""

from __future__ import annotations

from typing import Any

from eligibility.models import EligibilityDecision, Grounds


def make_decision(*, findings: list[dict[str, Any]] | None = None, **row: Any) -> EligibilityDecision:
    grounds = Grounds.objects.create(
        rule_set=row["rule_set"], verdict=row["verdict"], findings=findings or []
    )
    return EligibilityDecision.objects.create(grounds=grounds, **row)
