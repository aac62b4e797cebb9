"""Rule sets, decisions, runs and trials in the staff's browser admin."""

from eligibility.admin.decisions import EligibilityDecisionAdmin, RuleSetAdmin
from eligibility.admin.runs import ReverificationRunAdmin
from eligibility.admin.trials import TrialAdmin

__all__ = ["EligibilityDecisionAdmin", "ReverificationRunAdmin", "RuleSetAdmin", "TrialAdmin"]
