"""Lists beside the registry: received, their columns matched, checked, approved by a second person, applied.

The same way as a release where it fits; what differs and why: docs/decisions/0011-lists.md.
"""

from recipients.services.lists.applying import apply_list, approve_list, loses_many, seen_as, share_gone
from recipients.services.lists.checking import check_list
from recipients.services.lists.choosing import choose_sheets
from recipients.services.lists.columns import head_rows, last_mapping, map_list, suggestions
from recipients.services.lists.ending import (
    list_job,
    retry_list,
    settle_row,
    stopped_list_job,
    withdraw_list,
)
from recipients.services.lists.receiving import receive_list, recognise_list
from recipients.services.lists.steps import OPEN, ListRefused, refuse_list

__all__ = [
    "OPEN",
    "ListRefused",
    "apply_list",
    "approve_list",
    "check_list",
    "choose_sheets",
    "head_rows",
    "last_mapping",
    "list_job",
    "loses_many",
    "map_list",
    "receive_list",
    "recognise_list",
    "refuse_list",
    "retry_list",
    "seen_as",
    "settle_row",
    "share_gone",
    "stopped_list_job",
    "suggestions",
    "withdraw_list",
]
