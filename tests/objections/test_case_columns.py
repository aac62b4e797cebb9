"""The case on one screen: the match is confirmed, a reporter protected, a visit becomes a proposal."""

from __future__ import annotations

import pytest
from django.utils import timezone

from objections import services
from objections.attachments import keeping
from objections.enums import EventKind, Kind, Reason
from objections.models import FieldVisit
from recipients.models import WelfareSnapshot
from tests.factories import registry
from tests.objections import files
from tests.objections.steps import NIK, text_of

pytestmark = pytest.mark.django_db

LIST = "/staf/objections/objection/"
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
TILES, EARTH = 2, 8
PHONE = "081200009001"


@pytest.fixture
def case(world, filing, checker):
    WelfareSnapshot.objects.update(floor_type=TILES)
    found = services.file(form=filing(reasons=[Reason.HOUSE]), now=NOW)
    services.match(objection=found, now=NOW)
    services.start_check(objection=found, by=checker, now=NOW)
    return found


@pytest.fixture
def report(world, filing):
    found = services.file(
        form=filing(kind=Kind.WELL_OFF, story="Punya dua mobil.", phone=PHONE, village_id=world.village.pk),
        now=NOW,
    )
    services.match(objection=found, now=NOW)
    return found


@pytest.fixture
def well_off(world):
    return registry.make_family(
        release=world.release, village=registry.make_village("Danger"), decile=2, head_name="AMAQ MAMPU"
    )


def page(client, objection):
    return text_of(client.get(f"{LIST}{objection.pk}/change/"))


def test_an_officer_confirms_the_match_once(client, case, checker):
    client.force_login(checker)
    assert "Pastikan: ini keluarga yang benar" in page(client, case)
    for _ in range(2):
        client.post(f"{LIST}{case.pk}/pastikan/")

    case.refresh_from_db()
    assert case.match_confirmed_by == checker
    assert case.events.filter(kind=EventKind.CONFIRMED).count() == 1
    assert "Pastikan: ini keluarga yang benar" not in page(client, case)


def test_what_a_visit_saw_otherwise_fills_the_proposal(client, case, make_staff):
    permissions = (
        services.CHECK,
        services.VISIT,
        "objections.view_fieldvisit",
        "recipients.see_whole_district",
    )
    officer = make_staff("kantor", *permissions)
    services.plan_visits(cases=[case], visitor=officer, for_day=TODAY, by=officer, now=NOW)
    visit = FieldVisit.objects.get()
    seen = [services.Seen("floor_type", str(EARTH)), services.Seen("asset_car", "2")]
    told = services.Report(finding="Lantai tanah.", met_whom="Amaq", seen=seen[:1])
    services.record_visit(visit=visit, report=told, by=officer, now=NOW)
    client.force_login(officer)

    shown = page(client, case)
    assert "Usulkan 1 data yang berbeda" in shown
    remedies = f"/staf/objections/remedy/kasus/{case.pk}/?jenis=usul&kunjungan="
    filled = client.get(f"{remedies}{visit.pk}").context["form"]
    assert (filled["floor_type-0"].value(), filled["asset_car-0"].value()) == (EARTH, None)
    assert client.get(f"{remedies}9999").context["form"]["floor_type-0"].value() is None


def test_the_case_tells_what_the_data_said_before(client, case, world, checker):
    client.force_login(checker)
    assert "Belum ada rilis lain" in page(client, case)
    WelfareSnapshot.objects.update(until_release=world.release)
    now = WelfareSnapshot.objects.get()
    now.pk, now.floor_type, now.from_release, now.until_release = None, EARTH, world.release, None
    now.save()

    shown = page(client, case)
    assert "dibandingkan rilis 2025-Q4" in shown
    assert "<td>tanah</td><td>keramik</td>" in shown


def test_who_reported_is_known_to_those_who_may_know_and_to_nobody_else(client, report, checker, make_staff):
    client.force_login(checker)
    shown = page(client, report)
    assert "dilindungi" in shown
    for trace in (NIK[-4:], PHONE[-3:], "AMAQ SAHRUN", "1961", "sama dengan data"):
        assert trace not in shown
    for number in (NIK, PHONE):
        assert client.post(f"{LIST}cari/", {"q": number}).url == LIST

    auditor = make_staff("pemeriksa", "objections.see_reporter", "recipients.see_whole_district")
    client.force_login(auditor)
    assert NIK[-4:] in page(client, report)
    assert client.post(f"{LIST}cari/", {"q": NIK}).url == f"{LIST}{report.pk}/change/"


def test_the_reported_family_is_found_by_name_and_the_case_follows_its_area(
    client, report, well_off, checker
):
    client.force_login(checker)
    address = f"{LIST}{report.pk}/dilaporkan/"
    found = text_of(client.post(address, {"q": "mampu"}))
    assert "AMAQ MAMPU" in found
    client.post(address, {"keluarga": well_off.pk})

    report.refresh_from_db()
    assert (report.family, report.village) == (well_off, well_off.village)
    assert "AMAQ MAMPU" in page(client, report)


def test_a_report_is_not_turned_on_a_family_outside_the_officers_area(
    client, report, well_off, make_staff, world
):
    client.force_login(make_staff("desa", services.CHECK, village=world.village))
    address = f"{LIST}{report.pk}/dilaporkan/"

    assert "AMAQ MAMPU" not in text_of(client.post(address, {"q": "mampu"}))
    client.post(address, {"keluarga": well_off.pk})
    report.refresh_from_db()
    assert report.family is None


def test_only_a_report_is_given_another_family(case, well_off, checker):
    with pytest.raises(services.MoveRefused, match="laporan"):
        services.set_reported_family(objection=case, family=well_off, by=checker, now=NOW)


def test_a_reporter_is_not_known_by_voice_or_by_where_the_photo_was_taken(
    client, report, make_staff, checker
):
    about = {"form_key": report.form_key, "objection": report, "now": NOW}
    voice = keeping.take_voice(data=files.webm(), **about)
    photo = keeping.take_photo(data=files.phone_photo(), **about)
    area = WelfareSnapshot.objects.first().village
    neighbour = make_staff("operator", village=area)
    auditor = make_staff("auditor", "recipients.see_whole_district", "objections.see_reporter")

    for user, heard in ((neighbour, 403), (checker, 403), (auditor, 200)):
        client.force_login(user)
        assert client.get(f"{LIST}bukti/{voice.pk}/").status_code == heard, user
        assert client.get(f"{LIST}bukti/{photo.pk}/").status_code == 200
    client.force_login(checker)
    assert client.post(f"{LIST}bukti/{photo.pk}/asal/").status_code == 403
    assert "Suara pelapor dilindungi" in page(client, report)
