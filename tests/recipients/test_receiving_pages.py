"""Who receives what, in the browser: seen in the own area, moved by services, flags proven by another person."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from recipients.enums import FlagStatus
from recipients.models import AccessLog, Enrolment, ExternalFlag
from tests.factories.staff import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def logged_in(world, role):
    client = Client()
    client.force_login(world.users[role])
    return client


def move(world, role, **values):
    row = world.inside["recipients_enrolment"]
    address = reverse("admin:recipients_enrolment_move", args=[row.pk])
    answer = logged_in(world, role).post(address, values)
    row.refresh_from_db()
    return row, answer


def test_an_enrolment_ends_with_a_reason_and_its_event_names_who(world):
    row, _answer = move(world, "office_head", to="EXITED", exit_reason="MOVED", note="surat pindah desa")

    assert (row.state, row.exit_reason) == ("EXITED", "MOVED")
    assert row.events.get().by == world.users["office_head"]


@pytest.mark.parametrize(
    "values",
    [
        {"to": "EXITED", "note": "tanpa sebab berhenti"},
        {"to": "SUSPENDED", "note": ""},
        {"to": "WAITLISTED", "note": "mundur ke daftar tunggu"},
        {"to": "RICH", "note": "bukan keadaan"},
    ],
)
def test_a_step_without_reason_or_outside_the_table_changes_nothing(world, values):
    row, _answer = move(world, "office_head", **values)

    assert (row.state, row.events.count()) == ("ACTIVE", 0)


def test_nobody_lets_a_family_in_from_the_waiting_list_alone(world):
    Enrolment.objects.filter(pk=world.inside["recipients_enrolment"].pk).update(state="WAITLISTED")

    row, _answer = move(world, "office_head", to="ENROLLED", note="keluarga yang sangat membutuhkan")

    assert (row.state, row.events.count()) == ("WAITLISTED", 0)


def test_no_other_role_moves_an_enrolment(world):
    row, answer = move(world, "office_verifier", to="SUSPENDED", note="ingin menunda")

    assert (row.state, answer.status_code) == ("ACTIVE", 403)


def settle(world, role, **values):
    flag = world.inside["recipients_externalflag"]
    address = reverse("admin:recipients_externalflag_settle", args=[flag.pk])
    logged_in(world, role).post(address, values)
    flag.refresh_from_db()
    return flag


def test_a_flag_is_proven_by_somebody_who_did_not_note_it(world):
    flags = ExternalFlag.objects.filter(pk=world.inside["recipients_externalflag"].pk)
    flags.update(raised_by=world.users["office_verifier"])

    assert (
        settle(world, "office_verifier", putusan="terbukti", note="foto meteran").status == FlagStatus.ALLEGED
    )
    flags.update(raised_by=world.users["data_admin"])
    assert settle(world, "office_verifier", putusan="terbukti", note="").status == FlagStatus.ALLEGED
    assert (
        settle(world, "office_verifier", putusan="terbukti", note="foto meteran").status
        == FlagStatus.CONFIRMED
    )


def test_a_flag_is_refuted_with_a_reason(world):
    flag = settle(world, "office_verifier", putusan="tidak", note="meteran tetangga")

    assert (flag.status, flag.settled_by) == (FlagStatus.REFUTED, world.users["office_verifier"])


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


def replace(world, role, **values):
    row = world.inside["recipients_enrolment"]
    address = reverse("admin:recipients_enrolment_caretaker", args=[row.pk])
    answer = logged_in(world, role).post(address, values)
    row.refresh_from_db()
    return row, answer


def test_another_adult_of_the_family_takes_the_card_with_a_reason(world):
    adult = world.inside["member"].person

    without_reason, _ = replace(world, "office_verifier", person=adult.pk, note="")
    before = without_reason.caretaker
    row, _ = replace(world, "office_verifier", person=adult.pk, note="akta kematian 12/2026")

    assert (before, row.caretaker, row.state) == (None, adult, "ACTIVE")
    assert row.events.get().note == "Pengurus diganti: akta kematian 12/2026"


def test_a_stranger_takes_no_card_and_no_other_role_gives_one(world):
    stranger, adult = world.outside["member"].person, world.inside["member"].person

    row, _ = replace(world, "office_verifier", person=stranger.pk, note="akta kematian 12/2026")
    _, refused = replace(world, "office_head", person=adult.pk, note="akta kematian 12/2026")

    assert (row.caretaker, refused.status_code) == (None, 403)
