"""What the office settles for itself: approved by a second person, kept as versions, and done."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from bansos.common import jobs
from objections import services, tasks
from objections.attachments import keeping
from objections.enums import EventKind, RuleName, State
from objections.models import Attachment, Objection, OfficeRule
from recipients.models import UpdateProposal
from tests.factories.staff import make_world
from tests.objections import files
from tests.objections.steps import decide

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 3, 2, 4, tzinfo=UTC)
TWO_YEARS_ON = datetime(2028, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def staff():
    return make_world().users


def settle(staff, value=2, name=RuleName.EVIDENCE_YEARS):
    OfficeRule.objects.filter(state="WAITING").update(state="WITHDRAWN")  # of the world
    rule = services.write_rule(
        name=name, value=value, basis="Perbup 12/2026", by=staff["office_verifier"], now=THEN
    )
    services.approve_version(version=rule, by=staff["office_head"], now=THEN)
    return rule


@pytest.fixture
def case(filing):
    objection = services.file(form=filing(), now=THEN - timedelta(days=9))
    keeping.take_photo(data=files.photo(), form_key=objection.form_key, objection=objection, now=THEN)
    return objection


def remove(run, now):
    with run(execute=True):
        return services.remove_old_evidence(now=now)


# --- a rule ---------------------------------------------------------------------------------------------------


def test_a_rule_holds_once_a_second_person_approves_it_on_the_offices_pages(client, staff):
    OfficeRule.objects.filter(state="WAITING").update(state="WITHDRAWN")
    client.force_login(staff["office_verifier"])
    write_it = reverse("admin:objections_officerule_write")
    without = client.post(write_it, {"rule": "EVIDENCE_YEARS:10", "basis": " "}).content.decode()
    client.post(write_it, {"rule": "EVIDENCE_YEARS:10", "basis": "Perbup 12/2026"})
    again = client.post(write_it, {"rule": "EVIDENCE_YEARS:5", "basis": "Perbup 13/2026"}).content.decode()
    made = OfficeRule.objects.latest("pk")
    settle_it = reverse("admin:objections_officerule_settle", args=[made.pk])
    alone = client.post(settle_it, {"langkah": "setuju"}).status_code
    before = OfficeRule.objects.in_force(RuleName.EVIDENCE_YEARS)
    client.force_login(staff["office_head"])
    for unsaid in ({}, {"langkah": "lain"}):
        client.post(settle_it, unsaid)
    unsaid = OfficeRule.objects.in_force(RuleName.EVIDENCE_YEARS)
    client.post(settle_it, {"langkah": "setuju"})

    assert "Ada yang perlu diperbaiki" in without
    assert "sedang menunggu persetujuan" in again
    assert (alone, before, unsaid) == (403, None, None)
    assert OfficeRule.objects.in_force(RuleName.EVIDENCE_YEARS) == made


def test_the_database_keeps_a_rule_as_it_was_and_takes_none_from_one_person_or_without_basis(staff):
    rule = settle(staff)
    rows = OfficeRule.objects.filter(pk=rule.pk)
    for act in (lambda: rows.update(value=1), lambda: rows.update(basis="lain"), rows.delete):
        with pytest.raises(IntegrityError, match="never rewritten or deleted"), transaction.atomic():
            act()
    writer, good = staff["office_verifier"], {"name": "EVIDENCE_YEARS", "value": 5, "basis": "x"}
    for wrong, name in (
        ({"value": 0}, "office_rule_value_known"),
        ({"basis": ""}, "office_rule_has_a_basis"),
        ({"version": rule.version}, "office_rule_version_once"),
        ({"state": "APPROVED", "settled_by": writer, "settled_at": THEN}, "office_rule_approved_by_another"),
        ({"state": "APPROVED"}, "office_rule_approved_by_another"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            OfficeRule.objects.create(**{"version": 99, "written_by": writer, **good, **wrong})


# --- how long evidence is kept ---------------------------------------------------------------------------------


def test_evidence_goes_from_the_folder_on_the_day_and_not_before_and_its_case_says_so(
    case, staff, client, django_capture_on_commit_callbacks
):
    settle(staff)
    decide(case, State.REJECTED, by=staff["office_verifier"], head=staff["office_head"], now=THEN)
    photo = case.attachments.get()
    path = keeping.FOLDER.path / photo.key

    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON - timedelta(seconds=1)) == 0
    assert path.exists()
    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON) == 1
    assert not path.exists()
    assert not Attachment.objects.filter(objection=case).exists()

    told = case.events.get(kind=EventKind.REMOVED)
    assert told.note.startswith("1 berkas.")
    assert photo.sha256 in told.note.replace(":", "")
    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON + timedelta(days=1)) == 0
    client.force_login(staff["office_verifier"])
    shown = client.get(f"/staf/objections/objection/{case.pk}/change/").content.decode()
    assert "masa simpannya habis" in shown
    assert "Tanpa foto" not in shown


def test_without_a_rule_in_force_nothing_goes(case, staff, django_capture_on_commit_callbacks):
    decide(case, State.REJECTED, by=staff["office_verifier"], head=staff["office_head"], now=THEN)

    assert OfficeRule.objects.filter(state="WAITING").exists()
    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON + timedelta(days=9999)) == 0


@pytest.mark.parametrize("state", [State.UPHELD_TO_CENTRE, State.SUBMITTED])
def test_a_case_that_is_open_or_waits_for_the_centre_keeps_its_evidence(
    case, staff, state, django_capture_on_commit_callbacks
):
    settle(staff)
    if state == State.UPHELD_TO_CENTRE:
        decide(case, state, by=staff["office_verifier"], head=staff["office_head"], now=THEN)
    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON + timedelta(days=999)) == 0

    if state == State.UPHELD_TO_CENTRE:
        services.close_by_centre(objection=case, changed=True, by=None, now=THEN)
        assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON) == 1


def test_a_second_case_of_the_same_person_that_is_open_keeps_the_evidence_of_the_first(
    case, filing, staff, django_capture_on_commit_callbacks
):
    settle(staff)
    decide(case, State.REJECTED, by=staff["office_verifier"], head=staff["office_head"], now=THEN)
    other = services.file(form=filing(), now=TWO_YEARS_ON)
    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON) == 0

    services.withdraw(objection=other, by=None, now=TWO_YEARS_ON)
    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON) == 1


def test_a_proposal_without_an_answer_keeps_the_evidence_it_travels_with(
    case, staff, django_capture_on_commit_callbacks
):
    settle(staff)
    decide(case, State.REJECTED, by=staff["office_verifier"], head=staff["office_head"], now=THEN)
    proposal = UpdateProposal.objects.first()
    UpdateProposal.objects.filter(pk=proposal.pk).update(
        reference=Objection.objects.get(pk=case.pk).reference
    )
    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON) == 0

    UpdateProposal.objects.filter(pk=proposal.pk).update(state="WITHDRAWN")
    assert remove(django_capture_on_commit_callbacks, TWO_YEARS_ON) == 1


def test_the_sweep_asks_once_a_night_for_old_evidence_to_go():
    tasks.remove_old_evidence_nightly(THEN)
    tasks.remove_old_evidence_nightly(THEN)

    (job,) = jobs.Job.objects.filter(kind=tasks.REMOVE_OLD)
    assert job.key == date(2026, 3, 2).isoformat()
    assert jobs.run(job.pk)
