"""Rule sets and their drafts, decisions, findings, runs and trials in the staff's browser admin."""

from eligibility.admin.decisions import EligibilityDecisionAdmin
from eligibility.admin.drafts import RuleDraftAdmin
from eligibility.admin.findings import FindingAdmin
from eligibility.admin.hand import HandDecisionAdmin
from eligibility.admin.quotas import QuotaAdmin
from eligibility.admin.release_panel import release_panel
from eligibility.admin.rules import RuleSetAdmin
from eligibility.admin.runs import ReverificationRunAdmin
from eligibility.admin.trials import TrialAdmin

__all__ = [
    "EligibilityDecisionAdmin",
    "FindingAdmin",
    "HandDecisionAdmin",
    "QuotaAdmin",
    "ReverificationRunAdmin",
    "RuleDraftAdmin",
    "RuleSetAdmin",
    "TrialAdmin",
    "release_panel",
]
