"""The pages of findings, quotas, runs, rules and trials in Chromium: axe, targets, and no sideways scrolling."""

from __future__ import annotations

import pytest
from django.urls import reverse

from eligibility import services
from eligibility.models import Finding
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
}
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


def test_every_page_is_reachable_and_fits_a_phone(pages):
    wrong = []
    with rendered.browser(rendered.numbered(pages)) as (page, _shelf, _complaints):
        for number, name in enumerate(pages):
            page.goto(f"{rendered.HOST}/{number}")
            wrong += [(name, found) for found in rendered.violations(page)]
            wrong += [(name, f"small: {found}") for found in page.evaluate(rendered.SMALL_TARGETS, SMALLEST)]
            if (over := page.evaluate(rendered.TOO_WIDE)) > 0:
                wrong.append((name, f"{over} px too wide"))

    assert wrong == []
