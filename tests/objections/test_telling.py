"""How the citizen hears of the case: by SMS, by WhatsApp, or by letter only; by nothing they did not choose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from bansos.common.models import Channel, Message
from objections import notices, phone_notices, services, tokens
from objections.enums import EventKind, Kind, NoticeBy
from objections.models import Objection
from tests.objections.phone_steps import PHONE, confirm, matched_case, new_code, use
from tests.objections.steps import ANSWERS, send, text_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()
CONTACT = ANSWERS["/sanggah/kabar/"]
TELLING = "/status/kabar/"


def channels(**about) -> list[str]:
    return list(Message.objects.filter(**about).order_by("pk").values_list("channel", flat=True))


def open_with_pin(client, **contact):
    number, pin = send(client, kabar={**CONTACT, **contact})
    client.post("/status/", {"number": number, "pin": pin})
    return Objection.objects.get()


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        ({}, [Channel.SMS]),
        ({"notice_by": "SMS"}, [Channel.SMS]),
        ({"notice_by": "WHATSAPP"}, [Channel.WHATSAPP]),
        ({"notice_by": "LETTER"}, [Channel.PRINT]),
        ({"phone": "", "no_phone": "on"}, [Channel.PRINT]),
    ],
)
def test_what_was_chosen_is_how_they_hear_and_nothing_else(client, world, answer, heard):
    send(client, kabar={**CONTACT, **answer})

    assert channels() == heard


def test_letters_only_holds_from_the_next_step_on_late_notices_and_visits_too(
    client, world, make_staff, checker
):
    case = open_with_pin(client)
    services.match(objection=case, now=NOW)
    client.post(TELLING, {"notice_by": "LETTER"})
    visitor = make_staff("pendamping", services.VISIT, village=world.village)
    case.refresh_from_db()

    notices.tell_late([case], now=NOW)
    services.start_check(objection=case, by=checker, now=NOW, note="dicek")
    services.plan_visits(cases=[case], visitor=visitor, for_day=timezone.localdate(NOW), by=visitor, now=NOW)
    case.refresh_from_db()
    services.ask_for_completion(objection=case, by=checker, now=NOW, asked="Foto meteran.")

    assert channels() == [Channel.SMS, *[Channel.PRINT] * 3]


def test_back_to_a_phone_ends_the_letters(client, world):
    case = open_with_pin(client, notice_by="LETTER")
    client.post(TELLING, {"notice_by": "WHATSAPP"})
    case.refresh_from_db()

    notices.tell_late([case], now=NOW)

    assert channels() == [Channel.PRINT, Channel.WHATSAPP]


@pytest.mark.parametrize(
    ("chosen", "way"), [("SMS", Channel.SMS), ("WHATSAPP", Channel.WHATSAPP), ("LETTER", Channel.SMS)]
)
def test_a_code_and_the_warning_that_it_opened_data_reach_the_phone_whatever_was_chosen(
    filing, world, checker, chosen, way
):
    case = matched_case(filing, notice_by=chosen)
    confirm(case, checker)
    Message.objects.all().delete()

    code = new_code(case)
    use(case, code.digits())

    assert channels() == [way, way]
    assert channels(template="objections.phone", values__step=EventKind.OPENED) == [way]


def test_only_number_and_pin_let_it_be_changed_and_the_log_says_so(client, world):
    case = open_with_pin(client)
    assert client.get(TELLING).status_code == 200
    client.post(TELLING, {"notice_by": "LETTER"})
    again = client.post(TELLING, {"notice_by": "LETTER"})

    (event,) = case.events.filter(kind=EventKind.NOTICE_BY)
    assert event.note == NoticeBy.LETTER.label
    assert "Surat saja, jangan kirim SMS" in text_of(client.get(again.url))

    session = client.session
    session.flush()
    client.cookies.clear()
    assert client.post(TELLING, {"notice_by": "SMS"}).url == "/status/kabar/pin/"
    case.refresh_from_db()
    assert case.notice_by == NoticeBy.LETTER


def test_a_qr_alone_does_not_change_it(client, world):
    case = open_with_pin(client)
    token = tokens.issue(objection=case, now=NOW)
    client.cookies.clear()
    client.get(f"/q/{token}/")

    assert client.get("/status/sanggahan/").status_code == 200
    assert client.post(TELLING, {"notice_by": "LETTER"}).url == "/status/kabar/pin/"


def test_the_page_does_not_tell_whether_there_is_a_phone(client, world):
    case = open_with_pin(client)
    with_phone = text_of(client.get(TELLING))
    Objection.objects.filter(pk=case.pk).update(phone_sealed=None, phone_index=None)

    def words(page):
        return page.split("<main")[1].partition("csrfmiddlewaretoken")[2].partition(">")[2]

    assert words(text_of(client.get(TELLING))) == words(with_phone)


def test_who_reports_somebody_is_offered_no_letter_and_sent_none(client, world):
    client.post("/lapor/")
    for url, data in ANSWERS.items():
        if "alasan" in url:
            continue
        if "kabar" in url:
            page = text_of(client.get(url))
            data = {**data, "notice_by": "LETTER"}
        client.post(url, data)
    client.post("/sanggah/periksa/")

    assert "Jangan kirim apa-apa" in page
    assert "Surat saja" not in page
    assert Objection.objects.get().kind == Kind.WELL_OFF
    assert channels() == []


def test_a_flood_limit_of_a_phone_holds_back_no_letter(filing, world):
    for n in range(notices.MOST_RECEIVED + 1):
        services.file(form=filing(phone="081200009001", notice_by="LETTER"), now=NOW + timedelta(minutes=n))

    assert channels() == [Channel.PRINT] * (notices.MOST_RECEIVED + 1)


@pytest.mark.parametrize(
    ("old", "new", "warned"),
    [
        ("SMS", "LETTER", Channel.SMS),
        ("WHATSAPP", "LETTER", Channel.WHATSAPP),
        ("SMS", "WHATSAPP", Channel.SMS),
        ("LETTER", "SMS", Channel.PRINT),
    ],
)
def test_staff_change_it_for_somebody_who_asked_and_the_old_way_hears_of_it(
    client, world, checker, filing, old, new, warned
):
    case = matched_case(filing, notice_by=old)
    Message.objects.all().delete()
    client.force_login(checker)
    url = f"/staf/objections/objection/{case.pk}/kabar/"
    assert "Ubah cara dikabari" in text_of(client.get(f"/staf/objections/objection/{case.pk}/change/"))

    client.post(url, {"notice_by": new, "asked": " "})
    client.post(url, {"notice_by": new, "asked": "panjang " * 40})
    assert not case.events.filter(kind=EventKind.NOTICE_BY).exists()
    for _press in range(2):
        client.post(url, {"notice_by": new, "asked": "Ibu Sahrun menelepon, menyebut nomor dan PIN-nya."})

    case.refresh_from_db()
    (event,) = case.events.filter(kind=EventKind.NOTICE_BY)
    assert (case.notice_by, event.by) == (new, checker)
    assert event.note == f"{NoticeBy(new).label}. Ibu Sahrun menelepon, menyebut nomor dan PIN-nya."
    assert channels() == [warned]


def test_the_warning_of_another_way_fits_one_sms_and_names_nobody():
    told = {"step": EventKind.NOTICE_BY, "number": "SGH-26-4K7Q-2XX", "way": NoticeBy.LETTER}
    body = phone_notices.write_news(told).body

    assert "lewat surat saja" in body
    assert len(body) <= notices.ONE_PART


def test_a_letter_warns_who_was_told_by_letter_before(world, checker, filing):
    case = matched_case(filing, notice_by="LETTER")
    services.choose_notice_for(
        objection=case, notice_by=NoticeBy.SMS, asked="Datang dengan KTP.", by=checker, now=NOW
    )

    assert "datang lewat HP, karena itu yang diminta" in case.letters.first().text()


def test_without_a_phone_there_is_nothing_to_choose(client, world, checker, filing):
    case = services.file(form=filing(phone=""), now=NOW)
    client.force_login(checker)

    assert "Ubah cara dikabari" not in text_of(client.get(f"/staf/objections/objection/{case.pk}/change/"))
    with pytest.raises(services.MoveRefused, match="tidak punya nomor HP"):
        services.choose_notice_for(
            objection=case, notice_by=NoticeBy.SMS, asked="Datang.", by=checker, now=NOW
        )


def test_who_does_not_know_the_reporter_does_not_choose_for_them(client, world, checker, filing):
    case = services.file(form=filing(kind=Kind.WELL_OFF, story="Mobilnya dua.", phone=PHONE), now=NOW)
    client.force_login(checker)

    sent = client.post(
        f"/staf/objections/objection/{case.pk}/kabar/", {"notice_by": "LETTER", "asked": "Datang."}
    )
    assert sent.status_code == 403


def test_staff_read_how_the_person_hears(client, world, checker, filing):
    case = matched_case(filing, notice_by="WHATSAPP")
    client.force_login(checker)

    page = text_of(client.get(f"/staf/objections/objection/{case.pk}/change/"))

    assert "<dt>Dikabari lewat</dt><dd>WhatsApp</dd>" in page
