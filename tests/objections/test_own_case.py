"""What the owner of a case does with it; and the two kinds of case that have a door of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from objections import services
from objections.enums import EventKind, Kind, State
from objections.models import Objection
from objections.public import pins
from tests.objections import files
from tests.objections.steps import IDENTITY, ask, decide, send, text_of

pytestmark = pytest.mark.django_db
ADD, WITHDRAW, AGAIN, STOP_QR = (
    f"/status/{part}/" for part in ("tambah", "cabut", "periksa-ulang", "matikan-qr")
)


@pytest.fixture
def pin(client):
    number, pin = send(client)
    client.post("/status/", {"number": number, "pin": pin})
    return pin


def case_page(client) -> str:
    return text_of(client.get("/status/sanggahan/"))


def test_words_and_photos_may_be_added_and_staff_read_them(client, pin):
    sent = client.post(ADD, {"note": "NIK saya 5203992708759001", "photos": [files.named(files.photo())]})
    event = Objection.objects.get().events.get(kind=EventKind.ADDED)

    assert sent.url == "/status/sanggahan/?ditambah"
    assert event.note == "NIK saya 520399******9001"
    assert Objection.objects.get().attachments.count() == 1
    page = case_page(client)
    assert "Foto terkirim: 1." in page
    assert "NIK saya" not in page


def test_words_that_a_phone_sent_twice_stand_once(client, pin):
    for _time in range(2):
        client.post(ADD, {"note": "Meteran ada di rumah kakak."})
    client.post(ADD, {"note": "Fotonya menyusul."})

    notes = Objection.objects.get().events.filter(kind=EventKind.ADDED).values_list("note", flat=True)
    assert sorted(notes) == ["Fotonya menyusul.", "Meteran ada di rumah kakak."]


def test_nothing_to_add_and_a_bad_photo_are_told(client, pin):
    assert "Tulis keterangan, atau pilih foto." in text_of(ask(client, ADD, {"note": " "}))
    wrong = {"note": "", "photos": [files.named(files.SVG)]}
    assert "Berkas itu bukan foto." in text_of(ask(client, ADD, wrong))


def test_what_was_asked_for_moves_the_case_on(client, pin, checker):
    objection = Objection.objects.get()
    services.ask_for_completion(
        objection=objection, by=checker, now=timezone.now(), asked="Foto meteran listrik."
    )
    assert "Foto meteran listrik." in case_page(client)

    client.post(ADD, {"note": "Meteran ada di rumah kakak."})
    objection.refresh_from_db()
    assert objection.state == State.SUBMITTED


def test_a_closed_case_takes_nothing_more(client, pin):
    Objection.objects.update(state=State.REJECTED, due_on=None)

    assert client.get(ADD).url == "/status/sanggahan/"
    assert "sudah selesai" in text_of(ask_closed(client))


def ask_closed(client):
    sent = client.post(ADD, {"note": "lagi", "photos": [files.named(files.photo())]})
    assert Objection.objects.get().attachments.count() == 0
    Objection.objects.update(state=State.SUBMITTED)
    return client.get(sent.url)


def test_withdrawing_asks_for_the_pin_and_counts_wrong_ones(client, pin):
    for _try in range(pins.MOST_PINS):
        assert client.post(WITHDRAW, {"pin": "00000000"}).url == f"{WITHDRAW}?perbaiki"
    assert client.post(WITHDRAW, {"pin": pin}).url == "/tunggu/?pin"
    assert Objection.objects.get().state == State.SUBMITTED


def test_a_photographed_qr_gives_no_fresh_tries_at_the_pin_from_every_address(client, pin, monkeypatch):
    monkeypatch.setattr(pins, "MOST_PINS_OF_A_NUMBER", 3)
    for place in range(3):
        client.post(WITHDRAW, {"pin": "00000000"}, REMOTE_ADDR=f"198.51.100.{place}")

    assert client.post(WITHDRAW, {"pin": "00000000"}, REMOTE_ADDR="203.0.113.9").url == "/tunggu/?pin"


def test_the_owner_withdraws_with_the_pin(client, pin):
    assert "Kami berhenti memeriksa." in text_of(client.get(WITHDRAW))
    assert client.post(WITHDRAW, {"pin": pin.lower()}).url == "/status/sanggahan/"

    assert Objection.objects.get().state == State.WITHDRAWN
    page = case_page(client)
    assert "dibatalkan atas permintaan Anda" in page
    assert WITHDRAW not in page


def test_a_refused_case_is_looked_at_again_once_and_in_time(client, pin, checker, head):
    objection = Objection.objects.get()
    assert client.get(AGAIN).url == "/status/sanggahan/"
    decide(objection, State.REJECTED, by=checker, head=head, now=timezone.now())
    page = case_page(client)
    assert "Keputusan kabupaten" in page
    assert "Jawaban pusat" not in page
    assert AGAIN in page

    client.post(AGAIN, {"pin": pin})
    objection.refresh_from_db()
    assert objection.state == State.REEXAMINED
    assert AGAIN not in case_page(client)


def test_after_the_time_on_the_letter_the_button_is_gone(client, pin, checker, head):
    decide(Objection.objects.get(), State.REJECTED, by=checker, head=head, now=timezone.now())
    Objection.objects.update(decided_at=timezone.now() - timedelta(days=40))

    assert AGAIN not in case_page(client)
    assert client.get(AGAIN).url == "/status/sanggahan/"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.UPHELD_TO_CENTRE, "belum ada, kami menunggu"),
        (State.CENTRE_CHANGED, "data Anda diubah"),
        (State.CENTRE_KEPT, "data Anda tidak diubah"),
    ],
)
def test_the_districts_decision_and_the_centres_answer_are_two(client, pin, checker, head, state, words):
    objection = Objection.objects.get()
    decide(objection, State.UPHELD_TO_CENTRE, by=checker, head=head, now=timezone.now())
    Objection.objects.update(state=state)
    page = case_page(client)

    assert "disetujui, perbaikan diusulkan ke pusat" in page
    assert words in page


def test_being_late_says_who_was_told(client, pin):
    today = timezone.localdate()
    Objection.objects.update(due_on=today - timedelta(days=3), escalated_at=timezone.now())

    assert "sudah diteruskan ke atasan pada" in case_page(client)


def test_a_lost_receipt_is_shut_with_the_pin(client, pin):
    client.post(STOP_QR, {"pin": pin})

    assert not Objection.objects.get().tokens.filter(revoked_at=None).exists()
    assert STOP_QR not in case_page(client)


def test_without_an_open_case_nothing_is_done(client):
    for address in (ADD, WITHDRAW, AGAIN, STOP_QR):
        assert client.get(address).url == "/status/"
        assert client.post(address, {"pin": "x", "note": "x"}).url == "/status/"


# --- kinds with a door of their own ---


def go(client, door, story):
    assert client.post(door).url == "/sanggah/"
    assert client.post("/sanggah/", IDENTITY).url == "/sanggah/cerita/"
    sent = client.post("/sanggah/cerita/", {"story": story})
    if "perbaiki" in sent.url:
        return text_of(client.get(sent.url))
    client.post("/sanggah/foto/", {})
    client.post("/sanggah/kabar/", {"phone": "", "no_phone": "on", "village": ""})
    page = text_of(client.get("/sanggah/periksa/"))
    assert client.post("/sanggah/periksa/").url == "/sanggah/tanda-terima/"
    return page


def test_bpjs_that_stopped_is_an_urgent_case_in_six_steps(client):
    page = go(client, "/bpjs/", "")

    assert "Langkah 5 dari 5" in page
    assert Objection.objects.get().kind == Kind.PBI_URGENT


def test_a_report_says_what_was_seen_and_never_tells_of_the_other(client, world):
    assert "Tulis siapa, di mana, dan apa yang Anda lihat." in go(client, "/lapor/", "")
    go(client, "/lapor/", "Pak Anu di dusun Kesik punya dua mobil.")

    assert Objection.objects.get().kind == Kind.WELL_OFF
    assert "Laporan penerima yang mampu" in text_of(client.get("/lapor/")).replace("Laporkan", "Laporan")


@pytest.mark.parametrize(("reason", "kind"), [("NIK_MISUSED", Kind.NIK_MISUSED), ("NOT_DEAD", Kind.NOT_DEAD)])
def test_reasons_name_the_kind(client, reason, kind):
    send(client, alasan={"reasons": [reason]})

    assert Objection.objects.get().kind == kind
