"""Whose phone it is: two proofs, staff who know the person, and an end (docs/decisions/0036)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from bansos.common import vault
from bansos.common.models import Message
from objections import phone_notices, services
from objections import tasks as _tasks  # noqa: F401  (registers what is sent)
from objections.enums import CodePurpose, EventKind, PhoneHow, Reason
from objections.models import Objection, PhoneCode
from objections.services import phone_codes, phones
from recipients.models import AccessLog, FamilyCode, FamilyMembership
from tests.factories import registry
from tests.objections.phone_steps import PHONE, confirm, kept, matched_case, new_code, say_whose, use
from tests.objections.steps import NIK, ask, text_of

pytestmark = pytest.mark.django_db
FAMILY = "/kode/keluarga/"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(phone_codes, "PAUSE", timedelta(0))


@pytest.fixture
def case(world, filing):
    return matched_case(filing)


@pytest.fixture
def confirmed(case, checker):
    return confirm(case, checker)


@pytest.fixture
def operator(make_staff, world):
    return make_staff("operator", services.FILE_FOR_OTHERS, "recipients.view_family", village=world.village)


# --- whose phone it is ---------------------------------------------------------------------------------------


def test_a_typed_code_alone_opens_nothing_and_so_does_a_confirmed_family(case, checker):
    """Who copied a family card can file with an own phone; that NIK and birth date match proves nothing more."""
    services.confirm_match(objection=case, by=checker, now=timezone.now())
    assert use(case, new_code(case, CodePurpose.CONFIRM).digits()).purpose == CodePurpose.CONFIRM

    assert services.standing_phone(case, now=timezone.now()) is None
    new_code(case, CodePurpose.CONFIRM)


def test_the_office_confirms_a_proven_phone_of_a_confirmed_family_and_says_how(case, checker, operator):
    def confirmed(how, by=checker):
        say_whose(case, by, how)

    with pytest.raises(services.MoveRefused, match="Pastikan dulu keluarganya"):
        confirmed("DESK")
    services.confirm_match(objection=case, by=checker, now=timezone.now())
    with pytest.raises(services.MoveRefused, match="belum mengetik kodenya"):
        confirmed("DESK")
    phones.prove(objection=case, now=timezone.now())
    with pytest.raises(services.MoveRefused, match="Pilih bagaimana"):
        confirmed("")
    with pytest.raises(services.MoveRefused, match="Belum ada kunjungan"):
        confirmed("VISIT")
    with pytest.raises(PermissionDenied):
        confirmed("DESK", by=operator)
    confirmed("DESK")

    event = case.events.get(kind=EventKind.PHONE_OK)
    assert (event.by, event.note) == (checker, PhoneHow.DESK.label)


def test_nobody_confirms_a_phone_for_the_own_family_in_the_office_either(case, checker):
    services.confirm_match(objection=case, by=checker, now=timezone.now())
    phones.prove(objection=case, now=timezone.now())
    Objection.objects.update(filed_by=checker, consent="SPOKEN", conflicts=["OWN"])
    case.refresh_from_db()

    with pytest.raises(services.MoveRefused, match="Petugas lain yang memastikan"):
        say_whose(case, checker)

    assert kept(case).confirmed_at is None


def test_the_office_does_not_confirm_a_phone_that_took_the_place_of_the_one_on_its_page(
    case, checker, operator
):
    services.confirm_match(objection=case, by=checker, now=timezone.now())
    phones.prove(objection=case, now=timezone.now())
    seen = kept(case).shown_as
    phones.change_phone(objection=case, phone="081200009002", by=operator, now=timezone.now())
    phones.prove(objection=case, now=timezone.now())

    for shown_as in (seen, "lain"):
        with pytest.raises(services.MoveRefused, match="berganti sejak halaman"):
            say_whose(case, checker, shown_as=shown_as)

    assert kept(case).confirmed_at is None


@pytest.mark.parametrize(
    "change", [{"kind": "WELL_OFF"}, {"kind": "NIK_MISUSED"}, {"reasons": ["HOUSE", "NIK_MISUSED"]}]
)
def test_a_case_whose_family_may_be_strangers_never_opens_it(case, confirmed, change):
    digits = new_code(case).digits()
    Objection.objects.update(**change)
    case.refresh_from_db()
    Message.objects.all().delete()

    assert use(case, digits) is None
    assert services.send_code(objection=case, now=timezone.now())  # the same answer
    assert not Message.objects.exists()


def test_another_number_ends_it_and_the_old_one_is_told(case, confirmed, operator):
    digits = new_code(case).digits()
    services.change_phone(objection=case, phone="081200009002", by=operator, now=timezone.now())

    assert services.standing_phone(case, now=timezone.now()) is None
    assert use(case, digits) is None
    told = Message.objects.get(values__step=EventKind.NEW_PHONE)
    assert bytes(told.index) == vault.blind_index(vault.PHONE, PHONE)


def test_a_number_changed_by_whatever_hand_ends_it(case, confirmed):
    Objection.objects.update(phone_index=vault.blind_index(vault.PHONE, "081200009002"))

    assert services.standing_phone(Objection.objects.get(), now=timezone.now()) is None


def test_it_ends_after_half_a_year_and_when_the_person_is_no_member_any_more(
    world, case, confirmed, facts_by_hand
):
    now = timezone.now()
    assert services.standing_phone(case, now=now + timedelta(days=179))
    assert services.standing_phone(case, now=now + timedelta(days=181)) is None
    elsewhere = registry.make_family(release=world.release, village=world.village)
    FamilyMembership.objects.filter(person=world.head.person).update(family=elsewhere)
    assert services.standing_phone(case, now=now) is None


def test_the_family_and_staff_end_it_and_it_can_be_proven_again(client, case, confirmed, operator):
    assert use(case, new_code(case).digits())
    session_of(client, case)
    assert client.post("/kode/keluarga/hp/", {"hp": case.pk}).url == f"{FAMILY}?hp"
    assert services.standing_phone(case, now=timezone.now()) is None
    assert case.events.get(kind=EventKind.PHONE_END).by is None
    phones.prove(objection=case, now=timezone.now())
    assert services.end_phone(objection=case, by=operator, now=timezone.now())
    assert not services.end_phone(objection=case, by=operator, now=timezone.now())


def session_of(client, case):
    """As if this browser had typed the letter's code."""
    FamilyCode.objects.create(
        family=case.family, code_index=vault.blind_index(b"letter", "0" * 12), made_by=case.match_confirmed_by,
        valid_until=timezone.localdate(),
    )  # fmt: skip
    assert client.post("/kode/", {"code": "0" * 12}).url == FAMILY


def test_nobody_ends_the_phone_of_another_family(client, world, case, confirmed, filing):
    stranger = registry.make_family(release=world.release, village=world.village, decile=3)
    registry.make_member(stranger, release=world.release)
    session_of(client, type("Case", (), {"family": stranger, "match_confirmed_by": case.match_confirmed_by}))
    client.post("/kode/keluarga/hp/", {"hp": case.pk})

    assert services.standing_phone(case, now=timezone.now())


# --- at the desk ---------------------------------------------------------------------------------------------

DESK, DESK_TYPE = "/staf/bantu/hp/", "/staf/bantu/hp/kode/"


def beside(case, **changes):
    return {"consent": "SPOKEN", "number": case.receipt_no, "nik": NIK, "phone": ""} | changes


def test_one_visit_to_the_desk_confirms_a_phone(client, case, operator, world):
    client.force_login(operator)
    assert client.post(DESK, beside(case)).url == DESK_TYPE
    page = text_of(client.get(DESK_TYPE))
    assert client.post(DESK_TYPE, {"code": PhoneCode.objects.get().digits()}).url == DESK_TYPE

    assert "tiga angka terakhir <strong>001</strong>" in page
    assert "HP warga sudah dipastikan" in text_of(client.get(DESK_TYPE))
    standing = services.standing_phone(case, now=timezone.now())
    assert (standing.confirmed_by, standing.family, standing.how) == (operator, world.family, "DESK")
    assert AccessLog.objects.filter(by=operator, family=world.family, reason__contains="HP warga").exists()


def test_a_new_number_is_noted_at_the_desk_and_its_code_goes_there_at_once(
    client, case, operator, monkeypatch
):
    monkeypatch.setattr(phone_codes, "PAUSE", timedelta(minutes=1))
    client.force_login(operator)
    for phone in ("", "", "0812 0000 9002"):  # sent, pressed again, then the number is put right
        client.post(DESK, beside(case, phone=phone))

    codes = Message.objects.filter(template=phone_notices.CODE).order_by("pk")
    numbers = [vault.blind_index(vault.PHONE, phone) for phone in (PHONE, "081200009002")]
    assert [bytes(code.index) for code in codes] == numbers


def test_number_and_nik_that_do_not_belong_together_are_refused_alike(client, case, operator, world):
    client.force_login(operator)
    other = registry.make_family(release=world.release, village=world.village, decile=3)
    stranger = "5203992708759002"
    registry.make_member(other, release=world.release, nik=stranger)
    pages = [
        text_of(ask(client, DESK, beside(case, **wrong)))
        for wrong in ({"nik": stranger}, {"number": "SGH-26-4K7Q-2"}, {"nik": "5203992708759777"})
    ]

    assert all("tidak cocok, atau keluarganya bukan di wilayah Anda" in page for page in pages)
    assert not PhoneCode.objects.exists()


def test_helpers_do_not_confirm_the_phone_of_their_own_case_nor_one_phone_for_many(
    client, case, operator, world, checker, filing
):
    client.force_login(operator)
    Objection.objects.update(filed_by=operator, consent="SPOKEN", conflicts=["OWN"])
    assert "Petugas lain yang memastikan" in text_of(ask(client, DESK, beside(case)))
    Objection.objects.update(conflicts=[])
    for number in range(3):
        family = registry.make_family(release=world.release, village=world.village, decile=3)
        nik = f"520399270875901{number}"
        registry.make_member(family, release=world.release, nik=nik)
        other = services.file(form=filing(nik=nik, phone=PHONE), now=timezone.now())
        services.match(objection=other, now=timezone.now())
        confirm(other, checker)
    assert "sudah dipastikan untuk 3 keluarga lain" in text_of(ask(client, DESK, beside(case)))

    client.force_login(checker)
    page = text_of(client.get(f"/staf/objections/objection/{case.pk}/change/"))
    assert "juga dipastikan untuk 3 keluarga lain" in page


def test_reasons_that_name_a_misused_nik_bar_the_phone(client, world, filing, operator):
    case = services.file(form=filing(phone=PHONE, reasons=[Reason.NIK_MISUSED]), now=timezone.now())
    client.force_login(operator)

    assert "HP tidak bisa dipakai" in text_of(ask(client, DESK, beside(case)))


def test_filing_under_somebodys_number_again_and_again_does_not_flood_the_phone(case, filing):
    for _ in range(8):
        services.file(form=filing(phone=PHONE), now=timezone.now())
    services.file(form=filing(phone="081200009002"), now=timezone.now())

    told = Message.objects.filter(values__step="SUBMITTED")
    assert told.filter(index=vault.blind_index(vault.PHONE, PHONE)).count() == 5
    assert told.count() == 6
