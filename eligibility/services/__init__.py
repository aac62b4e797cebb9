"""The verbs of eligibility: load rule sets, verify, explain. What outsiders call stands here by name."""

from eligibility.engine.digest import standing_digest
from eligibility.rules.facts import RuleError
from eligibility.services.answers import (
    Explanation,
    ProgrammeAnswer,
    Reason,
    Versus,
)
from eligibility.services.checking import Checked, look_at
from eligibility.services.drafts import (
    DraftRefused,
    approve_draft,
    check_draft,
    seen_as,
    start_draft,
    text_of,
    withdraw_draft,
    write_draft,
)
from eligibility.services.ending import EndingRefused, approve_ending, propose_ending, withdraw_ending
from eligibility.services.explaining import (
    UnknownProgramme,
    UnknownSubject,
    compare_days,
    explain,
)
from eligibility.services.finding import FindingRefused, find_after
from eligibility.services.hand import (
    HandRefused,
    approve_hand_decision,
    decide_by_hand,
    end_hand_decision,
    open_to_hand,
    refuse_hand_decision,
)
from eligibility.services.inputs import unruled
from eligibility.services.keeping import keep_runs_going, queue_nightly
from eligibility.services.loading import Loaded, load_rule_sets
from eligibility.services.notices import (
    Notice,
    families_to_warn,
    mark_notices_printed,
    notices_to_print,
)
from eligibility.services.replaying import Replayed, replay
from eligibility.services.reporting import MORNING_REPORT, RUN_ALARM, alarm_text, morning_report_text
from eligibility.services.runs import (
    DECIDE_PROVEN,
    DECIDE_SHARD,
    FIND,
    MEASURE_PROVEN,
    MEASURE_SHARD,
    RunFailed,
    RunRefused,
    Verified,
    find_now,
    queue_verify,
    release_held_run,
    settle_runs,
    stop_held_run,
    verify,
)
from eligibility.services.shards import decide_proven, decide_shard, measure_proven, measure_shard
from eligibility.services.waiting import Standing, programmes_with_a_list, standings_of

__all__ = [
    "DECIDE_PROVEN",
    "DECIDE_SHARD",
    "FIND",
    "MEASURE_PROVEN",
    "MEASURE_SHARD",
    "MORNING_REPORT",
    "RUN_ALARM",
    "Checked",
    "DraftRefused",
    "EndingRefused",
    "Explanation",
    "FindingRefused",
    "HandRefused",
    "Loaded",
    "Notice",
    "ProgrammeAnswer",
    "Reason",
    "Replayed",
    "RuleError",
    "RunFailed",
    "RunRefused",
    "Standing",
    "UnknownProgramme",
    "UnknownSubject",
    "Verified",
    "Versus",
    "alarm_text",
    "approve_draft",
    "approve_ending",
    "approve_hand_decision",
    "check_draft",
    "compare_days",
    "decide_by_hand",
    "decide_proven",
    "decide_shard",
    "end_hand_decision",
    "explain",
    "families_to_warn",
    "find_after",
    "find_now",
    "keep_runs_going",
    "load_rule_sets",
    "look_at",
    "mark_notices_printed",
    "measure_proven",
    "measure_shard",
    "morning_report_text",
    "notices_to_print",
    "open_to_hand",
    "programmes_with_a_list",
    "propose_ending",
    "queue_nightly",
    "queue_verify",
    "refuse_hand_decision",
    "release_held_run",
    "replay",
    "seen_as",
    "settle_runs",
    "standing_digest",
    "standings_of",
    "start_draft",
    "stop_held_run",
    "text_of",
    "unruled",
    "verify",
    "withdraw_draft",
    "withdraw_ending",
    "write_draft",
]
