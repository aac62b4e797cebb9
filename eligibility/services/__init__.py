"""The verbs of eligibility: load rule sets, verify, explain. What outsiders call stands here by name."""

from eligibility.engine.digest import standing_digest
from eligibility.rules.facts import RuleError
from eligibility.services.explaining import (
    Explanation,
    ProgrammeAnswer,
    Reason,
    ShownDecision,
    UnknownProgramme,
    UnknownSubject,
    decisions_of,
    explain,
)
from eligibility.services.keeping import keep_runs_going, queue_nightly
from eligibility.services.loading import Loaded, load_rule_sets
from eligibility.services.runs import (
    DECIDE_SHARD,
    RunFailed,
    Verified,
    decide_shard,
    queue_verify,
    settle_runs,
    verify,
)

__all__ = [
    "DECIDE_SHARD",
    "Explanation",
    "Loaded",
    "ProgrammeAnswer",
    "Reason",
    "RuleError",
    "RunFailed",
    "ShownDecision",
    "UnknownProgramme",
    "UnknownSubject",
    "Verified",
    "decide_shard",
    "decisions_of",
    "explain",
    "keep_runs_going",
    "load_rule_sets",
    "queue_nightly",
    "queue_verify",
    "settle_runs",
    "standing_digest",
    "verify",
]
