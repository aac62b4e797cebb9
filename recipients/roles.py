"""Who may do what: a role is a Django group with exactly these permissions (domain.md 2, separation of duties).

Area is another matter: a role without `see_whole_district` sees the villages of its StaffArea rows and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from recipients.models.region import WHOLE_DISTRICT

VIEW_FAMILY = "recipients.view_family"
REVEAL = "recipients.reveal_number"
EXPORT_CHANGES = "recipients.export_decilechange"
UPLOAD = "recipients.add_importbatch"
APPROVE = "recipients.approve_importbatch"
WRITE_RULES = "eligibility.add_ruledraft"
APPROVE_RULES = "eligibility.approve_ruledraft"
ASK_BY_HAND = "eligibility.add_handdecision"
APPROVE_BY_HAND = "eligibility.approve_handdecision"
TRY_RULES = "eligibility.add_trial"
CHANGE_REGION = "recipients.change_region"  # BPS codes and aliases, by the table only
SET_TOLERANCE = "recipients.change_tolerance"
SET_HOLIDAYS = "objections.change_holiday"
SET_VILLAGE_HELP = "objections.change_villagehelp"
WRITE_CODE_BOOK = "recipients.add_codebook"
MOVE_ENROLMENT = "recipients.move_enrolment"
REPLACE_CARETAKER = "recipients.replace_caretaker"
SETTLE_FLAG = "recipients.settle_externalflag"
APPROVE_STEP = "recipients.approve_proposedstep"
PROPOSE_STEP = (MOVE_ENROLMENT, REPLACE_CARETAKER, SETTLE_FLAG)
HANDLE_OBJECTION = "objections.handle_objection"
DECIDE_OBJECTION = "objections.decide_objection"
PRINT_LETTER = "objections.print_letter"
WRITE_CLIP = "objections.add_audioclip"
APPROVE_CLIP = "objections.approve_audioclip"
SEE_REPORTER = "objections.see_reporter"
HOLD_MUSDES = "objections.add_musdes"
WRITE_LETTER_TEXT = "objections.add_lettertemplate"
APPROVE_LETTER_TEXT = "objections.approve_lettertemplate"
WRITE_OFFICE_RULE = "objections.add_officerule"
APPROVE_OFFICE_RULE = "objections.approve_officerule"
PROPOSE = "recipients.add_updateproposal"
ENDORSE_PROPOSAL = "recipients.endorse_updateproposal"
PACK_PROPOSALS = "recipients.add_proposalpack"
KEY_PROPOSAL = "recipients.key_updateproposal"
RECORD_VISIT = "objections.record_visit"
FILE_FOR_OTHERS = "objections.file_for_others"
RESEND = "common.change_message"
HANDLE_FINDING = "eligibility.handle_finding"
PROPOSE_FINDING = "eligibility.propose_finding"
CONFIRM_FINDING = "eligibility.confirm_finding"
SETTLE_RUN = "eligibility.settle_reverificationrun"

# Verbs that Django's four (add, change, delete, view) do not have: permission -> model, what it allows.
OWN_PERMISSIONS = {
    APPROVE_RULES: ("ruledraft", "May approve a rule set that somebody else wrote"),
    APPROVE_BY_HAND: ("handdecision", "May approve a decision by hand that somebody else asked for"),
    REVEAL: ("family", "May see a full NIK or card number, with a reason that is logged"),
    EXPORT_CHANGES: ("decilechange", "May download the list of decile changes of the own area"),
    MOVE_ENROLMENT: ("enrolment", "May ask for an enrolment to be suspended, resumed or ended"),
    REPLACE_CARETAKER: ("enrolment", "May ask for another adult of the family as its caretaker"),
    SETTLE_FLAG: ("externalflag", "May ask for a flag to be found proven or not"),
    APPROVE_STEP: ("proposedstep", "May take a step that somebody else asked for"),
    APPROVE: ("importbatch", "May approve a release that somebody else uploaded"),
    ENDORSE_PROPOSAL: ("updateproposal", "May endorse a proposal to the centre that somebody else wrote"),
    KEY_PROPOSAL: ("updateproposal", "May note that a proposal was typed into the centre's system"),
    HANDLE_OBJECTION: ("objection", "May check an objection"),
    DECIDE_OBJECTION: ("objection", "May decide an objection"),
    HANDLE_FINDING: ("finding", "May take findings of the own worklist and close them with a reason"),
    PROPOSE_FINDING: ("finding", "May propose what a finding leads to"),
    CONFIRM_FINDING: ("finding", "May confirm what somebody else proposed"),
    SETTLE_RUN: ("reverificationrun", "May let a run that was held go on, or stop it"),
    PRINT_LETTER: ("objection", "May print notice letters with codes"),
    APPROVE_LETTER_TEXT: ("lettertemplate", "May approve a letter's text that somebody else wrote"),
    APPROVE_OFFICE_RULE: ("officerule", "May approve a rule of the office that somebody else wrote"),
    APPROVE_CLIP: ("audioclip", "May approve a recording that somebody else brought"),
    SEE_REPORTER: ("objection", "May see who reported a well-off recipient"),
    RECORD_VISIT: ("objection", "May record a field visit"),
    FILE_FOR_OTHERS: ("objection", "May file an objection for somebody who is present"),
}

_CASES = (
    "recipients.view_family",
    "recipients.view_decilechange",
    "recipients.view_region",
    "recipients.view_enrolment",
    "recipients.view_payoutrecord",
    "recipients.view_externalflag",
    "recipients.view_proposedstep",
    "recipients.view_registryrelease",
    "recipients.view_updateproposal",
    "eligibility.view_eligibilitydecision",
    "eligibility.view_ruleset",
    "eligibility.view_handdecision",
    "eligibility.view_finding",
    "recipients.view_quota",
    "objections.view_objection",
    "objections.view_remedy",
    "objections.view_fieldvisit",
    "objections.view_letter",
    "objections.view_musdes",
    "objections.view_lettertemplate",
    "objections.view_audioclip",
    "objections.view_villagehelp",
)
_IMPORTS = (
    "recipients.view_importbatch",
    "recipients.view_importrow",
    "recipients.view_listdelivery",
    "recipients.view_listrow",
    "recipients.view_decileceiling",
    "recipients.view_tolerance",
    "recipients.view_codebook",
    "eligibility.view_reverificationrun",
    "eligibility.view_trial",
    "eligibility.view_ruledraft",
    TRY_RULES,
)

_VILLAGE_HELP = ("objections.add_villagehelp", SET_VILLAGE_HELP, "objections.delete_villagehelp")
_CLOCK = (
    "objections.view_holiday", "objections.view_servicetime", "recipients.view_submissionwindow",
    "objections.view_officerule",
)  # fmt: skip

ROLES: dict[str, tuple[str, ...]] = {
    "village_operator": (
        *_CASES, REVEAL, PRINT_LETTER, PROPOSE, KEY_PROPOSAL, RECORD_VISIT, FILE_FOR_OTHERS,
        HANDLE_FINDING, HOLD_MUSDES,
    ),
    "facilitator": (*_CASES, RECORD_VISIT, FILE_FOR_OTHERS),
    "subdistrict_coordinator": (*_CASES, EXPORT_CHANGES),
    "office_verifier": (
        *_CASES, WHOLE_DISTRICT, REVEAL, EXPORT_CHANGES, HANDLE_OBJECTION, PRINT_LETTER, RECORD_VISIT,
        FILE_FOR_OTHERS, *_CLOCK, PROPOSE, KEY_PROPOSAL, PACK_PROPOSALS, ASK_BY_HAND, "recipients.view_proposalpack",
        HANDLE_FINDING, PROPOSE_FINDING, SETTLE_FLAG, REPLACE_CARETAKER, MOVE_ENROLMENT, WRITE_LETTER_TEXT, HOLD_MUSDES,
        WRITE_OFFICE_RULE, WRITE_CLIP,
    ),
    "office_head": (
        *_CASES, *_IMPORTS, WHOLE_DISTRICT, REVEAL, EXPORT_CHANGES, APPROVE, DECIDE_OBJECTION, PRINT_LETTER,
        APPROVE_STEP, SETTLE_RUN, APPROVE_RULES, APPROVE_BY_HAND, CONFIRM_FINDING, APPROVE_LETTER_TEXT,
        APPROVE_OFFICE_RULE, APPROVE_CLIP,
        SEE_REPORTER, SET_TOLERANCE, *_CLOCK, "objections.add_holiday", SET_HOLIDAYS, "objections.delete_holiday",
        "objections.change_servicetime", "recipients.add_submissionwindow", "recipients.change_submissionwindow",
        "recipients.delete_submissionwindow",
        ENDORSE_PROPOSAL, PACK_PROPOSALS, "recipients.view_proposalpack",
        "recipients.view_accesslog", "common.view_message", *_VILLAGE_HELP,
    ),
    "data_admin": (
        *_CASES, *_IMPORTS, WHOLE_DISTRICT, REVEAL, EXPORT_CHANGES, UPLOAD, WRITE_RULES, "recipients.add_quota",
        CHANGE_REGION, WRITE_CODE_BOOK, "common.view_message", *_VILLAGE_HELP,
    ),
    "auditor": (
        *_CASES, *_IMPORTS, WHOLE_DISTRICT, REVEAL, EXPORT_CHANGES,
        SEE_REPORTER, *_CLOCK, "recipients.view_accesslog", "recipients.view_proposalpack",
        "recipients.view_staffarea",
        "common.view_job", "common.view_message",
        "admin.view_logentry",
    ),
    "system_admin": (
        "auth.view_user", "auth.add_user", "auth.change_user", "auth.view_group",
        "recipients.view_staffarea", "recipients.add_staffarea", "recipients.change_staffarea",
        "recipients.delete_staffarea", "recipients.view_region", "common.view_job", "common.view_message", RESEND,
        "common.view_shelvedmessage",
        "eligibility.view_ruleset", "eligibility.view_reverificationrun", "objections.view_villagehelp",
    ),
    "assisted_agent": (
        "recipients.view_region", "eligibility.view_ruleset", "objections.view_villagehelp", FILE_FOR_OTHERS,
    ),
}  # fmt: skip

# Roles that one person never holds together: who brings data in does not approve it, who checks a case does not
# decide it, who hands out logins sees no case. bansos/checks.py holds ROLES to it.
INCOMPATIBLE: tuple[tuple[str, str], ...] = (
    ("data_admin", "office_head"),
    ("office_verifier", "office_head"),
    ("village_operator", "office_head"),
    ("system_admin", "village_operator"),
    ("system_admin", "facilitator"),
    ("system_admin", "subdistrict_coordinator"),
    ("system_admin", "office_verifier"),
    ("system_admin", "office_head"),
    ("system_admin", "data_admin"),
    ("system_admin", "auditor"),
)
# The same in permissions: no one person has both.
APART = (
    (UPLOAD, APPROVE),
    (HANDLE_OBJECTION, DECIDE_OBJECTION),
    (PROPOSE, ENDORSE_PROPOSAL),
    (WRITE_RULES, APPROVE_RULES),
    (ASK_BY_HAND, APPROVE_BY_HAND),
    (PROPOSE_FINDING, CONFIRM_FINDING),
    *((one, APPROVE_STEP) for one in PROPOSE_STEP),
    (WRITE_LETTER_TEXT, APPROVE_LETTER_TEXT),
    (WRITE_OFFICE_RULE, APPROVE_OFFICE_RULE),
    (WRITE_CLIP, APPROVE_CLIP),
    ("auth.change_user", "recipients.view_family"),
)

LABELS = {
    "village_operator": "Operator desa",
    "facilitator": "Pendamping",
    "subdistrict_coordinator": "Koordinator kecamatan",
    "office_verifier": "Verifikator Dinas Sosial",
    "office_head": "Kepala Dinas Sosial",
    "data_admin": "Pengelola data",
    "auditor": "Auditor",
    "system_admin": "Admin sistem",
    "assisted_agent": "Agen perbantuan",
}


def named(user: Any) -> str:
    """A person as the office knows them: the name behind the login, and the login."""
    name = user.get_full_name()
    return f"{name} ({user.get_username()})" if name else user.get_username()


def holders(*roles: str) -> Any:
    """The active accounts that hold one of the roles."""
    return User.objects.filter(groups__name__in=roles, is_active=True).distinct().order_by("pk")


def role_labels(user: Any) -> list[str]:
    return [LABELS.get(name, name) for name in user.groups.order_by("name").values_list("name", flat=True)]


def conflicts(roles: Iterable[str]) -> list[tuple[str, str]]:
    """The pairs among these roles that one person must not hold together."""
    held = set(roles)
    return [pair for pair in INCOMPATIBLE if held.issuperset(pair)]


def uncovered_conflicts() -> list[str]:
    """Roles, or pairs of roles, that join two duties of APART and are not in INCOMPATIBLE."""
    listed = {frozenset(pair) for pair in INCOMPATIBLE}
    joined = {
        frozenset((first, second))
        for one, other in APART
        for first, has in ROLES.items()
        for second, also in ROLES.items()
        if one in has and other in also
    }
    return sorted(" + ".join(sorted(roles)) for roles in joined - listed)


@transaction.atomic
def install_roles() -> list[str]:
    """Make every group have exactly the permissions above; doing it again changes nothing."""
    _make_own_permissions()
    for role, names in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        group.permissions.set(_permissions(names))
    return list(ROLES)


def _make_own_permissions() -> None:
    for name, (model, words) in OWN_PERMISSIONS.items():
        app, codename = name.split(".")
        kind, _made = ContentType.objects.get_or_create(app_label=app, model=model)
        Permission.objects.update_or_create(content_type=kind, codename=codename, defaults={"name": words})


def _permissions(names: Iterable[str]) -> list[Permission]:
    """Every name must exist: a misspelled permission is an error, never a silent gap."""
    found = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    return [found[name] for name in names]
