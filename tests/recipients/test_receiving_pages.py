"""Who receives what, in the browser: seen in the own area, moved by services, and by two people."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from recipients import services
from recipients.enums import FlagStatus
from recipients.models import AccessLog, Enrolment, ExternalFlag, ProposedStep
from recipients.roles import named
from tests.factories.staff import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def logged_in(world, role):
    client = Client()
    client.force_login(world.users[role])
    return client


def propose(world, name, role="office_verifier", **values):
    """Somebody fills in the form of the flag's or the enrolment's page."""
    model, step = {
        "move": ("enrolment", "move"), "settle": ("externalflag", "settle"), "replace": ("enrolment", "caretaker"),
    }[name]  # fmt: skip
    row = world.inside[f"recipients_{model}"]
    answer = logged_in(world, role).post(reverse(f"admin:recipients_{model}_{step}", args=[row.pk]), values)
    row.refresh_from_db()
    return row, answer


def second(world, role="office_head", step="setuju", **values):
    """Somebody presses a button under the step that waits."""
    waiting = ProposedStep.objects.waiting().get()
    address = reverse("admin:recipients_proposedstep_settle", args=[waiting.pk])
    answer = logged_in(world, role).post(address, {"step": step, **values})
    for name in ("recipients_enrolment", "recipients_externalflag"):
        world.inside[name].refresh_from_db()
    return answer


def test_an_enrolment_changes_when_the_second_person_agrees_and_its_history_names_both(world):
    row, _ = propose(world, "move", to="EXITED", exit_reason="MOVED", note="surat pindah desa")
    before = row.state

    second(world)

    assert (before, row.state, row.exit_reason) == ("ACTIVE", "EXITED", "MOVED")
    event = row.events.get()
    assert (event.by, event.note) == (world.users["office_head"], "surat pindah desa")
    page = logged_in(world, "auditor").get(reverse("admin:recipients_enrolment_change", args=[row.pk]))
    assert f"diusulkan {named(world.users['office_verifier'])}" in page.content.decode()


def test_nobody_resumes_a_suspended_enrolment_alone(world):
    Enrolment.objects.filter(pk=world.inside["recipients_enrolment"].pk).update(state="SUSPENDED")

    row, _ = propose(world, "move", to="ACTIVE", note="sudah dicek lagi")
    own = second(world, "office_verifier")
    by_service = ProposedStep.objects.waiting().get()
    with pytest.raises(services.StepRefused, match="usulan Anda sendiri"):
        services.take_step(step=by_service, by=by_service.proposed_by, now=timezone.now())
    _row, refused = propose(world, "move", "office_head", to="ACTIVE", note="kepala sendirian")

    assert (row.state, own.status_code, refused.status_code) == ("SUSPENDED", 403, 403)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        ProposedStep.objects.waiting().update(state="TAKEN", settled_by=by_service.proposed_by)


@pytest.mark.parametrize(
    "values",
    [
        {"to": "EXITED", "note": "tanpa sebab berhenti"},
        {"to": "SUSPENDED", "exit_reason": "MOVED", "note": "sebab tanpa berhenti"},
        {"to": "SUSPENDED", "note": ""},
        {"to": "WAITLISTED", "note": "mundur ke daftar tunggu"},
        {"to": "RICH", "note": "bukan keadaan"},
    ],
)
def test_a_step_without_reason_or_outside_the_table_is_not_even_asked_for(world, values):
    propose(world, "move", **values)

    assert not ProposedStep.objects.waiting().exists()


def test_nobody_asks_a_family_in_from_the_waiting_list(world):
    Enrolment.objects.filter(pk=world.inside["recipients_enrolment"].pk).update(state="WAITLISTED")

    propose(world, "move", to="ENROLLED", note="keluarga yang sangat membutuhkan")

    assert not ProposedStep.objects.waiting().exists()


def test_what_is_refused_or_taken_back_changes_nothing_and_stays_on_record(world):
    propose(world, "settle", putusan="tidak", note="meteran tetangga")
    without_reason = second(world, step="tolak")
    still = ProposedStep.objects.waiting().count()
    second(world, step="tolak", note="foto meterannya mana?")
    propose(world, "settle", putusan="tidak", note="meteran tetangga, foto terlampir")
    stranger = second(world, "office_head", step="tarik")
    second(world, "office_verifier", step="tarik")

    flag = world.inside["recipients_externalflag"]
    states = flag.steps.order_by("pk").values_list("state", flat=True)
    assert (flag.status, list(states), still) == ("ALLEGED", ["REFUSED", "WITHDRAWN"], 1)
    assert (without_reason.status_code, stranger.status_code) == (302, 302)
    page = logged_in(world, "office_verifier").get(
        reverse("admin:recipients_externalflag_change", args=[flag.pk])
    )
    assert "foto meterannya mana?" in page.content.decode()
    for rewrite in (lambda rows: rows.update(note="lain"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rewrite(flag.steps.all())


def test_a_step_that_no_longer_fits_when_it_is_agreed_to_changes_nothing(world):
    row, _ = propose(world, "move", to="SUSPENDED", note="sedang diperiksa")
    Enrolment.objects.filter(pk=row.pk).update(state="EXITED", until=row.since, exit_reason="MOVED")

    second(world)

    assert ProposedStep.objects.waiting().count() == 1
    assert row.events.count() == 0


def test_one_step_waits_at_a_time(world):
    propose(world, "settle", putusan="tidak", note="meteran tetangga")
    propose(world, "settle", putusan="terbukti", note="foto meteran")

    assert ProposedStep.objects.waiting().get().to == FlagStatus.REFUTED


def test_a_flag_is_proven_by_two_who_did_not_note_it(world):
    flags = ExternalFlag.objects.filter(pk=world.inside["recipients_externalflag"].pk)
    flags.update(raised_by=world.users["office_verifier"])
    propose(world, "settle", putusan="terbukti", note="foto meteran")
    asked_by_its_author = ProposedStep.objects.waiting().exists()
    flags.update(raised_by=world.users["data_admin"])
    flag, _ = propose(world, "settle", putusan="terbukti", note="foto meteran")
    before = flag.status

    second(world)

    assert (asked_by_its_author, before) == (False, FlagStatus.ALLEGED)
    assert (flag.status, flag.settled_by) == (FlagStatus.CONFIRMED, world.users["office_head"])


def test_the_head_sees_what_waits_for_a_second_person(world, django_assert_max_num_queries):
    propose(world, "replace", person=world.inside["member"].person.pk, note="akta kematian 12/2026")
    client = logged_in(world, "office_head")

    with django_assert_max_num_queries(40):
        page = client.get(reverse("admin:recipients_proposedstep_changelist")).content.decode()
    home = client.get(reverse("admin:index")).content.decode()

    assert "Pengurus baru: " in page
    assert "akta kematian 12/2026" in page
    assert "langkah menunggu persetujuan Anda" in home


def test_the_family_page_tells_what_it_receives_was_paid_and_is_said_of_it(world):
    family = world.inside["recipients_family"]

    page = logged_in(world, "village_operator").get(
        reverse("admin:recipients_family_change", args=[family.pk])
    )

    text = page.content.decode()
    for words in (
        "Bantuan yang diterima",
        "Sejak 20 Oktober 2025",
        "2026-Q1",
        "Daya listrik tinggi",
        "belum dicek",
    ):
        assert words in text


def test_opening_an_enrolment_is_logged(world):
    row = world.inside["recipients_enrolment"]

    logged_in(world, "village_operator").get(reverse("admin:recipients_enrolment_change", args=[row.pk]))

    log = AccessLog.objects.get(family=row.family)
    assert log.by == world.users["village_operator"]


def test_lists_ask_the_same_number_of_questions_however_many_rows(world, django_assert_max_num_queries):
    row = world.inside["recipients_enrolment"]
    for number in range(5):
        Enrolment.objects.create(
            programme=row.programme, family=row.family, state="EXITED", since=row.since, until=row.since,
            exit_reason="MOVED", card_masked=str(number),
        )  # fmt: skip
    client = logged_in(world, "office_verifier")

    for model in ("enrolment", "payoutrecord", "externalflag"):
        with django_assert_max_num_queries(40):
            assert client.get(reverse(f"admin:recipients_{model}_changelist")).status_code == 200


def test_another_adult_of_the_family_takes_the_card_with_a_reason(world):
    adult = world.inside["member"].person

    propose(world, "replace", person=adult.pk, note="")
    row, _ = propose(world, "replace", person=adult.pk, note="akta kematian 12/2026")
    before = row.caretaker_id
    second(world)

    assert (before, row.caretaker, row.state) == (None, adult, "ACTIVE")
    assert row.events.get().note == "Pengurus diganti: akta kematian 12/2026"


def test_a_stranger_takes_no_card_and_no_other_role_asks_for_one(world):
    stranger, adult = world.outside["member"].person, world.inside["member"].person

    propose(world, "replace", person=stranger.pk, note="akta kematian 12/2026")
    _, refused = propose(world, "replace", "office_head", person=adult.pk, note="akta kematian 12/2026")

    assert not ProposedStep.objects.waiting().exists()
    assert refused.status_code == 403


def test_the_history_names_the_list_an_enrolment_came_by_and_links_it_for_who_may_open_it(world):
    row, delivery = world.inside["recipients_enrolment"], world.inside["recipients_listdelivery"]
    row.events.create(state_after="ACTIVE", reference=delivery.reference)
    address = reverse("admin:recipients_enrolment_change", args=[row.pk])
    link = reverse("admin:recipients_listdelivery_change", args=[delivery.pk])

    page = logged_in(world, "auditor").get(address).content.decode()
    of_village = logged_in(world, "village_operator").get(address).content.decode()

    words = f"{delivery}, {date_format(timezone.localdate(delivery.received_at), 'j F Y')}"
    assert words in page
    assert words in of_village
    assert (link in page, link in of_village) == (True, False)
