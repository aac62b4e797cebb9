"""The main pages of the staff in Chromium: axe, targets, weight, no sideways scrolling (ux.md 3.2 G1-G3, G8-G11)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from eligibility import services
from eligibility.models import Finding
from objections.enums import State
from objections.models import Objection
from tests import rendered
from tests.bansos.test_access_matrix import address_of, logged_in
from tests.factories.staff import make_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.skipif(rendered.CHROMIUM is None, reason="NO CHROMIUM FOUND: apt-get install chromium"),
]
PAGES = {
    "eligibility_finding_changelist": "office_verifier",
    "eligibility_finding_change": "village_operator",
    "recipients_quota_changelist": "office_verifier",
    "recipients_quota_ladder": "office_verifier",
    "eligibility_reverificationrun_changelist": "data_admin",
    "eligibility_reverificationrun_change": "office_head",
    "eligibility_ruledraft_changelist": "data_admin",
    "eligibility_ruledraft_add": "data_admin",
    "eligibility_ruledraft_change": "data_admin",
    "eligibility_trial_changelist": "auditor",
    "eligibility_trial_ask": "data_admin",
    "eligibility_handdecision_changelist": "office_verifier",
    "eligibility_handdecision_change": "office_head",
    "recipients_enrolment_change": "office_head",
    "recipients_family_explain": "office_verifier",
    "recipients_family_change": "office_verifier",
    "common_message_changelist": "system_admin",
    "objections_letters": "village_operator",
    "objections_objection_changelist": "office_verifier",
    "objections_objection_change": "office_verifier",
    "objections_objection_remedies": "office_verifier",
    "objections_fieldvisit_changelist": "facilitator",
    "objections_fieldvisit_plan": "facilitator",
    "objections_fieldvisit_record": "facilitator",
    "objections_assist": "village_operator",
    "recipients_decilechange_changelist": "office_verifier",
    "recipients_family_changelist": "village_operator",
    "recipients_importbatch_changelist": "data_admin",
    "recipients_updateproposal_changelist": "office_verifier",
    "recipients_updateproposal_change": "office_head",
    "recipients_proposalpack_change": "office_verifier",
    "index": "office_head",
}
MOST_REQUESTS, HEAVIEST = 15, 60_000  # G1, G2, cold and compressed: half of what the goal allows
SMALLEST = 24  # WCAG 2.2, 2.5.8; the staff's pages are worked at with a mouse


@pytest.fixture
def pages():
    world = make_world()
    found = Finding.objects.get(family=world.inside["recipients_family"])
    programme = world.inside["recipients_enrolment"].programme
    losing = Finding.objects.create(
        kind="ENROLLED_NOT_ELIGIBLE", subject_key="enrolment:1", family=found.family, programme=programme,
        subdistrict=found.subdistrict, digest="0" * 32, evidence={},
    )  # fmt: skip
    verifier = world.users["office_verifier"]
    services.finding.propose(
        findings=Finding.objects.filter(pk=losing.pk),
        note="sudah dicek",
        by=verifier,
        now=losing.found_at,
    )
    Objection.objects.filter(pk=world.inside["objections_objection"].pk).update(state=State.CHECKING)
    made = {
        name: logged_in(world, role).get(address_of(name, world.inside.get("_".join(name.split("_")[:2]))))
        for name, role in PAGES.items()
    }
    village = reverse("admin:objections_warnings", args=[found.family.village_id])
    made["warning letters"] = logged_in(world, "village_operator").post(village)
    assert {page.status_code for page in made.values()} == {200}
    for page in made.values():
        page.render() if hasattr(page, "render") and not page.is_rendered else None
    return made


def test_every_page_is_reachable_light_and_fits_a_phone(pages):
    wrong = []
    with rendered.browser(rendered.numbered(pages)) as (page, shelf, _complaints):
        for number, name in enumerate(pages):
            shelf.asked.clear()
            page.goto(f"{rendered.HOST}/{number}")
            wrong += [(name, f"asked for {shelf.asked}")] if len(shelf.asked) > MOST_REQUESTS else []
            wrong += [(name, f"{size} bytes")] if (size := shelf.weight()) > HEAVIEST else []
            wrong += [(name, f"moved by {moved}")] if (moved := page.evaluate(rendered.MOVED)) > 0.02 else []
            wrong += [(name, found) for found in rendered.violations(page)]
            wrong += [(name, f"small: {found}") for found in page.evaluate(rendered.SMALL_TARGETS, SMALLEST)]
            if (over := page.evaluate(rendered.TOO_WIDE)) > 0:
                wrong.append((name, f"{over} px too wide"))

    assert wrong == [], "\n".join(map(str, wrong))
