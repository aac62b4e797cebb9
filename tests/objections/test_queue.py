"""The queue: tabs, the one search box, handing on, and going up when late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job
from objections import services, tasks
from objections.enums import EventKind, Kind, State
from objections.models import Objection
from recipients.enums import Access
from recipients.models import AccessLog
from tests.factories import registry
from tests.objections.steps import NIK, UNKNOWN_NIK, text_of

pytestmark = pytest.mark.django_db

LIST = "/staf/objections/objection/"
NOW = timezone.now()


@pytest.fixture
def case(world, filing):
    found = services.file(form=filing(phone="081200009001"), now=NOW)
    services.match(objection=found, now=NOW)
    return found


@pytest.fixture
def colleague(make_staff):
    user = make_staff("rekan", services.CHECK)
    user.groups.add(Group.objects.get_or_create(name="office_verifier")[0])
    return user


def listed(client, **query):
    return text_of(client.get(LIST, query))


def search(client, typed):
    return client.post(f"{LIST}cari/", {"q": typed})


@pytest.mark.parametrize("typed", [NIK, "5203 9927 0875 9001", "0812 0000 9001", "+62 812-0000-9001"])
def test_a_number_opens_its_case_and_the_look_is_logged_without_it(client, case, checker, typed):
    client.force_login(checker)

    assert search(client, typed).url == f"{LIST}{case.pk}/change/"
    log = AccessLog.objects.get()
    assert (log.kind, log.family, log.subject) == (Access.SEARCH, case.family, "sanggahan")


def test_a_card_number_opens_the_case_of_its_family(client, case, checker, world):
    client.force_login(checker)

    assert search(client, world.family.card.reveal()).url == f"{LIST}{case.pk}/change/"


@pytest.mark.parametrize("typed", [UNKNOWN_NIK, "081200009999", "12345", "0123456789"])
def test_a_number_never_gets_into_the_address(client, case, checker, typed):
    client.force_login(checker)

    assert search(client, typed).url == LIST


@pytest.mark.parametrize(("typed", "is_found"), [("sah", True), ("amaq sahrun", True), ("ahrun", False)])
def test_a_name_is_found_by_the_start_of_its_words(client, case, checker, typed, is_found):
    client.force_login(checker)
    address = search(client, typed).url

    assert (case.receipt_no in text_of(client.get(address))) == is_found


def test_nobody_finds_a_case_outside_the_own_area(client, case, make_staff):
    client.force_login(make_staff("luar", services.CHECK, village=registry.make_village("Danger")))

    assert search(client, NIK).url == LIST
    assert case.receipt_no not in text_of(client.get(search(client, "sahrun").url))
    shown = text_of(client.get(search(client, case.receipt_no).url))
    assert f"{LIST}{case.pk}/change/" not in shown


def test_tabs_divide_the_open_cases(client, case, filing, checker):
    mine = services.file(form=filing(nik=UNKNOWN_NIK), now=NOW)
    services.start_check(objection=mine, by=checker, now=NOW)
    client.force_login(checker)

    for tab, is_mine, is_other in [
        ("saya", True, False), ("bebas", False, True), ("baru", False, True), ("cek", True, False),
        ("warga", False, False), ("semua", True, True),
    ]:  # fmt: skip
        shown = listed(client, tahap=tab)
        assert (mine.receipt_no in shown, case.receipt_no in shown) == (is_mine, is_other), tab
        assert f'?tahap={tab}" aria-current="page"' in shown


def test_the_head_of_the_family_is_shown_shortened(client, case, checker):
    client.force_login(checker)
    shown = listed(client)

    assert "AMAQ S." in shown
    assert "SAHRUN" not in shown


def test_urgent_cases_stand_first(client, case, filing, checker):
    urgent = services.file(form=filing(nik=UNKNOWN_NIK, kind=Kind.PBI_URGENT), now=NOW + timedelta(days=9))
    client.force_login(checker)
    shown = listed(client)

    assert shown.index(urgent.receipt_no) < shown.index(case.receipt_no)
    assert "MENDESAK" in shown


def test_ticked_cases_are_handed_to_a_colleague_with_an_event_each(client, case, filing, checker, colleague):
    other = services.file(form=filing(nik=UNKNOWN_NIK), now=NOW)
    client.force_login(checker)
    assert "rekan" in listed(client)
    client.post(f"{LIST}serahkan/", {"kepada": colleague.pk, "kasus": [case.pk, other.pk]})
    client.post(f"{LIST}serahkan/", {"kepada": colleague.pk, "kasus": [case.pk]})  # again: nothing new

    assert set(Objection.objects.values_list("handled_by", flat=True)) == {colleague.pk}
    assert [each.events.filter(kind=EventKind.ASSIGNED).count() for each in (case, other)] == [1, 1]


@pytest.mark.parametrize("data", [{}, {"kasus": ["x", "9" * 30]}, {"kepada": "abc", "kasus": ["1"]}])
def test_a_forged_hand_over_changes_nothing(client, case, checker, data):
    client.force_login(checker)

    assert client.post(f"{LIST}serahkan/", data).status_code == 302
    assert Objection.objects.get().handled_by is None


def test_cases_outside_the_area_are_not_handed_on(client, case, colleague, make_staff):
    client.force_login(make_staff("luar", services.CHECK, village=registry.make_village("Danger")))
    client.post(f"{LIST}serahkan/", {"kepada": colleague.pk, "kasus": [case.pk]})

    assert Objection.objects.get().handled_by is None


def test_a_late_case_goes_up_once_and_is_never_decided_by_it(client, case, checker):
    services.start_check(objection=case, by=checker, now=NOW)
    late = NOW + timedelta(days=60)
    assert [services.escalate_late(now=late) for _ in range(2)] == [1, 0]
    case.refresh_from_db()

    assert (case.state, case.handled_by) == (State.CHECKING, checker)
    assert case.events.filter(kind=EventKind.ESCALATED).count() == 1
    client.force_login(checker)
    assert "Kepala Dinas Sosial (terlambat, dari: verifikator)" in listed(client)
    services.finish_check(objection=case, by=checker, now=late, note="Dilihat.")
    assert case.escalated_at is None
    assert services.escalate_late(now=late + timedelta(days=1)) == 1  # the next step is late too


def test_a_case_that_waits_for_the_citizen_never_goes_up(case, checker):
    services.ask_for_completion(objection=case, by=checker, now=NOW, asked="Foto rumah.")

    assert services.escalate_late(now=NOW + timedelta(days=400)) == 0


def test_the_days_job_sends_late_cases_up(case):
    Objection.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    for _ in range(2):
        tasks.escalate_daily(timezone.now())
    job = Job.objects.get(kind=services.ESCALATE)
    tasks.escalate_late(jobs.claim(job.pk))

    assert case.events.filter(kind=EventKind.ESCALATED).exists()


def test_the_queue_costs_the_same_queries_however_long(
    client, case, filing, checker, django_assert_max_num_queries
):
    for _ in range(12):
        services.file(form=filing(), now=NOW)
    Objection.objects.update(family=case.family, village=case.village)
    client.force_login(checker)
    with django_assert_max_num_queries(14):
        listed(client)
