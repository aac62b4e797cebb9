"""Rule sets, the decisions they lead to, and the runs that made them: a module a noun, all names here."""

from eligibility.enums import (
    DraftState,
    EndingState,
    FindingKind,
    FindingState,
    HandState,
    Outcome,
    RunState,
    Scope,
    Verdict,
)
from eligibility.models.decisions import EligibilityDecision, EligibilityDecisionQuerySet, Grounds
from eligibility.models.drafts import RuleDraft, RuleDraftQuerySet
from eligibility.models.endings import RuleEnding
from eligibility.models.findings import Finding, FindingEvent, FindingQuerySet
from eligibility.models.hand import HandDecision, HandDecisionQuerySet
from eligibility.models.rules import RuleSet, RuleSetQuerySet
from eligibility.models.runs import (
    DecidedShard,
    PinnedFlag,
    ReverificationRun,
    ReverificationRunQuerySet,
    ShardProof,
    ShardResult,
)
from eligibility.models.trials import Trial

__all__ = [
    "DecidedShard",
    "DraftState",
    "EligibilityDecision",
    "EligibilityDecisionQuerySet",
    "EndingState",
    "Finding",
    "FindingEvent",
    "FindingKind",
    "FindingQuerySet",
    "FindingState",
    "Grounds",
    "HandDecision",
    "HandDecisionQuerySet",
    "HandState",
    "Outcome",
    "PinnedFlag",
    "ReverificationRun",
    "ReverificationRunQuerySet",
    "RuleDraft",
    "RuleDraftQuerySet",
    "RuleEnding",
    "RuleSet",
    "RuleSetQuerySet",
    "RunState",
    "Scope",
    "ShardProof",
    "ShardResult",
    "Trial",
    "Verdict",
]
