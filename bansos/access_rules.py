"""Who may open which page under /staf/, by the name of its address. A page without a line here fails the test run.

The rules are enforced by permissions (recipients/roles.py) and `visible_to`; this table says what must come out, and
tests/bansos/test_access_matrix.py tries every role at every address, inside and outside its area.
"""

from __future__ import annotations

from recipients.roles import ROLES

Roles = frozenset[str]

EVERYONE: Roles = frozenset(ROLES)
NOBODY: Roles = frozenset()
WHOLE_DISTRICT_CASES: Roles = frozenset({"office_verifier", "office_head", "data_admin", "auditor"})
AREA_CASES: Roles = frozenset({"village_operator", "facilitator", "subdistrict_coordinator"})
CASES = WHOLE_DISTRICT_CASES | AREA_CASES
IMPORTS: Roles = frozenset({"office_head", "data_admin", "auditor"})
SYSTEM: Roles = frozenset({"system_admin"})
REVEALERS: Roles = WHOLE_DISTRICT_CASES | {"village_operator"}
EXPORTERS: Roles = WHOLE_DISTRICT_CASES | {"subdistrict_coordinator"}
PROPOSERS: Roles = frozenset({"office_verifier", "village_operator"})
PACKS: Roles = frozenset({"office_verifier", "office_head", "auditor"})

CHECKERS: Roles = frozenset({"office_verifier"})
HEAD: Roles = frozenset({"office_head"})
VILLAGE_HELP: Roles = frozenset({"office_head", "data_admin"})
CLOCK: Roles = frozenset({"office_head", "office_verifier", "auditor"})
VISITORS: Roles = frozenset({"office_verifier", "village_operator", "facilitator"})
MUSDES: Roles = frozenset({"office_verifier", "village_operator"})
LETTERS: Roles = frozenset({"office_verifier", "office_head", "village_operator"})

FILERS: Roles = frozenset({"village_operator", "facilitator", "office_verifier", "assisted_agent"})


def _pages(
    model: str, viewers: Roles, *, add: Roles = NOBODY, change: Roles = NOBODY, delete: Roles = NOBODY
) -> dict[str, Roles]:
    """The five pages of stock admin for a model."""
    return {
        f"{model}_changelist": viewers | change,
        f"{model}_change": viewers | change,
        f"{model}_history": viewers | change,
        f"{model}_add": add,
        f"{model}_delete": delete,
    }


RULES: dict[str, Roles] = {
    "index": EVERYONE,
    "password_change": EVERYONE,
    "password_change_done": EVERYONE,
    "second_step": EVERYONE,
    "second_step_setup": EVERYONE,
    "jsi18n": EVERYONE,
    "view_on_site": NOBODY,  # no model of ours has an address outside the admin
    "app_list": EVERYONE,  # shows the lists the role may open; an app without any answers 404
    "autocomplete": EVERYONE,  # regions of the own area; other models by their own view permission
    **_pages("recipients_family", CASES),
    "recipients_family_search": CASES,
    "recipients_family_reveal": REVEALERS,
    **_pages("recipients_decilechange", CASES),
    "recipients_decilechange_export": EXPORTERS,
    "recipients_family_propose": PROPOSERS,
    **_pages("recipients_updateproposal", CASES),
    "recipients_updateproposal_endorse": frozenset({"office_head"}),
    "recipients_updateproposal_withdraw": PROPOSERS | {"office_head"},
    "recipients_updateproposal_keyed": PROPOSERS,
    **_pages("recipients_proposalpack", PACKS),
    "recipients_proposalpack_make": PACKS - {"auditor"},
    "recipients_proposalpack_download": PACKS - {"auditor"},
    "recipients_proposalpack_keyed": frozenset({"office_verifier"}),
    **_pages("recipients_enrolment", CASES),
    "recipients_enrolment_move": frozenset({"office_verifier"}),
    "recipients_enrolment_caretaker": frozenset({"office_verifier"}),
    **_pages("recipients_payoutrecord", CASES),
    "recipients_quota_table": CASES,  # who may put in is for the page to say
    **_pages("recipients_decileceiling", IMPORTS),
    "recipients_decileceiling_table": IMPORTS,
    **_pages("recipients_tolerance", IMPORTS, change=HEAD),
    "recipients_tolerance_table": IMPORTS,
    **_pages("recipients_codebook", IMPORTS),
    "recipients_codebook_make": frozenset({"data_admin"}),
    "recipients_region_table": EVERYONE,
    "recipients_staffarea_table": SYSTEM | {"auditor"},
    **_pages("recipients_externalflag", CASES),
    "recipients_externalflag_settle": frozenset({"office_verifier"}),
    **_pages("recipients_proposedstep", CASES),
    "recipients_proposedstep_settle": frozenset({"office_verifier", "office_head"}),
    **_pages("recipients_importbatch", IMPORTS),
    "recipients_import_upload": frozenset({"data_admin"}),
    "recipients_import_approve": frozenset({"office_head"}),
    "recipients_import_withdraw": frozenset({"data_admin", "office_head"}),
    "recipients_import_retry": frozenset({"data_admin", "office_head"}),
    "recipients_import_refused": frozenset({"data_admin"}),
    "recipients_import_fix": IMPORTS,
    "recipients_import_mended": frozenset({"data_admin"}),
    "recipients_import_unfix": frozenset({"data_admin"}),
    "recipients_import_recheck": frozenset({"data_admin"}),
    "recipients_import_sheets": frozenset({"data_admin"}),
    "recipients_import_receipt": IMPORTS,
    "recipients_import_families": IMPORTS,
    "recipients_import_families_export": IMPORTS,
    "recipients_import_publish": frozenset({"office_head"}),
    "recipients_import_ask_undo": frozenset({"data_admin", "office_head"}),
    "recipients_import_drop_undo": frozenset({"data_admin", "office_head"}),
    "recipients_import_undo": frozenset({"data_admin", "office_head"}),
    **_pages("recipients_importrow", IMPORTS),
    **_pages("recipients_listdelivery", IMPORTS),
    "recipients_list_upload": frozenset({"data_admin"}),
    "recipients_list_map": frozenset({"data_admin"}),
    "recipients_list_sheets": frozenset({"data_admin"}),
    "recipients_list_approve": frozenset({"office_head"}),
    "recipients_list_withdraw": frozenset({"data_admin", "office_head"}),
    "recipients_list_retry": frozenset({"data_admin", "office_head"}),
    "recipients_list_receipt": IMPORTS,
    "recipients_list_remainder": frozenset({"data_admin"}),
    **_pages("recipients_listrow", IMPORTS),
    "recipients_listrow_settle": frozenset({"data_admin"}),
    **_pages("recipients_registryrelease", CASES),
    **_pages("recipients_region", EVERYONE),
    **_pages("recipients_accesslog", frozenset({"office_head", "auditor"})),
    **_pages("recipients_staffarea", SYSTEM | {"auditor"}, add=SYSTEM, change=SYSTEM, delete=SYSTEM),
    **_pages("eligibility_eligibilitydecision", CASES),
    "recipients_family_explain": CASES,
    **_pages("eligibility_ruleset", EVERYONE),
    "eligibility_ruleset_download": EVERYONE,
    "eligibility_ruleset_end": frozenset({"data_admin", "office_head"}),
    **_pages("eligibility_ruledraft", IMPORTS, add=frozenset({"data_admin"})),
    "eligibility_ruledraft_write": frozenset({"data_admin"}),
    "eligibility_ruledraft_check": frozenset({"data_admin", "office_head"}),
    "eligibility_ruledraft_approve": frozenset({"office_head"}),
    "eligibility_ruledraft_withdraw": frozenset({"data_admin", "office_head"}),
    "eligibility_ruledraft_download": IMPORTS,
    **_pages("eligibility_handdecision", CASES),
    "eligibility_handdecision_ask": frozenset({"office_verifier"}),
    "eligibility_handdecision_settle": frozenset({"office_head"}),
    **_pages("recipients_quota", CASES, add=frozenset({"data_admin"})),
    "recipients_quota_ladder": CASES,
    **_pages("eligibility_finding", CASES),
    "eligibility_finding_export": EXPORTERS,
    "eligibility_finding_bulk": frozenset({"village_operator", "office_verifier", "office_head"}),
    **_pages("eligibility_reverificationrun", IMPORTS | SYSTEM),
    **_pages("eligibility_trial", IMPORTS),
    "eligibility_trial_ask": IMPORTS,
    "eligibility_release_trial": IMPORTS,
    "eligibility_trial_families": IMPORTS,
    "eligibility_trial_export": IMPORTS,
    "eligibility_trial_cost": IMPORTS,
    "eligibility_reverificationrun_csv": IMPORTS | SYSTEM,
    "eligibility_reverificationrun_release": frozenset({"office_head"}),
    "eligibility_reverificationrun_stop": frozenset({"office_head"}),
    **_pages("objections_objection", CASES),
    **_pages("objections_holiday", CLOCK, add=HEAD, change=HEAD, delete=HEAD),
    "objections_holiday_table": CLOCK,
    **_pages("recipients_submissionwindow", CLOCK, add=HEAD, change=HEAD, delete=HEAD),
    **_pages("objections_servicetime", CLOCK, change=HEAD),
    **_pages("objections_villagehelp", EVERYONE, add=VILLAGE_HELP, change=VILLAGE_HELP, delete=VILLAGE_HELP),
    "objections_villagehelp_table": EVERYONE,  # who may put in is for the page to say
    "objections_objection_search": CASES,
    "objections_objection_approve": HEAD,
    "objections_objection_hand": frozenset({"office_verifier", "office_head"}),
    "objections_objection_confirm": CHECKERS,
    "objections_objection_reported": CHECKERS,
    "objections_objection_phone": FILERS - {"assisted_agent"} | HEAD,
    "objections_objection_telling": FILERS - {"assisted_agent"},
    "objections_objection_remedies": frozenset({"office_verifier"}),
    **_pages("objections_remedy", CASES),
    "objections_remedy_drop": frozenset({"office_verifier"}),
    **_pages("objections_fieldvisit", CASES),
    "objections_fieldvisit_plan": VISITORS,
    "objections_fieldvisit_record": VISITORS,
    "objections_fieldvisit_place": CHECKERS,
    "objections_objection_move": CASES,  # which step a role may take is for the services to say
    "objections_attachment": CASES,
    "objections_attachment_taken": CHECKERS,
    "objections_objection_evidence": CHECKERS,
    "objections_assist": FILERS,
    "objections_assist_tell": FILERS,
    "objections_assist_send": FILERS,
    "objections_assist_receipt": FILERS,
    "objections_assist_form": FILERS,
    "objections_beside": FILERS - {"assisted_agent"},
    "objections_beside_family": FILERS - {"assisted_agent"},
    "objections_phone": FILERS - {"assisted_agent"},
    "objections_phone_typed": FILERS - {"assisted_agent"},
    "objections_letters": LETTERS,
    "objections_familyletter": LETTERS,
    **_pages("objections_letter", CASES),
    "objections_letter_print": LETTERS,
    "objections_letter_again": LETTERS,
    "objections_letter_hand": LETTERS,
    "objections_objection_letter": LETTERS,
    "objections_objection_postletter": LETTERS,
    **_pages("objections_musdes", CASES),
    "objections_musdes_plan": MUSDES,
    "objections_musdes_agenda": MUSDES,
    "objections_musdes_results": MUSDES,
    "objections_musdes_close": MUSDES,
    "objections_musdes_minutes": CASES,
    **_pages("objections_lettertemplate", CASES),
    "objections_lettertemplate_write": CHECKERS,
    "objections_lettertemplate_settle": HEAD,
    "objections_lettertemplate_sample": CASES,
    **_pages("objections_audioclip", CASES),
    "objections_audioclip_write": CHECKERS,
    "objections_audioclip_settle": HEAD,
    "objections_audioclip_sound": CASES,
    **_pages("objections_officerule", CLOCK),
    "objections_officerule_write": CHECKERS,
    "objections_officerule_settle": HEAD,
    "objections_officerule_shut": CHECKERS | HEAD,
    "objections_warnings": LETTERS,
    "objections_warnings_printed": LETTERS,
    **_pages("common_job", SYSTEM | {"auditor"}),
    **_pages("common_message", SYSTEM | IMPORTS),
    "common_message_costs": SYSTEM | IMPORTS,
    "common_message_costs_export": SYSTEM | IMPORTS,
    "common_message_resend": SYSTEM,
    **_pages("common_shelvedmessage", SYSTEM),
    **_pages("auth_user", SYSTEM, add=SYSTEM, change=SYSTEM),
    "auth_user_password_change": SYSTEM,
    "auth_user_second_factor": SYSTEM,
    **_pages("auth_group", SYSTEM),
    **_pages("admin_logentry", frozenset({"auditor"})),
}

# Open to whoever comes: nothing is shown before, or after, somebody is known.
PUBLIC = frozenset({"login", "logout"})
# Take no GET: what they do is logged or changes the session.
POST_ONLY = frozenset(
    {
        "logout",
        "recipients_family_search",
        "recipients_family_reveal",
        "recipients_decilechange_export",
        "objections_objection_move",
        "objections_objection_search",
        "objections_objection_hand",
        "objections_objection_confirm",
        "objections_objection_reported",
        "objections_objection_phone",
        "objections_objection_telling",
        "objections_objection_approve",
        "objections_remedy_drop",
        "objections_fieldvisit_place",
        "objections_warnings",
        "objections_warnings_printed",
        "objections_musdes_agenda",
        "objections_musdes_results",
        "objections_musdes_close",
        "objections_letter_print",
        "objections_letter_again",
        "objections_letter_hand",
        "objections_objection_postletter",
        "objections_lettertemplate_settle",
        "objections_audioclip_settle",
        "objections_officerule_settle",
        "objections_officerule_shut",
        "recipients_updateproposal_endorse",
        "recipients_updateproposal_withdraw",
        "recipients_updateproposal_keyed",
        "recipients_proposalpack_make",
        "recipients_proposalpack_download",
        "recipients_proposalpack_keyed",
        "eligibility_trial_export",
        "objections_attachment_taken",
        "objections_objection_evidence",
        "eligibility_ruledraft_write",
        "eligibility_ruledraft_check",
        "eligibility_ruledraft_approve",
        "eligibility_ruledraft_withdraw",
        "eligibility_handdecision_ask",
        "eligibility_handdecision_settle",
        "recipients_import_approve",
        "recipients_import_families_export",
        "recipients_import_retry",
        "recipients_import_publish",
        "recipients_import_refused",
        "recipients_import_mended",
        "recipients_import_unfix",
        "recipients_codebook_make",
        "recipients_import_recheck",
        "recipients_import_sheets",
        "recipients_import_ask_undo",
        "recipients_import_drop_undo",
        "recipients_import_undo",
        "recipients_list_approve",
        "recipients_list_sheets",
        "recipients_list_withdraw",
        "recipients_list_retry",
        "recipients_list_remainder",
        "recipients_listrow_settle",
        "recipients_enrolment_move",
        "recipients_enrolment_caretaker",
        "eligibility_finding_export",
        "recipients_externalflag_settle",
        "recipients_proposedstep_settle",
        "common_message_resend",
        "eligibility_finding_bulk",
        "eligibility_reverificationrun_release",
        "eligibility_reverificationrun_stop",
    }
)

# Below /api/v1/, by the name of the address.
API: dict[str, Roles] = {
    "releases": CASES,
    "regions": EVERYONE,
    "rule-sets": EVERYONE,
    "decile-changes": EXPORTERS,
    "family-decisions": CASES,
    "objections": CASES,
}
