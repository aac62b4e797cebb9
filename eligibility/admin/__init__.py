"""Rule sets, decisions, runs and trials in the staff's browser admin."""

from eligibility.admin.decisions import EligibilityDecisionAdmin, ReverificationRunAdmin, RuleSetAdmin
from eligibility.admin.trials import TrialAdmin

__all__ = ["EligibilityDecisionAdmin", "ReverificationRunAdmin", "RuleSetAdmin", "TrialAdmin"]
