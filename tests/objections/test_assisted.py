"""Staff beside a person who objects: consent first, the own area only, and a receipt that is the person's own."""

from __future__ import annotations

import re
import zlib
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from objections import services
from objections.enums import AttachmentKind, Conflict, NoticeBy, Reason
from objections.models import Attachment, Objection
from recipients.enums import Access
from recipients.models import AccessLog
from tests.factories import registry
from tests.objections.files import named, photo
from tests.objections.steps import NIK, UNKNOWN_NIK, text_of

pytestmark = pytest.mark.django_db
PHONE = "081200009001"
START, TELL, SEND = "/staf/bantu/", "/staf/bantu/cerita/", "/staf/bantu/kirim/"
RECEIPT = "/staf/bantu/tanda-terima/"
PERSON = {
    "channel": "ASSISTED", "paper_on": "", "tie": "NONE", "consent": "SPOKEN", "nik": NIK,
    "birth_date": "27 8 1975",
}  # fmt: skip


@pytest.fixture
def operator(make_staff, world):
    return make_staff("operator", services.FILE_FOR_OTHERS, "recipients.view_family", village=world.village)


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def filed(client, **person):
    assert client.post(START, PERSON | person).url == TELL
    assert client.post(TELL, {"reasons": ["HOUSE"], "story": "Rumah bambu."}).url == SEND
    sent = {"phone": "0812 0000 9001", "notice_by": "WHATSAPP", "village": ""}
    assert client.post(SEND, sent).url == RECEIPT
    return Objection.objects.get()


def test_three_pages_give_one_case_that_says_who_filed_it_and_how_the_person_agreed(desk, operator):
    objection = filed(desk)

    assert (objection.filed_by, objection.channel, objection.consent) == (operator, "ASSISTED", "SPOKEN")
    assert (objection.reasons, objection.story, objection.conflicts) == (["HOUSE"], "Rumah bambu.", [])
    assert objection.notice_by == NoticeBy.WHATSAPP


def test_the_receipt_opens_the_case_and_is_gone_once_it_was_handed_over(desk):
    objection = filed(desk)
    number, pin = re.findall(r'class="big">([^<]+)<', text_of(desk.get(RECEIPT)))

    assert services.open_case(receipt_no=number, pin=pin) == objection
    assert desk.post(RECEIPT).url == START
    assert desk.get(RECEIPT).url == START


def test_pressing_send_again_leads_to_the_same_receipt(desk):
    filed(desk)

    assert desk.post(SEND, {"phone": "0812 0000 9001", "village": ""}).url == RECEIPT
    assert Objection.objects.count() == 1


def test_nothing_is_looked_up_before_the_person_agreed(desk):
    page = desk.get(desk.post(START, PERSON | {"consent": ""}).url)

    assert "Minta persetujuan dulu" in text_of(page)
    assert not AccessLog.objects.exists()


def test_the_look_at_the_family_is_logged_with_the_consent(desk, operator, world):
    desk.post(START, PERSON)

    look = AccessLog.objects.get()
    assert (look.by, look.kind, look.family) == (operator, Access.OPEN_FAMILY, world.family)
    assert "lisan" in look.reason


def test_the_banner_names_the_person_by_initials_and_the_reasons_answer_what_is_recorded(desk):
    desk.post(START, PERSON)
    page = text_of(desk.get(TELL))

    assert "Anda mengisi untuk orang lain: A. S." in page
    assert "Data mencatat:" in page
    assert "SAHRUN" not in page


def test_a_family_outside_the_area_and_an_unknown_nik_look_alike(client, make_staff, world):
    elsewhere = make_staff(
        "jauh", services.FILE_FOR_OTHERS, "recipients.view_family",
        village=registry.make_village("Sandubaya", "Selong"),
    )  # fmt: skip
    client.force_login(elsewhere)
    pages = []
    for nik in (NIK, UNKNOWN_NIK):
        assert client.post(START, PERSON | {"nik": nik}).url == TELL
        pages.append(re.sub(r'value="[A-Za-z0-9]{64}"', "", text_of(client.get(TELL))))

    assert pages[0] == pages[1]
    assert set(AccessLog.objects.values_list("kind", "family")) == {(Access.SEARCH, None)}


def test_a_helper_whose_role_sees_no_data_files_without_seeing_any(client, make_staff, world):
    agent = make_staff("agen", services.FILE_FOR_OTHERS, village=world.village)
    client.force_login(agent)
    client.post(START, PERSON)

    page = text_of(client.get(TELL))
    assert "Data mencatat" not in page
    assert "A. S." not in page
    assert not AccessLog.objects.exists()


def test_a_thumb_print_needs_its_photo_which_then_belongs_to_the_case(desk, operator):
    thumb = PERSON | {"consent": "THUMB"}
    asked = desk.get(desk.post(START, thumb).url)
    assert "Foto lembar yang ditandatangani" in text_of(asked)

    sheet = named(photo(), "cap.jpg")
    assert desk.post(START, thumb | {"sheet": sheet}).url == TELL
    desk.post(TELL, {"reasons": ["HOUSE"], "story": ""})
    desk.post(SEND, {"phone": "", "no_phone": "on", "village": ""})

    kept = Attachment.objects.get()
    assert (kept.kind, kept.by, kept.objection) == (AttachmentKind.CONSENT, operator, Objection.objects.get())


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Tulis tanggal yang ada"), ("1 1 2020", "lebih dari satu")]
)
def test_a_paper_form_is_keyed_with_the_date_on_the_paper(desk, typed, words):
    paper = PERSON | {"channel": "PAPER", "paper_on": typed}
    assert words in text_of(desk.get(desk.post(START, paper).url))

    today = timezone.localdate()
    objection = filed(desk, channel="PAPER", paper_on=f"{today.day} {today.month} {today.year}")
    assert (objection.channel, objection.paper_on) == ("PAPER", today)


def test_the_date_of_a_paper_lies_not_ahead(filing, operator):
    form = filing(channel="PAPER", consent="WRITTEN", paper_on=date(2999, 1, 1))
    with pytest.raises(services.MoveRefused, match="belum lewat"):
        services.file(form=form, now=timezone.now(), by=operator)


def test_who_decides_reads_that_the_helper_is_kin(desk, client, checker):
    objection = filed(desk, tie="KIN")
    assert objection.conflicts == [Conflict.KIN]

    client.force_login(checker)
    page = text_of(client.get(f"/staf/objections/objection/{objection.pk}/change/"))
    assert "Benturan kepentingan: sanggahan kerabatnya" in page


def test_who_filed_and_also_checked_is_flagged(filing, make_staff):
    both = make_staff("loket", services.FILE_FOR_OTHERS, services.CHECK, "recipients.see_whole_district")
    now = timezone.now()
    objection = services.file(form=filing(channel="ASSISTED", consent="SPOKEN"), now=now, by=both)
    assert services.ties(objection=objection) == []

    services.start_check(objection=objection, by=both, now=now)
    assert services.ties(objection=objection) == ["yang mengisi juga ikut memeriksa"]


def test_a_phone_that_many_people_gave_is_asked_for_again_and_told_to_who_checks(
    desk, client, filing, checker
):
    for n in range(Objection.MANY_PEOPLE):
        services.file(form=filing(nik=f"520399270875900{n + 2}", phone=PHONE), now=timezone.now())
    client.post(START, PERSON)
    client.post(TELL, {"reasons": ["HOUSE"], "story": ""})
    sent = {"phone": PHONE, "notice_by": "SMS", "village": ""}

    again = client.post(SEND, sent)
    assert "sanggahan banyak orang lain" in text_of(client.get(again.url))
    assert client.post(SEND, sent | {"is_theirs": "on"}).url == RECEIPT

    client.force_login(checker)
    case = Objection.objects.latest("pk")
    shown = text_of(client.get(f"/staf/objections/objection/{case.pk}/change/"))
    assert "dipakai di sanggahan 6 orang" in shown


def test_a_village_outside_the_area_cannot_be_named(desk):
    other = registry.make_village("Sandubaya", "Selong")
    desk.post(START, PERSON)
    desk.post(TELL, {"reasons": ["HOUSE"], "story": ""})

    desk.post(SEND, {"phone": "0812 0000 9001", "village": str(other.pk)})
    assert not Objection.objects.exists()
    assert "Pilih desa" in text_of(desk.get(SEND + "?perbaiki"))


def test_no_address_and_no_session_holds_what_was_typed(desk):
    urls = [desk.post(START, PERSON).url, desk.post(TELL, {"reasons": ["HOUSE"], "story": "Rumah bambu"}).url]
    stored = "".join(row.session_data for row in Session.objects.all())
    opened = str([row.get_decoded() for row in Session.objects.all()])

    assert NIK not in "".join(urls) + stored + opened
    assert "bambu" not in opened


def test_a_limit_keeps_helpers_from_leafing_through_families(desk, monkeypatch):
    monkeypatch.setattr("objections.public.assisted.MOST_LOOKS", 1)
    desk.post(START, PERSON)

    assert "banyak data" in text_of(desk.get(desk.post(START, PERSON).url))
    assert AccessLog.objects.count() == 1


def test_beginning_for_somebody_else_forgets_the_first(desk):
    desk.post(START, PERSON)
    assert desk.post(START, {"fresh": "1"}).url == START

    assert desk.get(TELL).url == START


def test_the_blank_form_asks_what_the_screens_ask_under_the_same_numbers(desk, world):
    answer = desk.get("/staf/bantu/formulir/")
    streams = re.findall(rb"stream\n(.*?)\nendstream", answer.content, re.DOTALL)
    drawn = "".join(zlib.decompress(one).decode("latin-1") for one in streams if one[:1] == b"x")
    whole = " ".join(re.findall(r"\((.*?)(?<!\\)\) Tj", drawn)).replace("\\", "")

    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.count(b"/Type /Page\n") == 2
    for number, step in enumerate(("NIK dan tanggal lahir", "Apa yang tidak benar?", "Ceritakan"), start=1):
        assert f"{number}. {step}" in whole
    assert all(str(label) in whole for label in Reason.labels)
    assert f"{world.village.name} ({world.village.code})" in whole


BESIDE, OPENED = "/staf/bantu/data/", "/staf/bantu/data/keluarga/"


def test_a_family_reads_its_own_data_at_the_desk_with_consent_and_the_look_is_logged(desk, world):
    assert desk.post(BESIDE, {"nik": NIK}).url != OPENED  # no consent, nothing opened
    assert not AccessLog.objects.exists()
    assert desk.post(BESIDE, {"nik": NIK, "consent": "SPOKEN"}).url == OPENED
    shown = text_of(desk.get(OPENED))

    log = AccessLog.objects.get()
    assert (log.kind, log.family) == (Access.OPEN_FAMILY, world.family)
    assert log.reason == "diperlihatkan kepada warga, persetujuan lisan"
    assert "desil 4 menjadi 6" in shown
    assert "SAHRUN" not in shown  # initials, as behind the code of a letter
    desk.post(OPENED)
    assert desk.get(OPENED).url == BESIDE


def test_the_desk_opens_no_family_of_another_area(client, world, make_staff):
    elsewhere = registry.make_village("Danger")
    far = make_staff("jauh", services.FILE_FOR_OTHERS, "recipients.view_family", village=elsewhere)
    client.force_login(far)

    assert client.post(BESIDE, {"nik": NIK, "consent": "SPOKEN"}).url == f"{BESIDE}?perbaiki"
    assert client.get(OPENED).url == BESIDE
