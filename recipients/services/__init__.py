"""The verbs of recipients: files come in, flags are raised and settled, families are enrolled."""

from recipients.services.enrolment import enrol, move_enrolment
from recipients.services.facts import mark_families
from recipients.services.flags import confirm_flag, raise_flag, refute_flag
from recipients.services.imports import (
    DAY,
    MISSING_TO_CONFIRM,
    ImportRefused,
    apply_batch,
    approve_import,
    discard_unowned_uploads,
    job_of,
    keep_only_owned,
    mark_decided,
    preview_batch,
    receive_file,
    refuse_batch,
    retry_import,
    share_missing,
    stopped_job,
    validate_batch,
    withdraw_import,
)

__all__ = [
    "DAY",
    "MISSING_TO_CONFIRM",
    "ImportRefused",
    "apply_batch",
    "approve_import",
    "confirm_flag",
    "discard_unowned_uploads",
    "enrol",
    "job_of",
    "keep_only_owned",
    "mark_decided",
    "mark_families",
    "move_enrolment",
    "preview_batch",
    "raise_flag",
    "receive_file",
    "refuse_batch",
    "refute_flag",
    "retry_import",
    "share_missing",
    "stopped_job",
    "validate_batch",
    "withdraw_import",
]
