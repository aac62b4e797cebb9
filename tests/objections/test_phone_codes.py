"""A code to the phone opens one's own data: once, within limits, and kept nowhere (docs/decisions/0036)."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bansos.common import outbox
from bansos.common.models import Job, Message, MessageState
from objections import phone_notices, services, tokens
from objections import tasks as _tasks  # noqa: F401  (registers what is sent)
from objections.enums import CodePurpose, EventKind
from objections.models import Objection, PhoneCode
from objections.notices import ONE_PART
from objections.services import phone_codes
from recipients.enums import Access
from recipients.models import AccessLog
from tests import everything
from tests.objections import phone_steps
from tests.objections.phone_steps import PHONE, confirm, matched_case, new_code, use, work
from tests.objections.steps import ask, send, text_of

pytestmark = pytest.mark.django_db
HP, SEND, TYPE, FAMILY = "/kode/hp/", "/kode/hp/kirim/", "/kode/hp/ketik/", "/kode/keluarga/"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("objections.public.by_phone.LEAST_S", 0)
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


def sent_codes(seen):
    texts = [told["text"] for _key, told in seen]
    return [found[0].replace(" ", "") for text in texts if (found := re.findall(r"kode (\d{4} \d{4})", text))]


# --- the journey ---------------------------------------------------------------------------------------------


def test_from_a_receipt_to_ones_own_decile_with_javascript_off_and_no_code_kept(
    client, world, checker, http_gateway, caplog
):
    caplog.set_level(logging.DEBUG)
    seen, _answers = http_gateway
    number, pin = send(client)
    client.post("/selesai/")
    work()
    case = Objection.objects.get()

    assert client.get(SEND).url == HP
    assert client.post(HP, {"number": number, "pin": pin}).url == SEND
    assert client.post(SEND).url == TYPE
    work()
    assert client.post(TYPE, {"code": sent_codes(seen)[-1]}).url == "/status/sanggahan/?hp"
    assert "Petugas harus memastikan" in text_of(client.get("/status/sanggahan/?hp"))
    assert client.get(FAMILY).url == "/kode/"
    client.force_login(checker)
    page = f"/staf/objections/objection/{case.pk}/"
    client.post(f"{page}pastikan/")
    assert "belum dipastikan petugas" in text_of(client.get(f"{page}change/"))
    client.post(f"{page}hp/", {"how": "DESK", "pastikan": "1", "hp": phone_steps.kept(case).shown_as})
    assert "HP terkonfirmasi" in text_of(client.get(f"{page}change/"))
    client.logout()
    client.post(HP, {"number": number, "pin": pin})
    client.post(SEND)
    work()
    first, second = sent_codes(seen)
    assert client.post(TYPE, {"code": f"{second[:4]} {second[4:]}"}).url == FAMILY
    own = text_of(client.get(FAMILY))
    work()

    assert "Desil harus 1 sampai 4." in own or "Desil keluarga Anda 6." in own
    assert "tiga angka terakhir <strong>001</strong>" in own
    look = AccessLog.objects.get(kind=Access.OWN_CODE)
    assert (look.by, look.family, look.subject) == (None, world.family, case.reference)
    assert "baru dibuka dengan kode" in seen[-1][1]["text"]
    kept = everything.tables() + everything.sessions() + everything.redis() + caplog.text
    assert not [code for code in (first, second) if code in kept]
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.SENT}


def test_the_texts_fit_one_sms_name_nobody_and_say_no_decile(case, confirmed):
    Objection.objects.update(receipt_no="SGH-26-4K7Q2XX-2")
    bodies = [
        phone_notices.write_code({"code": code.pk}).body
        for code in (new_code(case), _as(new_code(case), CodePurpose.CONFIRM))
    ]
    steps = (EventKind.OPENED, EventKind.PHONE_OK, EventKind.PHONE_END, EventKind.NEW_PHONE)
    bodies += [phone_notices.write_news({"step": step, "number": "SGH-26-4K7Q2XX-2"}).body for step in steps]

    for body in bodies:
        assert len(body) <= ONE_PART, (len(body), body)
        assert body.isascii()
        assert "SAHRUN" not in body
        assert "desil" not in body


def _as(code, purpose):
    """Another row of that purpose: what was sent is never rewritten."""
    code.pk, code.purpose, code.nonce = None, purpose, b"another nonce!!!"
    code.save()
    return code


# --- what a code needs ---------------------------------------------------------------------------------------


def test_a_code_opens_once(case, confirmed):
    digits = new_code(case).digits()

    assert use(case, digits).purpose == CodePurpose.OPEN
    assert use(case, digits) is None


def test_a_code_lapses_after_a_quarter_of_an_hour(case, confirmed):
    code = new_code(case)

    assert use(case, code.digits(), now=code.valid_until) is None
    assert use(case, code.digits(), now=code.valid_until - timedelta(seconds=1))


def test_after_five_wrong_tries_the_right_code_is_of_no_use(case, confirmed):
    digits = new_code(case).digits()
    wrong = f"{(int(digits) + 1) % 10**8:08d}"

    assert [use(case, wrong) for _ in range(5)] == [None] * 5
    assert use(case, digits) is None


def test_a_code_opens_its_own_case_only(case, confirmed, filing):
    other = services.file(form=filing(phone=PHONE), now=timezone.now())
    digits = new_code(case).digits()

    assert use(other, digits) is None
    assert use(case, digits)


def test_a_late_code_may_be_typed_though_another_was_asked_for(case, confirmed):
    first, second = new_code(case).digits(), new_code(case).digits()

    assert use(case, first)
    assert use(case, second)


def test_a_code_that_could_not_be_sent_in_time_is_not_sent(case, confirmed, http_gateway):
    seen, answers = http_gateway
    Message.objects.all().delete()
    Job.objects.all().delete()
    new_code(case)
    answers.append(503)
    work()
    Message.objects.update(valid_until=timezone.now(), next_try=timezone.now())
    outbox.keep_going(now=timezone.now())
    work()

    assert len(seen) == 1
    assert Message.objects.get().state == MessageState.LAPSED


# --- limits, and no oracle -----------------------------------------------------------------------------------


def sent(**about):
    return Message.objects.filter(template=phone_notices.CODE, **about).count()


def test_three_codes_a_day_for_a_case(case):
    asked = [services.send_code(objection=case, now=timezone.now()) for _ in range(4)]

    assert (asked, sent()) == ([True, True, True, False], 3)
    assert services.send_code(objection=case, now=timezone.now() + timedelta(days=1, minutes=1))


def test_three_codes_a_day_to_a_phone_however_many_cases_name_it(case, filing, operator):
    others = [services.file(form=filing(phone=PHONE), now=timezone.now()) for _ in range(2)]
    asked = [services.send_code(objection=one, now=timezone.now()) for one in [case, *others] * 2]

    assert (asked, sent()) == ([True] * 6, 3)  # nobody learns of the other cases
    assert not services.send_code(objection=case, now=timezone.now(), by=operator)  # who is beside is told


def test_filing_under_somebodys_number_does_not_use_up_what_opens_their_family(case, confirmed, filing):
    for _ in range(2):
        stranger = services.file(form=filing(phone=PHONE), now=timezone.now())
        for _again in range(2):
            services.send_code(objection=stranger, now=timezone.now())

    assert use(case, new_code(case).digits())


def test_pressing_twice_sends_one_message(case, monkeypatch):
    monkeypatch.setattr(phone_codes, "PAUSE", timedelta(minutes=1))
    for _ in range(2):
        assert services.send_code(objection=case, now=timezone.now())

    assert Message.objects.filter(template=phone_notices.CODE).count() == 1


def test_the_district_stops_at_what_it_may_cost_but_not_at_the_desk(case, settings, operator, caplog):
    settings.PHONE_CODES_A_DAY = 2  # one to prove, one to open
    asked = [services.send_code(objection=case, now=timezone.now()) for _ in range(2)]

    assert (asked, sent()) == ([True, True], 1)
    assert "are used up" in caplog.text
    assert services.send_code(objection=case, now=timezone.now(), by=operator)
    assert sent() == 2


def test_every_case_gets_the_same_pages_and_the_same_limit(world, checker, filing):
    kinds = {"confirmed": {}, "unconfirmed": {}, "no phone": {"phone": ""}, "report": {"kind": "WELL_OFF"}}
    told = []
    for place, (name, changes) in enumerate(kinds.items()):
        phone = f"08120000900{place}"
        case = matched_case(filing, pin="0" * 8, **{"phone": phone, **changes})
        if name == "confirmed":
            confirm(case, checker)
        told.append(_asked_four_times(Client(), case))

    assert told[1:] == told[:1] * 3


def _asked_four_times(client, case):
    """What a browser reads, without what is of this case or this session alone."""
    client.post(HP, {"number": case.receipt_no, "pin": "0" * 8})
    pages = [client.get(SEND)]
    answers = [client.post(SEND).url for _ in range(4)]
    pages += [client.get(TYPE), client.get(answers[-1]), ask(client, TYPE, {"code": "0000 0000"})]
    assert answers == [TYPE] * 3 + [f"{SEND}?habis"]
    return [_bare(page).replace(case.receipt_no, "") for page in pages]


def _bare(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text_of(page))


def test_a_qr_alone_does_not_ask_for_codes(client, case, filing):
    client.get(f"/q/{tokens.issue(objection=case, now=timezone.now())}/")

    assert client.post(SEND).url == HP
    assert not PhoneCode.objects.exists()


def test_twenty_wrong_codes_an_hour_from_one_address(client, case, filing, monkeypatch):
    monkeypatch.setattr("objections.public.by_phone.MOST_CODES", 2)
    other = services.file(form=filing(pin="0" * 8), now=timezone.now())
    client.post(HP, {"number": other.receipt_no, "pin": "0" * 8})

    answers = [client.post(TYPE, {"code": "00000000"}).url for _ in range(3)]
    assert answers == [f"{TYPE}?perbaiki"] * 2 + ["/tunggu/?code"]


def test_old_codes_are_removed_and_what_they_did_stays(case, confirmed):
    use(case, new_code(case).digits())

    assert services.purge_phone_codes(now=timezone.now() + timedelta(days=89)) == 0
    assert services.purge_phone_codes(now=timezone.now() + timedelta(days=91)) == 1
    assert case.events.filter(kind=EventKind.OPENED).exists()
