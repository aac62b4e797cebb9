"""Rule sets, decisions and runs in the staff's browser admin."""

from eligibility.admin.decisions import EligibilityDecisionAdmin, ReverificationRunAdmin, RuleSetAdmin

__all__ = ["EligibilityDecisionAdmin", "ReverificationRunAdmin", "RuleSetAdmin"]
