"""Rule sets, decisions, runs and trials in the staff's browser admin."""

from eligibility.admin.decisions import EligibilityDecisionAdmin, RuleSetAdmin
from eligibility.admin.release_panel import release_panel
from eligibility.admin.runs import ReverificationRunAdmin
from eligibility.admin.trials import TrialAdmin

__all__ = [
    "EligibilityDecisionAdmin",
    "ReverificationRunAdmin",
    "RuleSetAdmin",
    "TrialAdmin",
    "release_panel",
]
