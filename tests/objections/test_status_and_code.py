from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.template import loader
from django.test import RequestFactory
from django.utils import timezone

from eligibility.models import EligibilityDecision, RuleSet
from eligibility.services import waiting
from objections import codes, receipts, services
from objections.enums import State
from objections.models import Objection
from objections.public import pins, typed, views
from recipients.models import Enrolment, FamilyCode, Programme, WelfareSnapshot
from tests.factories.decisions import make_decision
from tests.factories.registry import make_family, no_decile_changes
from tests.objections.steps import ask, decide, send, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(client):
    number, pin = send(client)
    client.post("/selesai/")
    return number, pin


def look(client, number, pin):
    return client.post("/status/", {"number": number, "pin": pin})


def looked(client, number, pin):
    return ask(client, "/status/", {"number": number, "pin": pin})


def test_number_and_pin_open_the_case(client, sent):
    number, pin = sent
    assert look(client, f" {number.lower().replace('-', ' ')} ", pin.lower()).url == "/status/sanggahan/"
    page = text_of(client.get("/status/sanggahan/"))

    assert number in page
    assert "Sudah masuk" in page
    assert 'aria-current="step"' in page
    assert "Kami memberi jawaban paling lambat" in page
    assert "Dinas Sosial" in page


def test_a_case_shows_nothing_of_the_person(client, sent):
    look(client, *sent)
    page = text_of(client.get("/status/sanggahan/"))

    assert "9001" not in page
    assert "1975" not in page
    assert "bambu" not in page


def test_a_case_does_not_tell_how_the_match_went(client, world):
    number, pin = send(client)
    before = _case(client, number, pin)
    services.match(objection=Objection.objects.get(), now=timezone.now())

    assert Objection.objects.get().family == world.family
    assert _case(client, number, pin) == before


def _case(client, number, pin):
    look(client, number, pin)
    text = text_of(client.get("/status/sanggahan/"))
    return text[: text.index("csrfmiddlewaretoken")]


def test_every_wrong_number_or_pin_gets_the_same_words(client, sent):
    number, pin = sent
    other = receipts.compose("26", "22222")
    pages = [
        looked(client, number, "00000000"),
        looked(client, other, pin),
        looked(client, "SGH-26-4K7Q-3", pin),
        looked(client, "apa saja", "x"),
    ]

    assert all("Nomor atau PIN itu belum kami kenali." in text_of(page) for page in pages)
    assert client.get("/status/sanggahan/").url == "/status/"


def test_empty_fields_are_named(client):
    page = text_of(looked(client, "", " "))

    assert "Ketik nomor sanggahan" in page
    assert "Ketik PIN" in page


AGAIN, WAIT = "/status/?perbaiki", "/tunggu/?pin"


def test_five_wrong_pins_close_the_number_for_an_hour_known_or_not(client, sent):
    unknown = receipts.compose("26", "33333")
    answers = {
        number: [look(client, number, "00000000").url for _ in range(6)] for number in (sent[0], unknown)
    }

    for urls in answers.values():
        assert urls == [AGAIN] * 5 + [WAIT]
    assert look(client, *sent).url == WAIT  # also with the right PIN
    page = client.get(WAIT)
    assert (page.status_code, page.headers["Retry-After"]) == (429, "3600")


def test_a_neighbours_tries_do_not_shut_the_owner_out(client, sent):
    for _ in range(9):
        client.post("/status/", {"number": sent[0], "pin": "00000000"}, REMOTE_ADDR="198.51.100.7")

    assert look(client, *sent).url == "/status/sanggahan/"


def test_tries_from_many_addresses_close_a_number_later(client, sent, monkeypatch):
    monkeypatch.setattr(pins, "MOST_PINS_OF_A_NUMBER", 3)
    for place in range(3):
        client.post("/status/", {"number": sent[0], "pin": "0"}, REMOTE_ADDR=f"198.51.100.{place}")

    assert look(client, *sent).url == WAIT


def test_a_number_may_be_typed_without_sgh_and_year(client, sent):
    number, pin = sent
    short = number[7:]

    for text in (short, f"SGH {short}", short.replace("-", " ").lower(), number[4:]):
        assert look(client, text, pin).url == "/status/sanggahan/"


def test_early_in_the_year_a_short_number_may_be_last_years():
    number = receipts.compose("26", "4K7Q")

    assert typed.read_receipt_no(number[7:], date(2027, 1, 5)) == number
    assert typed.read_receipt_no("apa saja", date(2027, 1, 5)) == "apa saja"


@pytest.mark.parametrize("opens", ["PIN", "code"])
def test_the_session_gets_a_new_key_when_a_secret_was_right(client, world, letter, opens):
    number, pin = send(client)
    before = client.session.session_key
    if opens == "PIN":
        look(client, number, pin)
    else:
        client.post("/kode/", {"code": letter})

    assert client.session.session_key != before


def test_right_pins_do_not_use_up_the_tries(client, sent):
    for _ in range(8):
        assert look(client, *sent).url == "/status/sanggahan/"


def test_many_numbers_from_one_address_are_slowed(client, monkeypatch):
    monkeypatch.setattr(pins, "MOST_NUMBERS", 2)
    numbers = [receipts.compose("26", "222" + sign) for sign in "234"]

    assert [look(client, number, "x").url for number in numbers] == [AGAIN, AGAIN, WAIT]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (State.UPHELD_HERE, "Selesai: disetujui"),
        (State.UPHELD_TO_CENTRE, "Bantuan belum tentu langsung cair."),
        (State.REJECTED, "Anda boleh minta diperiksa ulang"),
    ],
)
def test_the_outcome_is_shown_with_what_follows(client, sent, checker, head, outcome, words):
    objection, now = Objection.objects.get(), timezone.now()
    decide(objection, outcome, by=checker, head=head, now=now, answer="Kami sudah melihat rumah Anda.")
    look(client, *sent)
    page = text_of(client.get("/status/sanggahan/"))

    assert words in page
    assert "rahasia kantor" not in page
    assert "verifikator" not in page
    assert "kepala" not in page.split("<main")[1]


def test_lateness_is_said_and_never_means_no(client, sent):
    Objection.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    look(client, *sent)
    page = text_of(client.get("/status/sanggahan/"))

    assert "Kami terlambat." in page
    assert "Terlambat bukan berarti tidak." in page


def test_an_opened_case_closes_after_half_an_hour(client, sent, monkeypatch):
    look(client, *sent)
    later = timezone.now().timestamp() + 30 * 60 + 1
    monkeypatch.setattr(views.drafts.time, "time", lambda: later)

    assert client.get("/status/sanggahan/").url == "/status/"


@pytest.fixture
def letter(world):
    by = get_user_model().objects.create_user("operator")
    return codes.make_letter_codes(families=[world.family], by=by, today=timezone.localdate())[
        world.family.pk
    ]


def test_a_letter_code_opens_the_familys_own_three_facts(client, world, letter):
    assert client.post("/kode/", {"code": letter.lower().replace("-", " ")}).url == "/kode/keluarga/"
    page = text_of(client.get("/kode/keluarga/"))

    assert "lebih mampu: desil 4 menjadi 6" in page
    assert "Program ini untuk desil 1 sampai 4." in page
    assert "Tidak memenuhi syarat saat ini" in page
    assert "Kami belum punya daftar ini." in page
    assert "I. S.<br>Data pusat mencatat: iuran dibayar pusat." in page
    assert "A. S.<br>Data pusat belum mencatat apa pun." in page
    assert "rilis 2026-Q1, tanggal 23 Januari 2026" in page
    assert "Kabupaten tidak bisa mengubah desil." in page
    assert "Memenuhi syarat belum berarti menerima." in page


def test_the_family_reads_what_it_receives_and_where_it_waits(client, world, letter, monkeypatch):
    Enrolment.objects.create(programme=world.pkh, family=world.family, state="WAITLISTED", since="2026-01-05")
    Enrolment.objects.create(
        programme=world.pbi, family=world.family, person=world.wife.person, state="ACTIVE", since="2025-02-01"
    )
    monkeypatch.setattr(waiting, "place_of", lambda **_asked: (14, 31))
    client.post("/kode/", {"code": letter})
    page = text_of(client.get("/kode/keluarga/"))

    assert "Menunggu kuota sejak 5 Januari 2026. Urutan 11 sampai 20 dari 31 yang menunggu." in page
    assert "I. S.: Menerima sejak 1 Februari 2025." in page
    assert "Kami belum punya daftar ini." not in page


def test_a_family_that_receives_under_a_rule_it_no_longer_meets_reads_what_comes_first(client, world, letter):
    Enrolment.objects.create(programme=world.pkh, family=world.family, state="ACTIVE", since="2026-01-05")
    client.post("/kode/", {"code": letter})
    page = text_of(client.get("/kode/keluarga/"))

    assert "Tidak memenuhi syarat saat ini" in page
    assert "Menerima sejak 5 Januari 2026." in page
    assert page.count("masih di daftar, walau syaratnya kini tidak terpenuhi") == 1


def test_the_family_reads_what_would_have_to_be_different(client, world, letter):
    row = {"code": "DECILE", "kind": "at_most", "fact": "decile", "limit": 4}
    programme = Programme.objects.create(code="UJI", name="Uji", unit="FAMILY", owner="Kabupaten")
    rules = RuleSet.objects.create(
        programme=programme, version=1, effective_from=date(2020, 1, 1), legal_basis="-", conditions=[row],
        source_file="-",
    )  # fmt: skip
    make_decision(
        programme=programme, family=world.family, subdistrict=world.village.parent, verdict="INELIGIBLE",
        findings=[{"code": "DECILE", "verdict": "INELIGIBLE", "seen": 6, "limit": 4, "source": "DTSEN"}],
        rule_set=rules, release=world.release, as_of=date(2026, 1, 24),
    )  # fmt: skip
    client.post("/kode/", {"code": letter})
    page = text_of(client.get("/kode/keluarga/"))

    assert "Yang harus berbeda:" in page
    assert "Desil harus 1 sampai 4." in page
    assert "at_most" not in page


def test_who_is_on_no_list_that_is_known_is_told_so(client, world, letter):
    other = make_family(release=world.release)
    Enrolment.objects.create(programme=world.pkh, family=other, state="ACTIVE", since="2026-01-05")
    client.post("/kode/", {"code": letter})

    assert "Tidak ada di daftar yang kami terima." in text_of(client.get("/kode/keluarga/"))


def test_own_data_of_the_first_release_speak_of_no_earlier_one(client, world, letter, facts_by_hand):
    no_decile_changes()
    client.post("/kode/", {"code": letter})
    assert "tetap 6, tidak berubah" in text_of(client.get("/kode/keluarga/"))

    WelfareSnapshot.objects.update(from_release=world.release)
    page = text_of(client.get("/kode/keluarga/"))
    assert "Pertama kali tercatat di data pusat, di desil 6." in page
    assert "tidak berubah sejak" not in page


def test_own_data_show_initials_and_no_number(client, world, letter):
    client.post("/kode/", {"code": letter})
    page = text_of(client.get("/kode/keluarga/"))

    assert "SAHRUN" not in page.upper()
    assert "9001" not in page
    assert "tidak layak" not in page


def test_a_family_without_decile_or_decisions_is_told_so(client, world, letter, facts_by_hand):
    EligibilityDecision.objects.update(superseded_at=timezone.now())
    no_decile_changes()
    WelfareSnapshot.objects.update(decile=None)
    client.post("/kode/", {"code": letter})
    page = text_of(client.get("/kode/keluarga/"))

    assert "Pusat belum memberi desil." in page
    assert "Belum kami hitung." in page


def test_the_code_is_kept_as_a_keyed_hash_for_ninety_days(world, letter):
    row = FamilyCode.objects.get()

    assert letter.replace("-", "").encode() not in bytes(row.code_index)
    assert row.valid_until == timezone.localdate() + timedelta(days=90)
    assert codes.family_of_letter(letter, row.valid_until) == world.family.pk
    assert codes.family_of_letter(letter, row.valid_until + timedelta(days=1)) is None


def test_unknown_and_lapsed_codes_get_the_same_words(client, letter):
    unknown = ask(client, "/kode/", {"code": "0000-0000-0000"})
    FamilyCode.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    lapsed = ask(client, "/kode/", {"code": letter})

    for page in (unknown, lapsed):
        assert "Kode itu belum kami kenali, atau sudah lewat batasnya." in text_of(page)
    assert client.get("/kode/keluarga/").url == "/kode/"


def test_twenty_wrong_codes_an_hour_and_right_ones_are_free(client, letter):
    for _ in range(3):
        assert client.post("/kode/", {"code": letter}).url == "/kode/keluarga/"
    wrong = [client.post("/kode/", {"code": "0000-0000-0000"}).url for _ in range(21)]

    assert wrong == ["/kode/?perbaiki"] * 20 + ["/tunggu/?code"]


def test_a_code_that_lost_a_sign_is_told_so_and_costs_no_try(client, letter):
    page = ask(client, "/kode/", {"code": letter[1:]})

    assert "Kode surat 12 tanda. Anda mengetik 11." in text_of(page)


def test_a_refusal_is_told_in_indonesian_to_staff_and_others(client, make_staff):
    other = loader.render_to_string("403.html", request=RequestFactory().get("/"))
    assert "Halaman ini hanya untuk petugas." in other

    client.force_login(make_staff("operator"))
    page = client.get("/staf/auth/user/")
    assert page.status_code == 403
    assert "Tugas atau wilayah Anda belum mencakup halaman ini." in text_of(page)
    assert "css/staff.css" in text_of(page)
