"""The verbs of objections: filed, matched, moved by the table in moves.py."""

from objections.moves import DECIDE, FILE_FOR_OTHERS, VISIT
from objections.moves import HANDLE as CHECK
from objections.services.adding import add
from objections.services.assisting import family_of, ties
from objections.services.centre import answered_cases, tell_centre_answers
from objections.services.clips import take_clip_off, write_clip
from objections.services.deciding import approve, propose
from objections.services.filing import MATCH, Filing, file, kind_of, open_case
from objections.services.holding import ESCALATE, assign, escalate_late, may_assign
from objections.services.letter_texts import write_text
from objections.services.letters import hand_over, page_of, post_letter, print_letters
from objections.services.matching import confirm_match, match, set_reported_family
from objections.services.moving import (
    MoveRefused,
    ask_again,
    ask_for_completion,
    close_by_centre,
    complete,
    explain,
    finish_check,
    in_time_to_ask_again,
    merge,
    send_back,
    start_check,
    withdraw,
)
from objections.services.musdes import Said, close_musdes, for_agenda, plan_musdes, record_musdes
from objections.services.office_rules import may_shut, shut_list_check, write_rule
from objections.services.phone_codes import purge_phone_codes, send_code, use_code
from objections.services.phones import (
    case_beside,
    change_phone,
    confirm_beside,
    confirm_phone,
    end_phone,
    families_of_phone,
    why_not_beside,
)
from objections.services.phones import may_end as may_end_phone
from objections.services.phones import standing as standing_phone
from objections.services.remedies import (
    PREPARED_IN,
    drop_remedy,
    prepare_correction,
    prepare_elsewhere,
    prepare_proposal,
    prepare_refutation,
)
from objections.services.removing import remove_old_evidence
from objections.services.second_look import told as told_of_second_look
from objections.services.second_look import why_not as why_not_again
from objections.services.telling import choose_notice, choose_notice_for, may_choose_for
from objections.services.together import approve_together, others_looking
from objections.services.versions import approve_version, withdraw_version
from objections.services.visiting import VISITED_IN, Report, Seen, place_of, plan_visits, record_visit

__all__ = [
    "CHECK",
    "DECIDE",
    "ESCALATE",
    "FILE_FOR_OTHERS",
    "MATCH",
    "PREPARED_IN",
    "VISIT",
    "VISITED_IN",
    "Filing",
    "MoveRefused",
    "Report",
    "Said",
    "Seen",
    "add",
    "answered_cases",
    "approve",
    "approve_together",
    "approve_version",
    "ask_again",
    "ask_for_completion",
    "assign",
    "case_beside",
    "change_phone",
    "choose_notice",
    "choose_notice_for",
    "close_by_centre",
    "close_musdes",
    "complete",
    "confirm_beside",
    "confirm_match",
    "confirm_phone",
    "drop_remedy",
    "end_phone",
    "escalate_late",
    "explain",
    "families_of_phone",
    "family_of",
    "file",
    "finish_check",
    "for_agenda",
    "hand_over",
    "in_time_to_ask_again",
    "kind_of",
    "match",
    "may_assign",
    "may_choose_for",
    "may_end_phone",
    "may_shut",
    "merge",
    "open_case",
    "others_looking",
    "page_of",
    "place_of",
    "plan_musdes",
    "plan_visits",
    "post_letter",
    "prepare_correction",
    "prepare_elsewhere",
    "prepare_proposal",
    "prepare_refutation",
    "print_letters",
    "propose",
    "purge_phone_codes",
    "record_musdes",
    "record_visit",
    "remove_old_evidence",
    "send_back",
    "send_code",
    "set_reported_family",
    "shut_list_check",
    "standing_phone",
    "start_check",
    "take_clip_off",
    "tell_centre_answers",
    "ties",
    "told_of_second_look",
    "use_code",
    "why_not_again",
    "why_not_beside",
    "withdraw",
    "withdraw_version",
    "write_clip",
    "write_rule",
    "write_text",
]
