"""Worklists on the screen: whose they are, what may be done, and the file that is handed over."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from eligibility import finding_export
from eligibility.models import Finding, FindingEvent, FindingState
from eligibility.services import finding as steps
from recipients.models import AccessLog, WelfareSnapshot
from tests.eligibility.findings.cases import AFTER, NOTE, NOW, night, of, print_letters
from tests.factories.registry import make_family, make_member, make_village
from tests.factories.staff import make_user

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")


def test_a_village_closes_what_is_its_to_find_out_and_nothing_else(client, lost, family, release, verifier):
    headless = make_family(release=release)
    make_member(headless, release=release, relation=3)
    elsewhere = make_family(release=release, village=make_village("Pijot", "Keruak"))
    make_member(elsewhere, release=release, relation=3)
    night()
    operator = make_user("village_operator", area=family.village)
    client.force_login(operator)

    address = reverse("admin:eligibility_finding_bulk")
    picked = list(Finding.objects.values_list("pk", flat=True))
    client.post(address, {"step": "tutup", "outcome": "FIXED", "note": NOTE, "pick": picked})
    client.post(address, {"step": "tutup", "outcome": "FIXED", "note": NOTE, **everything_on(client)})

    closed = Finding.objects.get(state=FindingState.DISMISSED)
    assert (closed.kind, closed.family) == ("ORPHAN_MEMBERS", headless)


def everything_on(client):
    """What the list sends along with "all that the filters show": how many there were, and when it was opened."""
    page = client.get(reverse("admin:eligibility_finding_changelist")).content.decode()
    sent = {name: re.search(rf'name="{name}" value="(\d+)"', page) for name in ("seen", "opened")}
    return {"scope": "semua", **{name: found[1] for name, found in sent.items() if found}}


def moved_away(like, key):
    return Finding.objects.create(
        kind="MOVED", subject_key=key, family=like.family, subdistrict=like.subdistrict, digest="0" * 32
    )


def test_all_that_the_list_shows_is_what_it_showed_when_it_was_opened(client, lost, verifier):
    client.force_login(verifier)
    address = reverse("admin:eligibility_finding_bulk")
    close = {"step": "tutup", "outcome": "FIXED", "note": NOTE}
    seen = moved_away(lost, "flag:1")
    opened = everything_on(client)
    FindingEvent.objects.create(finding=lost, step="dikembalikan", by=verifier)
    moved_away(lost, "flag:2")

    client.post(address, {**close, **opened})
    closed = list(Finding.objects.filter(state=FindingState.DISMISSED))
    client.post(address, {**close, **everything_on(client), "seen": "1"})
    client.post(address, {**close, "scope": "semua"})

    assert closed == [seen]
    assert Finding.objects.filter(state=FindingState.OPEN).count() == 2


def test_a_step_asks_for_its_own_permission(client, lost, head, verifier):
    client.force_login(head)

    answer = client.post(
        reverse("admin:eligibility_finding_bulk"), {"step": "usulkan", "note": NOTE, "pick": [lost.pk]}
    )

    assert answer.status_code == 403


def test_the_list_shows_what_waits_with_its_reason(client, lost, verifier):
    client.force_login(verifier)

    page = client.get(reverse("admin:eligibility_finding_changelist")).content.decode()
    own = client.get(reverse("admin:eligibility_finding_change", args=[lost.pk])).content.decode()

    assert "menerima, tetapi tidak lagi memenuhi syarat" in page
    assert "desil 9" in page
    assert "Program ini milik pusat" in own
    assert "ENROLLED_NOT_ELIGIBLE" not in own


@pytest.mark.parametrize(
    ("evidence", "page"),
    [
        ({"decision": 7}, "recipients_family_explain"),
        ({"enrolment": 7}, "recipients_enrolment_change"),
        ({"flags": [7]}, "recipients_externalflag_change"),
        ({"other_family": 7}, "recipients_family_change"),
    ],
)
def test_the_page_of_a_finding_leads_to_what_it_rests_on(client, lost, verifier, evidence, page):
    Finding.objects.filter(pk=lost.pk).update(evidence=evidence)
    client.force_login(verifier)

    own = client.get(reverse("admin:eligibility_finding_change", args=[lost.pk])).content.decode()

    about = lost.family_id if page == "recipients_family_explain" else 7
    assert reverse(f"admin:{page}", args=[about]) in own


def test_a_finding_is_handed_to_a_colleague(client, lost, verifier):
    colleague = make_user("office_verifier", name="rekan")
    client.force_login(verifier)

    client.post(
        reverse("admin:eligibility_finding_bulk"), {"step": "serahkan", "to": colleague.pk, "pick": [lost.pk]}
    )

    lost.refresh_from_db()
    assert lost.assigned_to == colleague


def test_the_home_page_counts_findings_of_the_own_area_by_kind(client, release, verifier):
    for name in ("Kesik", "Danger"):
        family = make_family(release=release, village=make_village(name))
        make_member(family, release=release, relation=3)
    night()

    def counted(user):
        client.force_login(user)
        cards = client.get(reverse("admin:index")).context["cards"]
        return [card.count for card in cards if card.label == "keluarga tanpa kepala keluarga"]

    assert counted(verifier) == [2]
    assert counted(make_user("village_operator", area=make_village("Kesik"))) == [1]


def test_what_is_put_to_the_centre_is_a_file_and_the_download_is_logged(client, lost, family, verifier, head):
    WelfareSnapshot.objects.update(head_name="=HYPERLINK(1)")
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)
    print_letters(verifier)
    steps.confirm(findings=of(lost), by=head, now=AFTER)
    client.force_login(head)
    address = reverse("admin:eligibility_finding_export") + "?hasil=TO_CENTRE"

    refused = client.post(address)
    text = b"".join(client.post(address, {"reason": "untuk Pusdatin"}).streaming_content).decode()

    assert refused.status_code == 302
    assert (
        f'"{lost.pk}","menerima, tetapi tidak lagi memenuhi syarat","{family.pk}","\'=HYPERLINK(1)"' in text
    )
    assert '"ya"' in text
    assert "desil 9" in text
    log = AccessLog.objects.get(kind="EXPORT")
    assert (log.rows, log.reason, log.by) == (1, "untuk Pusdatin", head)


def test_the_list_to_hand_over_is_a_workbook_whose_cells_are_text_and_never_a_formula(client, lost, verifier):
    family = lost.family
    family.snapshots.update(head_name="=HYPERLINK(1) <b>\x01&")
    client.force_login(verifier)

    answer = client.post(
        reverse("admin:eligibility_finding_export"), {"reason": "untuk Pusdatin", "bentuk": "xlsx"}
    )

    book = io.BytesIO(b"".join(answer.streaming_content))
    header, row = list(openpyxl.load_workbook(book).active.values)
    book.seek(0)
    again = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()
    assert header == finding_export.HEADER
    assert row[:4] == (str(lost.pk), lost.get_kind_display(), str(family.pk), "'=HYPERLINK(1) <b>&")
    assert again[1][:4] == list(row[:4])


def test_a_finding_offers_the_steps_that_it_can_take(client, lost, verifier, head):
    def offered(user):
        client.force_login(user)
        page = client.get(reverse("admin:eligibility_finding_change", args=[lost.pk]))
        return page.context["step_codes"]

    before = offered(verifier), offered(head)
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)

    assert before == (["ambil", "serahkan", "tutup", "usulkan"], [])
    assert (offered(verifier), offered(head)) == ([], ["konfirmasi", "kembalikan"])
