"""The verbs of eligibility: load rule sets, verify, explain. What outsiders call stands here by name."""

from eligibility.engine.digest import standing_digest
from eligibility.rules.facts import RuleError
from eligibility.services.answers import (
    Explanation,
    ProgrammeAnswer,
    Reason,
    ShownDecision,
    Versus,
)
from eligibility.services.checking import Checked, look_at
from eligibility.services.drafts import (
    DraftRefused,
    approve_draft,
    check_draft,
    start_draft,
    text_of,
    withdraw_draft,
    write_draft,
)
from eligibility.services.explaining import (
    UnknownProgramme,
    UnknownSubject,
    compare_days,
    decisions_of,
    explain,
)
from eligibility.services.finding import EARLY_WARNING, FindingRefused, early_warning_text, find_after
from eligibility.services.hand import (
    HandRefused,
    allows_hand,
    approve_hand_decision,
    decide_by_hand,
    end_hand_decision,
    refuse_hand_decision,
)
from eligibility.services.keeping import keep_runs_going, queue_nightly
from eligibility.services.loading import Loaded, load_rule_sets
from eligibility.services.replaying import Replayed, replay
from eligibility.services.reporting import MORNING_REPORT, RUN_ALARM, alarm_text, morning_report_text
from eligibility.services.runs import (
    DECIDE_SHARD,
    FIND,
    MEASURE_SHARD,
    RunFailed,
    RunRefused,
    Verified,
    queue_verify,
    release_held_run,
    settle_runs,
    stop_held_run,
    verify,
)
from eligibility.services.shards import decide_shard, measure_shard

__all__ = [
    "DECIDE_SHARD",
    "EARLY_WARNING",
    "FIND",
    "MEASURE_SHARD",
    "MORNING_REPORT",
    "RUN_ALARM",
    "Checked",
    "DraftRefused",
    "Explanation",
    "FindingRefused",
    "HandRefused",
    "Loaded",
    "ProgrammeAnswer",
    "Reason",
    "Replayed",
    "RuleError",
    "RunFailed",
    "RunRefused",
    "ShownDecision",
    "UnknownProgramme",
    "UnknownSubject",
    "Verified",
    "Versus",
    "alarm_text",
    "allows_hand",
    "approve_draft",
    "approve_hand_decision",
    "check_draft",
    "compare_days",
    "decide_by_hand",
    "decide_shard",
    "decisions_of",
    "early_warning_text",
    "end_hand_decision",
    "explain",
    "find_after",
    "keep_runs_going",
    "load_rule_sets",
    "look_at",
    "measure_shard",
    "morning_report_text",
    "queue_nightly",
    "queue_verify",
    "refuse_hand_decision",
    "release_held_run",
    "replay",
    "settle_runs",
    "standing_digest",
    "start_draft",
    "stop_held_run",
    "text_of",
    "verify",
    "withdraw_draft",
    "write_draft",
]
