"""What the family reads of visits: the day, whether somebody was met, how much differs; facts only with its code."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bansos.common.models import Message
from objections import codes, notices, services, visit_told
from objections.enums import Kind, NotMet, State
from objections.models import FieldVisit, Objection
from recipients.models import WelfareSnapshot
from tests.objections.steps import send, text_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SEEN = [services.Seen("floor_type", "8"), services.Seen("asset_car", "1")]
GOSSIP = "Tetangganya, Amaq Nurdin, bilang punya mobil."


@pytest.fixture
def owner(client, world):
    """Holds number and PIN of a case that is being checked, and has it open."""
    WelfareSnapshot.objects.update(floor_type=2, asset_car=1)
    number, pin = send(client)
    case = Objection.objects.get()
    services.match(objection=case, now=NOW)
    Objection.objects.update(state=State.CHECKING)
    client.post("/status/", {"number": number, "pin": pin})
    return client


@pytest.fixture
def visitor(make_staff, world):
    return make_staff("pendamping", services.VISIT, village=world.village)


def plan(visitor):
    case = Objection.objects.get()
    services.plan_visits(cases=[case], visitor=visitor, for_day=TODAY, by=visitor, now=NOW)
    return FieldVisit.objects.get()


def visited(visitor, **report):
    report = {"finding": GOSSIP, **report}
    services.record_visit(visit=plan(visitor), report=services.Report(**report), by=visitor, now=NOW)


def read(client):
    return text_of(client.get("/status/sanggahan/"))


def test_the_day_of_a_visit_is_told_before_it_comes(owner, visitor):
    plan(visitor)

    page = read(owner)

    assert "Petugas datang pada" in page
    assert "Siapkan KTP dan KK" in page
    assert "pendamping" not in page


def test_a_visit_tells_how_much_differs_and_neither_facts_nor_the_visitors_words(owner, visitor):
    visited(visitor, met_whom="Inaq Sahrun", witness="Amaq Nurdin, ketua RT", seen=SEEN)

    page = read(owner)

    assert "dan bertemu keluarga Anda. Petugas mencatat 2 hal. 1 hal berbeda dari data." in page
    assert "Ini belum keputusan" in page
    assert not [word for word in ("Nurdin", "Inaq", "ubin", "keramik", "anah", "obil") if word in page]


def test_the_code_of_the_family_opens_what_was_seen_beside_what_is_recorded(owner, visitor, world):
    visited(visitor, met_whom="Inaq Sahrun", seen=SEEN)
    letter = codes.make_letter_codes(families=[world.family], by=visitor, today=TODAY)[world.family.pk]
    owner.post("/kode/", {"code": letter})

    page = read(owner)

    assert page.count('class="differs"') == 1
    assert "anah" in page
    assert "Nurdin" not in page
    (line, _same) = visit_told.of_case(Objection.objects.get(), opened_family=world.family.pk)[0].lines
    assert line.differs


def test_another_familys_code_opens_nothing_of_the_visit(owner, visitor, world):
    visited(visitor, met_whom="Inaq Sahrun", seen=SEEN)

    (told,) = visit_told.of_case(Objection.objects.get(), opened_family=world.family.pk + 1)

    assert told.lines == []


def test_a_missed_visit_is_told_with_what_to_do_and_takes_nothing_away(owner, visitor):
    visited(visitor, not_met=NotMet.AWAY)

    page = read(owner)

    assert "tetapi tidak bertemu keluarga Anda. Tidak ada orang di rumah." in page
    assert "Beri tahu hari yang cocok" in page
    assert "Nurdin" not in page


def test_planning_and_visit_reach_the_phone_once_each_and_name_nobody(owner, visitor):
    visited(visitor, met_whom="Inaq Sahrun")

    told = Message.objects.filter(values__step__in=notices.VISITS).order_by("pk")

    assert [message.values["step"] for message in told] == [notices.VISIT_PLANNED, notices.VISITED]
    for message in told:
        body = notices.write(message.values).body
        assert TODAY.strftime("%Y") in body
        assert "Inaq" not in body


def test_who_reported_somebody_else_hears_nothing_of_the_visit(owner, visitor):
    Objection.objects.update(kind=Kind.WELL_OFF)
    visited(visitor, not_met=NotMet.MOVED)

    assert "Kunjungan" not in read(owner)
    assert not Message.objects.filter(values__step__in=notices.VISITS).exists()
