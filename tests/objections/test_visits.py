"""Field visits: planned for many, written down once, compared with what is recorded, seen in the own area only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from objections import services
from objections.enums import EventKind, NotMet, Reason, State
from objections.models import Attachment, FieldVisit, Objection
from recipients.models import AccessLog, WelfareSnapshot
from tests.factories import registry
from tests.objections import files
from tests.objections.steps import UNKNOWN_NIK, text_of

pytestmark = pytest.mark.django_db

LIST = "/staf/objections/fieldvisit/"
PLAN = f"{LIST}rencana/"
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
TILES, EARTH = 2, 8


@pytest.fixture
def case(world, filing, checker):
    WelfareSnapshot.objects.update(floor_type=TILES, asset_car=1)
    found = services.file(form=filing(reasons=[Reason.HOUSE]), now=NOW)
    services.match(objection=found, now=NOW)
    services.start_check(objection=found, by=checker, now=NOW)
    return found


@pytest.fixture
def visitor(make_staff, world):
    permissions = (services.VISIT, "objections.view_fieldvisit")
    return make_staff("pendamping", *permissions, village=world.village)


@pytest.fixture
def office(make_staff):
    permissions = (
        services.CHECK,
        services.VISIT,
        "objections.view_fieldvisit",
        "recipients.see_whole_district",
    )
    return make_staff("kantor", *permissions)


@pytest.fixture
def visit(case, visitor):
    services.plan_visits(cases=[case], visitor=visitor, for_day=TODAY, by=visitor, now=NOW)
    return FieldVisit.objects.get()


def report(**changes):
    return services.Report(**{"finding": "Lantai rumah tanah.", "met_whom": "Amaq Sahrun", **changes})


FLOOR = services.Seen("floor_type", str(EARTH))


def test_one_plan_for_many_cases_has_an_event_each(case, filing, checker, office, visitor):
    other = services.file(form=filing(nik=UNKNOWN_NIK, village_id=case.village_id), now=NOW)
    services.start_check(objection=other, by=checker, now=NOW)

    count = services.plan_visits(cases=[case, other], visitor=visitor, for_day=TODAY, by=office, now=NOW)

    assert (count, FieldVisit.objects.waiting().filter(visitor=visitor).count()) == (2, 2)
    assert [each.events.filter(kind=EventKind.PLANNED).count() for each in (case, other)] == [1, 1]


def test_planning_again_moves_the_waiting_visit(case, visit, office):
    later = TODAY + timedelta(days=3)
    services.plan_visits(cases=[case], visitor=office, for_day=later, by=office, now=NOW)

    visit.refresh_from_db()
    assert (visit.visitor, visit.for_day, FieldVisit.objects.count()) == (office, later, 1)


def test_a_visit_is_planned_only_where_the_visitor_works_and_while_the_case_is_checked(
    case, office, make_staff, filing, visitor
):
    elsewhere = make_staff("jauh", services.VISIT, village=registry.make_village("Danger"))
    unread = services.file(form=filing(nik=UNKNOWN_NIK, village_id=case.village_id), now=NOW)

    for cases, who in (([case], elsewhere), ([unread], visitor), ([], visitor)):
        with pytest.raises(services.MoveRefused, match="sedang dicek"):
            services.plan_visits(cases=cases, visitor=who, for_day=TODAY, by=office, now=NOW)
    with pytest.raises(services.MoveRefused, match="sudah lewat"):
        services.plan_visits(
            cases=[case], visitor=visitor, for_day=TODAY - timedelta(days=1), by=office, now=NOW
        )
    with pytest.raises(PermissionDenied):  # only who checks cases sends somebody else
        services.plan_visits(cases=[case], visitor=office, for_day=TODAY, by=visitor, now=NOW)
    assert not FieldVisit.objects.exists()


def test_a_visit_keeps_what_was_recorded_that_day_beside_what_was_seen(visit, visitor):
    car = services.Seen("asset_car", "1")
    services.record_visit(visit=visit, report=report(seen=[FLOOR, car]), by=visitor, now=NOW)
    WelfareSnapshot.objects.update(floor_type=1)

    visit.refresh_from_db()
    assert visit.answers[0] == {"field": "floor_type", "person": None, "recorded": TILES, "seen": EARTH}
    assert [answer["field"] for answer in visit.differing()] == ["floor_type"]


def test_a_fact_of_a_member_is_compared_with_that_member(visit, visitor, world):
    seen = services.Seen("has_disability", "1", world.head.person_id)
    services.record_visit(visit=visit, report=report(seen=[seen]), by=visitor, now=NOW)

    assert visit.differing()[0]["seen"] is True
    other = registry.make_family(release=world.release, village=world.village, decile=3)
    stranger = registry.make_member(other, release=world.release)
    again = FieldVisit(objection=visit.objection, visitor=visitor, planned_by=visitor, for_day=TODAY)
    again.save()
    wrong = services.Seen("has_disability", "1", stranger.person_id)
    with pytest.raises(services.MoveRefused, match="tidak cocok"):
        services.record_visit(visit=again, report=report(seen=[wrong]), by=visitor, now=NOW)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"finding": " "}, "Tulis apa yang Anda temukan"),
        ({"met_whom": ""}, "salah satu"),
        ({"not_met": NotMet.AWAY}, "salah satu"),
        ({"met_whom": "", "not_met": NotMet.AWAY, "seen": [FLOOR]}, "tidak bertemu"),
        ({"seen": [services.Seen("floor_type", "77")]}, "tidak bisa berisi"),
        ({"seen": [services.Seen("decile", "1")]}, "tidak cocok"),
    ],
)
def test_a_report_that_does_not_hold_together_is_refused(visit, visitor, changes, told):
    with pytest.raises(services.MoveRefused, match=told):
        services.record_visit(visit=visit, report=report(**changes), by=visitor, now=NOW)
    assert FieldVisit.objects.waiting().exists()


def test_a_visit_may_finish_the_check_and_then_the_visitor_does_not_decide(visit, visitor):
    services.record_visit(visit=visit, report=report(), by=visitor, now=NOW, is_check_done=True)

    case = visit.objection
    assert case.state == State.READY
    assert case.events.get(kind=EventKind.VISITED).note == "Lantai rumah tanah."
    assert case.events.get(state_after=State.READY).by == visitor


def test_a_visit_is_written_once_and_kept_by_the_database(visit, visitor, office):
    stale = FieldVisit.objects.get(pk=visit.pk)
    services.record_visit(visit=visit, report=report(), by=visitor, now=NOW)

    with pytest.raises(services.MoveRefused, match="sudah dicatat"):
        services.record_visit(visit=stale, report=report(finding="Lain."), by=office, now=NOW)
    for statement in (
        "UPDATE objections_fieldvisit SET finding = 'lain'",
        "DELETE FROM objections_fieldvisit",
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            connection.cursor().execute(statement)
    assert FieldVisit.objects.get().finding == "Lantai rumah tanah."


def test_numbers_that_slip_into_a_finding_are_masked_and_the_place_is_sealed(visit, visitor):
    text = "KK 5203992708759001 dilihat."
    services.record_visit(
        visit=visit, report=report(finding=text, place=(-8.65, 116.53)), by=visitor, now=NOW
    )

    assert "5203992708759001" not in visit.finding
    assert b"116.53" not in bytes(visit.place_sealed)
    assert services.place_of(visit) == (-8.65, 116.53)


def test_the_plan_is_made_in_the_browser(client, case, visitor):
    client.force_login(visitor)
    shown = text_of(client.get(PLAN))
    assert "AMAQ SAHRUN" in shown
    assert "Tidak ada kunjungan yang menunggu Anda" in shown
    answer = client.post(PLAN, {"kasus": [case.pk], "visitor": visitor.pk, "for_day": TODAY.isoformat()})

    assert answer.url == PLAN
    assert f"{LIST}{FieldVisit.objects.get().pk}/catat/" in text_of(client.get(PLAN))


def test_the_form_asks_what_is_disputed_first_and_writes_visit_and_photo(client, visit, visitor):
    client.force_login(visitor)
    page = f"{LIST}{visit.pk}/catat/"
    shown = text_of(client.get(page))
    assert "Tercatat: keramik" in shown
    assert shown.index("floor_type-0") < shown.index("water_source-0")
    assert shown.count('name="floor_type-0"') == 1

    typed = {
        "tie": "none",
        "met_whom": "Amaq",
        "finding": "Lantai tanah.",
        "floor_type-0": "8",
        "place": "-8.65, 116.53",
    }
    wrong = client.post(page, {**typed, "photos": files.named(files.SVG)})
    assert "Ada yang perlu diperbaiki" in text_of(wrong)
    answer = client.post(page, {**typed, "photos": files.named(files.photo()), "is_check_done": "on"})

    visit.refresh_from_db()
    assert answer.url == PLAN
    assert (visit.differing()[0]["seen"], visit.objection.state) == (EARTH, State.READY)
    assert Attachment.objects.get().by == visitor
    assert "berbeda:" in text_of(client.get(f"{LIST}{visit.pk}/change/"))


def test_who_is_kin_of_the_family_neither_visits_it_nor_is_sent_there(client, case, visit, visitor):
    client.force_login(visitor)
    typed = {"met_whom": "Amaq", "finding": "Lantai tanah."}
    page = f"{LIST}{visit.pk}/catat/"

    assert "Kerabat dikunjungi petugas lain" in text_of(client.post(page, typed))
    assert "petugas lain yang harus datang" in text_of(client.post(page, {**typed, "tie": "KIN"}))
    Objection.objects.update(filed_by=visitor, conflicts=["KIN"])
    for act in (
        lambda: services.record_visit(visit=visit, report=report(), by=visitor, now=NOW),
        lambda: services.plan_visits(cases=[case], visitor=visitor, for_day=TODAY, by=visitor, now=NOW),
    ):
        with pytest.raises(services.MoveRefused, match="Pilih petugas lain"):
            act()
    assert FieldVisit.objects.waiting().exists()


def test_only_the_form_of_a_visit_may_ask_the_phone_where_it_is(client, visit, visitor):
    client.force_login(visitor)

    form = client.get(f"/staf/objections/fieldvisit/{visit.pk}/catat/")

    assert "geolocation=(self)" in form.headers["Permissions-Policy"]
    assert "geolocation=()" in client.get("/staf/objections/fieldvisit/").headers["Permissions-Policy"]


def test_a_place_that_is_no_place_is_said_so(client, visit, visitor):
    client.force_login(visitor)
    typed = {"tie": "none", "met_whom": "Amaq", "finding": "Lantai tanah.", "place": "dekat masjid"}

    assert "Tulis dua angka" in text_of(client.post(f"{LIST}{visit.pk}/catat/", typed))
    assert FieldVisit.objects.waiting().exists()


def test_who_works_elsewhere_neither_plans_nor_reads_nor_writes_it(client, case, visit, make_staff):
    elsewhere = make_staff(
        "jauh", services.VISIT, "objections.view_fieldvisit", village=registry.make_village("Danger")
    )
    client.force_login(elsewhere)

    assert "AMAQ SAHRUN" not in text_of(client.get(PLAN))
    client.post(PLAN, {"kasus": [case.pk], "visitor": elsewhere.pk, "for_day": TODAY.isoformat()})
    for page in ("catat", "change"):
        assert client.get(f"{LIST}{visit.pk}/{page}/").status_code == 404
    assert client.post(f"{LIST}{visit.pk}/catat/", {"met_whom": "x", "finding": "x"}).status_code == 404
    visit.refresh_from_db()
    assert (visit.done_at, visit.visitor == elsewhere) == (None, False)


def test_where_the_visitor_stood_is_shown_to_who_checks_and_the_look_is_logged(
    client, visit, visitor, office
):
    services.record_visit(visit=visit, report=report(place=(-8.65, 116.53)), by=visitor, now=NOW)
    page = f"{LIST}{visit.pk}/tempat/"
    client.force_login(visitor)
    assert client.post(page).status_code == 403
    client.force_login(office)

    assert "116.53" not in text_of(client.get(f"{LIST}{visit.pk}/change/"))
    assert "116.53" in text_of(client.post(page))
    assert AccessLog.objects.filter(by=office, reason="tempat kunjungan").exists()
