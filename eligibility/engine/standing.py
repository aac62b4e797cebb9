"""What stands on a day, as SQL: a decision that nothing superseded, of a programme that a rule holds for."""

from __future__ import annotations

_RULED = (
    "SELECT programme_id FROM eligibility_ruleset "
    "WHERE effective_from <= %(as_of)s AND (effective_to IS NULL OR effective_to >= %(as_of)s)"
)


def decision_stands(alias: str) -> str:
    """The reading of EligibilityDecision.standing_on; the programmes are looked up once a statement."""
    return f"{alias}.superseded_at IS NULL AND {alias}.programme_id = ANY(ARRAY({_RULED}))"
