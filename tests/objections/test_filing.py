"""The citizen's way from door to receipt, and everything people type wrong on it (catalogue 13C)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from bansos.common import vault
from objections import services
from objections.models import Objection
from objections.public import drafts, typed
from tests.factories import registry
from tests.objections.steps import ANSWERS, NIK, UNKNOWN_NIK, answer, ask, receipt, send, text_of

pytestmark = pytest.mark.django_db


def refused(client, url, data, words):
    page = ask(client, url, data)
    assert page.status_code == 200
    assert words in text_of(page)
    assert "<title>Perbaiki: " in text_of(page)
    assert 'role="alert" tabindex="-1" autofocus' in text_of(page)
    return page


def test_the_whole_way_gives_one_case_with_number_and_pin(client):
    number, pin = send(client)

    objection = Objection.objects.get()
    assert (objection.receipt_no, objection.reasons) == (number, ["HOUSE", "OTHER"])
    assert objection.story == "Rumah kami berdinding bambu."
    assert services.open_case(receipt_no=number, pin=pin) == objection
    assert vault.decrypt(vault.PHONE, objection.phone_sealed, objection.phone_index) == "081200009001"


@pytest.mark.parametrize(
    ("nik", "words"),
    [
        ("", "Ketik NIK Anda"),
        ("5203 9927 0875 900", "NIK harus 16 angka. Anda mengetik 15 angka."),
        ("52039927087590011", "Anda mengetik 17 angka."),
        ("520399270875900A", "NIK hanya berisi angka"),
        ("٥٢٠٣٩٩٢٧٠٨٧٥٩٠٠١", "NIK hanya berisi angka"),
        ("520399270875900１", "NIK hanya berisi angka"),
        ("0203992708759001", "NIK itu belum benar."),
        ("5203993213759001", "NIK itu belum benar."),
        ("5203992708750000", "NIK itu belum benar."),
        ("9" * 201, "Tulisan itu terlalu panjang."),
    ],
)
def test_a_wrong_nik_is_named(client, nik, words):
    refused(client, "/sanggah/", {"nik": nik, "birth_date": "27 8 1975"}, words)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Ketik tanggal, bulan, tahun. Contoh: 27 8 1975"),
        ("27 8", "Ketik tanggal, bulan, tahun."),
        ("27 8 10", "Tulis tahun dengan 4 angka."),
        ("29 2 23", "Tanggal itu tidak ada."),
        ("1975-13-27", "Tanggal itu tidak ada."),
        ("1 1 0000", "Tanggal itu tidak ada."),
        ("1 m 1990", "Tanggal itu tidak ada."),
        ("29 2 2023", "Tanggal itu tidak ada."),
        ("1 13 1990", "Tanggal itu tidak ada."),
        ("1 januarius 1990", "Tanggal itu tidak ada."),
        ("1 1 2090", "Tanggal itu belum lewat."),
        ("1 1 1850", "Tahun itu terlalu lama."),
        ("28 8 1975", "Tanggal lahir tidak sama dengan NIK. Lihat lagi angka ke-7 sampai ke-12."),
    ],
)
def test_a_wrong_birth_date_is_named(client, typed, words):
    refused(client, "/sanggah/", {"nik": NIK, "birth_date": typed}, words)


@pytest.mark.parametrize(
    "typed",
    [
        "27 8 1975",
        "27-08-1975",
        "27/8/1975",
        "27.8.1975",
        "27081975",
        "27 Agustus 1975",
        " 27  AGU 1975 ",
        "1975-08-27",
        "27/8/75",
        "270875",
        "27 agt. 1975",
        "27agust75",
        "27 Aug 1975",
    ],
)
def test_a_birth_date_may_be_typed_in_many_ways(client, typed):
    assert client.post("/sanggah/", {"nik": NIK, "birth_date": typed}).url == "/sanggah/alasan/"


@pytest.mark.parametrize("name", ["Mei", "Okt", "Des", "nopember", "Sept", "Juli"])
def test_months_go_by_many_names(name):
    number = {"Mei": 5, "Okt": 10, "Des": 12, "nopember": 11, "Sept": 9, "Juli": 7}[name]

    assert typed.read_birth_date(f"3 {name} 1980", date(2026, 3, 1)) == date(1980, number, 3)


def test_a_two_digit_year_is_taken_while_one_century_is_possible():
    today = date(2026, 3, 1)

    assert typed.read_birth_date("1 1 27", today) == date(1927, 1, 1)
    assert typed.read_birth_date("1 4 26", today) == date(1926, 4, 1)  # 2026 has not come so far
    assert typed.read_birth_date("29 2 00", today) == date(2000, 2, 29)
    with pytest.raises(ValidationError, match="4 angka"):
        typed.read_birth_date("1 1 26", today)


@pytest.mark.parametrize("text", ["27 Agustus 1975", "1975-08-27", "27/8/75"])
def test_the_date_comes_back_as_it_was_typed_and_is_taken_again(client, text):
    answer(client, sanggah={"nik": NIK, "birth_date": text})
    page = text_of(client.get("/sanggah/"))

    assert f'value="{text}"' in page
    assert client.post("/sanggah/", {"nik": NIK, "birth_date": text}).url == "/sanggah/periksa/"


def test_a_date_unlike_the_nik_is_taken_once_the_person_is_sure(client):
    other = {"nik": NIK, "birth_date": "15 2 1961"}
    page = text_of(refused(client, "/sanggah/", other, "Kalau KTP Anda memang begitu, pilih:"))
    assert 'name="is_sure"' in page
    assert 'name="is_sure"' not in text_of(client.get("/sanggah/"))

    answer(client, sanggah={**other, "is_sure": "on"})
    assert "15 Februari 1961" in text_of(client.get("/sanggah/periksa/"))
    assert 'name="is_sure" id="is_sure" checked' in text_of(client.get("/sanggah/"))
    refused(client, "/sanggah/", {"nik": NIK, "birth_date": "16 2 1961"}, "tidak sama dengan NIK")


def test_spaces_and_invisible_signs_in_a_nik_do_not_matter(client):
    typed = "5203 9927-0875.9001\x00\t"

    assert client.post("/sanggah/", {"nik": typed, "birth_date": "27 8 1975"}).url == "/sanggah/alasan/"


def test_what_was_typed_stays_in_the_form(client):
    page = refused(client, "/sanggah/", {"nik": "5203 9927", "birth_date": "kemarin"}, "8 angka")

    assert 'value="5203 9927"' in text_of(page)
    assert 'value="kemarin"' in text_of(page)
    assert 'aria-describedby="nik-salah nik-bantu"' in text_of(page)


def test_what_could_not_be_taken_is_sealed_and_shown_on_its_own_page_only(client):
    refused(client, "/sanggah/", {"nik": "5203 9927", "birth_date": "kemarin"}, "8 angka")
    held = str(dict(client.session))

    assert "kemarin" not in held
    assert "kemarin" in text_of(client.get("/sanggah/?perbaiki"))  # also after a refresh
    assert "kemarin" not in text_of(client.get("/sanggah/"))
    assert "kemarin" not in text_of(client.get("/status/?perbaiki"))
    answer(client)
    assert "Perbaiki" not in text_of(client.get("/sanggah/?perbaiki"))


def test_a_session_keeps_only_so_much_of_what_was_typed(client):
    answer(client, upto="/sanggah/cerita/")
    refused(client, "/sanggah/cerita/", {"story": "x" * 50_000}, "Cerita terlalu panjang.")

    assert len(client.session[drafts.TYPED]) < 40_000


def test_one_reason_must_be_ticked(client):
    answer(client, upto="/sanggah/alasan/")
    refused(client, "/sanggah/alasan/", {}, "Pilih paling sedikit satu")
    refused(client, "/sanggah/alasan/", {"reasons": ["UNHEARD_OF"]}, "Pilih dari daftar ini.")


@pytest.mark.parametrize(
    "story", ["", "   ", "🙂🙂", "x" * 2000, "a\r\nSubject: b", "\x00nol", "<script>alert(1)</script>"]
)
def test_any_story_up_to_the_limit_is_taken_as_text(client, story):
    send(client, cerita={"story": story})

    kept = Objection.objects.get().story
    assert "\x00" not in kept
    assert "\r" not in kept
    assert "<script>alert" not in text_of(client.get("/sanggah/tanda-terima/"))


def test_a_long_story_is_kept_and_says_how_much_to_cut(client):
    answer(client, upto="/sanggah/cerita/")
    page = refused(client, "/sanggah/cerita/", {"story": "x" * 2003}, "Kurangi 3 huruf.")

    assert "x" * 2003 in text_of(page)


def test_a_page_shows_markup_in_a_story_as_text(client):
    answer(client, upto="/sanggah/kabar/", cerita={"story": "<b onload=x>tebal</b>"})
    client.post("/sanggah/kabar/", ANSWERS["/sanggah/kabar/"])

    assert "&lt;b onload=x&gt;" in text_of(client.get("/sanggah/periksa/"))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+62 812-0000-9001", "081200009001"),
        ("6281200009001", "081200009001"),
        ("81200009001", "081200009001"),
        ("0812 0000 9001", "081200009001"),
        ("+62 0812 0000 9001", "081200009001"),
    ],
)
def test_a_phone_number_may_be_typed_in_many_ways(client, typed, kept):
    send(client, kabar={"phone": typed})

    objection = Objection.objects.get()
    assert vault.decrypt(vault.PHONE, objection.phone_sealed, objection.phone_index) == kept


@pytest.mark.parametrize(
    "typed", ["0812", "812", "08120000900100", "0376-000000", "telepon", "0809 0000 abc"]
)
def test_a_wrong_phone_number_is_named(client, typed):
    answer(client, upto="/sanggah/kabar/")
    refused(client, "/sanggah/kabar/", {"phone": typed}, "Nomor HP harus 10 sampai 13 angka dan diawali 08")


def test_no_phone_is_a_normal_answer_but_no_answer_is_not(client):
    answer(client, upto="/sanggah/kabar/")
    refused(client, "/sanggah/kabar/", {}, "Ketik nomor HP, atau pilih: Saya tidak punya HP.")
    refused(client, "/sanggah/kabar/", {"phone": "081200009001", "no_phone": "on"}, "Pilih salah satu")

    assert client.post("/sanggah/kabar/", {"no_phone": "on"}).url == "/sanggah/periksa/"
    assert "Saya tidak punya HP" in text_of(client.get("/sanggah/periksa/"))


def test_a_village_may_be_chosen_from_all_of_them(client):
    village = registry.make_village()
    answer(client, upto="/sanggah/kabar/")
    assert f'<option value="{village.pk}">Kesik</option>' in text_of(client.get("/sanggah/kabar/"))
    refused(client, "/sanggah/kabar/", {"no_phone": "on", "village": "999999999"}, "Pilih desa dari daftar.")
    refused(client, "/sanggah/kabar/", {"no_phone": "on", "village": "x' OR 1"}, "Pilih desa dari daftar.")

    client.post("/sanggah/kabar/", {"no_phone": "on", "village": village.pk})
    assert "Kesik, Masbagik" in text_of(client.get("/sanggah/periksa/"))
    client.post("/sanggah/periksa/")
    assert Objection.objects.get().village == village


def test_the_check_masks_the_nik_and_each_answer_can_be_changed(client):
    answer(client)
    page = text_of(client.get("/sanggah/periksa/"))

    assert "520399******9001" in page
    assert NIK not in page
    assert page.count(">Ubah<") == 8
    assert client.post("/sanggah/cerita/", {"story": "Lain."}).url == "/sanggah/periksa/"
    assert "Lain." in text_of(client.get("/sanggah/periksa/"))


@pytest.mark.parametrize(
    "url", ["/sanggah/alasan/", "/sanggah/cerita/", "/sanggah/kabar/", "/sanggah/periksa/"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_step_out_of_turn_leads_to_the_first_open_one(client, url, method):
    assert getattr(client, method)(url).url == "/sanggah/?habis"
    assert "Mulai lagi dari sini." in text_of(client.get("/sanggah/?habis"))
    client.post("/sanggah/", ANSWERS["/sanggah/"])
    if url != "/sanggah/alasan/":
        assert getattr(client, method)(url).url == "/sanggah/alasan/"


def test_send_twice_back_and_refresh_are_one_case_and_keep_the_pin(client):
    number, pin = send(client)

    assert client.post("/sanggah/periksa/").url == "/sanggah/tanda-terima/"
    assert client.get("/sanggah/periksa/").url == "/sanggah/tanda-terima/"
    assert receipt(client) == (number, pin)
    assert Objection.objects.count() == 1


def test_two_sends_of_the_same_answers_show_the_same_pin(client):
    answer(client)
    again = Client(cookies=None)
    again.cookies = client.cookies.copy()
    held = dict(client.session)
    client.post("/sanggah/periksa/")
    first = receipt(client)
    session = client.session
    session.update(held)  # the second request had read the session before the first one wrote it
    session.save()
    client.post("/sanggah/periksa/")

    assert receipt(client) == first
    assert Objection.objects.count() == 1


def test_done_forgets_everything_on_the_phone(client):
    send(client)
    assert client.post("/selesai/").url == "/selesai/"

    assert client.get("/sanggah/tanda-terima/").url == "/status/"
    assert not Session.objects.exists()


def test_done_does_not_sign_staff_out(client, make_staff):
    client.force_login(make_staff("operator"))
    send(client)
    client.post("/selesai/")

    assert "_auth_user_id" in client.session
    assert client.get("/sanggah/tanda-terima/").url == "/status/"


def test_answers_lapse_after_a_day(client, monkeypatch):
    answer(client, upto="/sanggah/cerita/")
    later = timezone.now().timestamp() + 24 * 3600 + 1
    monkeypatch.setattr(drafts.time, "time", lambda: later)

    assert client.get("/sanggah/cerita/").url == "/sanggah/?habis"


def test_fields_nobody_asked_for_are_ignored(client):
    more = {"status": "approved", "state": "UPHELD_HERE", "decile": "1", "family_id": "1", "is_staff": "1"}
    send(client, alasan={"reasons": "HOUSE", **more}, kabar={"no_phone": "on", **more})

    objection = Objection.objects.get()
    assert (objection.state, objection.family, objection.handled_by) == ("SUBMITTED", None, None)


def test_the_receipt_and_the_status_promise_the_same_day(client, db):
    send(client)
    case = Objection.objects.get()
    read_by, answer_by = (date_format(day, "j F Y") for day in (case.due_on, case.answer_by))

    (reads, answers) = re.findall(
        r"paling lambat <strong>([^<]+)<", text_of(client.get("/sanggah/tanda-terima/"))
    )

    assert (reads, answers) == (read_by, answer_by)


def test_a_known_and_an_unknown_nik_get_the_same_bytes_and_the_registry_is_not_asked(world):
    assert _pages(NIK) == _pages(UNKNOWN_NIK)


def _pages(nik):
    """Every answer of a whole journey, without the tokens that differ by chance."""
    client, pages = Client(), []
    with CaptureQueriesContext(connection) as asked:
        for url, data in {**ANSWERS, "/sanggah/": {"nik": nik, "birth_date": "27 8 1975"}}.items():
            if url != "/sanggah/":  # its own form shows what was typed
                pages.append(client.get(url))
            pages.append(client.post(url, data))
        pages += [
            client.get("/sanggah/periksa/"),
            client.post("/sanggah/periksa/"),
            client.get("/sanggah/tanda-terima/"),
        ]
    tables = set(re.findall(r'"(recipients_\w+|eligibility_\w+)"', " ".join(query["sql"] for query in asked)))
    assert tables == {"recipients_region"}
    return [(page.status_code, _headers(page), _plain(page, nik)) for page in pages]


def _headers(page):
    """Without the length where a picture of a random token stands in the page."""
    drawn = "<svg" in text_of(page)
    return sorted(item for item in page.headers.items() if not (drawn and item[0] == "Content-Length"))


def _plain(page, nik):
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"|data-keep="\w+"', "", text_of(page))
    text = re.sub(r"<svg.*?</svg>", "", text, flags=re.S)  # a random token
    text = re.sub(r"SGH-\d\d-\w+-\w|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|\d\d\.\d\d WITA", "", text)
    return text.replace(f"{nik[:6]}******{nik[-4:]}", "")


def test_only_forms_are_taken(client):
    assert client.post("/sanggah/", "{}", content_type="application/json").status_code == 415
    assert client.post("/sanggah/", "a", content_type="text/plain; charset=utf-7").status_code == 415
    assert client.put("/sanggah/").status_code == 405


def test_thousands_of_fields_are_refused(client):
    body = "&".join(f"f{number}=1" for number in range(5000))

    page = client.post("/sanggah/", body, content_type="application/x-www-form-urlencoded")
    assert page.status_code == 400


@pytest.mark.parametrize(
    "path", ["/status/%00", "/status/../../etc", "/sanggah/" + "x" * 10_000, "/SGH-26-4K7Q-2"]
)
def test_strange_addresses_do_not_exist(client, path):
    page = client.get(path)

    assert page.status_code == 404
    assert "Halaman tidak ada" in text_of(page)


def test_a_foreign_host_is_refused(client):
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400


def test_a_huge_header_changes_nothing(client):
    assert client.get("/", HTTP_ACCEPT_LANGUAGE="id," * 15_000, HTTP_ACCEPT='"' * 8000).status_code == 200
