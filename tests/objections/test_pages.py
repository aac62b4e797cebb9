"""What holds for every public page: weight, words, labels, headers; nothing but HTML and one stylesheet."""

from __future__ import annotations

import gzip
import hashlib
import re
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from objections import codes, services
from objections.enums import NotMet, Reason, State
from objections.models import AudioClip, FieldVisit, Objection, OfficeRule, VillageHelp
from objections.stages import OPEN
from recipients.models import Region
from tests.factories import registry
from tests.objections import files
from tests.objections.readability import measure, text_of_main
from tests.objections.steps import IDENTITY, NIK, answer, ask, receipt, text_of

pytestmark = pytest.mark.django_db

CSS = Path(settings.BASE_DIR, "static/css/public.css").read_bytes()
FORBIDDEN = [
    "tidak layak",
    "klik",
    "submit",
    "upload",
    "login",
    "dikarenakan",
    "wajib diisi",
    "mohon",
    "silakan",
    "saudara",
]
LINKED = b'rel="stylesheet"'  # pages of errors only: what must not fail reads no file
VOID = {"meta", "link", "input", "br", "hr", "img"}


@pytest.fixture
def pages(world, head):
    """Every public page and state, by name."""
    for sub in range(20):
        for number in range(12):
            registry.make_village(f"Desa Contoh {number}", f"Kecamatan {sub}")
    assert Region.objects.villages().count() > 240
    client = Client()
    shown = {"home": client.get("/"), "identity": client.get("/sanggah/"), "help": client.get("/bantuan/")}
    shown |= _help_pages(client, world.village)
    shown |= {"privacy": client.get("/privasi/"), "accessibility": client.get("/aksesibilitas/")}
    shown |= {"urgent": client.get("/bpjs/"), "report": client.get("/lapor/")}
    client.post("/lapor/")
    shown["report, identity"] = client.get("/sanggah/")
    client.post("/sanggah/", IDENTITY)
    shown["report, story"] = client.get("/sanggah/cerita/")
    shown["report, story, wrong"] = ask(client, "/sanggah/cerita/", {"story": ""})
    client.post("/sanggah/batal/")
    shown["status, old QR"] = client.get("/q/tidak-ada/", follow=True)
    shown["identity, wrong"] = ask(client, "/sanggah/", {"nik": "52", "birth_date": ""})
    shown["identity, unlike, wrong"] = ask(client, "/sanggah/", {"nik": NIK, "birth_date": "15 2 1961"})
    shown["lost"] = client.get("/sanggah/?habis")
    steps = {"reasons": "alasan", "story": "cerita", "photos": "foto", "contact": "kabar", "check": "periksa"}
    for name, part in steps.items():
        answer(client, upto=f"/sanggah/{part}/")
        shown[name] = client.get(f"/sanggah/{part}/")
        if name == "photos":
            shown["photos, wrong"] = ask(client, "/sanggah/foto/", {"photos": files.named(files.SVG)})
            client.post("/sanggah/foto/", {"photos": [files.named(files.photo())]})
            shown["photos, kept"] = client.get("/sanggah/foto/")
        elif name != "check":
            shown[f"{name}, wrong"] = ask(client, f"/sanggah/{part}/", {"story": "x " * 1002})
    shown["cancel"] = client.get("/sanggah/batal/")
    client.post("/sanggah/periksa/")
    shown["receipt"] = client.get("/sanggah/tanda-terima/")
    shown |= _status_pages(client, head)
    by = get_user_model().objects.create_user("operator")
    letter = codes.make_letter_codes(families=[world.family], by=by, today=timezone.localdate())[
        world.family.pk
    ]
    shown["code"] = client.get("/kode/")
    shown["code, wrong"] = ask(client, "/kode/", {"code": letter[1:]})
    client.post("/kode/", {"code": letter})
    shown["family"] = client.get("/kode/keluarga/")
    Objection.objects.update(family=world.family)
    shown["case, visited, own code"] = client.get("/status/sanggahan/")
    client.post("/sanggah/", IDENTITY)
    shown["reasons, own"] = client.get("/sanggah/alasan/")
    shown["done"] = client.get("/selesai/")
    shown["404"] = client.get("/tidak-ada/")
    shown["cancelled"] = client.get("/selesai/?batal")
    shown["lost cookies"] = client.get("/belum-terkirim/?hilang")
    shown["old page"] = client.get("/belum-terkirim/")
    shown["wait to send"] = client.get("/tunggu/?address")
    AudioClip.objects.create(
        about="HELP_ID", version=1, sound=files.mp4(), media_type="audio/mp4", transcript="Datang ke kantor desa.",
        written_by=by, state="APPROVED", settled_by=head, settled_at=timezone.now(),
    )  # fmt: skip
    shown["help, recording"] = client.get("/bantuan/")
    OfficeRule.objects.create(
        name="LIST_MEMBERSHIP", version=1, value=1, basis="contoh", written_by=by,
        state="APPROVED", settled_by=head, settled_at=timezone.now(),
    )  # fmt: skip
    shown["on list"], shown["on list, told"] = client.get("/daftar/"), client.post("/daftar/", IDENTITY)
    shown["on list, wrong"] = ask(client, "/daftar/", {"nik": "52", "birth_date": ""})
    shown["privacy, list open"] = client.get("/privasi/")
    return shown


def _help_pages(client, village):
    """A sub-district without a helper and a village that has to do with the office; then with helpers of both."""
    sub, here = f"/bantuan/{village.parent.code}/", f"/bantuan/{village.code}/"
    shown = {"help, villages": client.get(sub), "help, office": client.get(here)}
    hours, note = "Senin sampai Jumat, pukul 8-14", "Di samping masjid."
    VillageHelp.objects.create(region=village.parent, role="SUBDISTRICT", name="Haji Contoh", hours=hours)
    shown |= {"help, sub-district": client.get(sub), "help, fallback": client.get(here)}
    helper = {"name": "Amaq Contoh", "hours": hours, "office_phone": "0376-000101", "note": note}
    VillageHelp.objects.create(region=village, role="OPERATOR", **helper)
    return shown | {"help, village": client.get(here)}


def _status_pages(client, head):
    number, pin = receipt(client)
    shown = {
        "status": client.get("/status/"),
        "status, wrong": ask(client, "/status/", {"number": "", "pin": ""}),
    }
    client.post("/status/", {"number": number, "pin": pin})
    shown["case"] = client.get("/status/sanggahan/")
    shown["add"], shown["withdraw"] = client.get("/status/tambah/"), client.get("/status/cabut/")
    shown["add, wrong"] = ask(client, "/status/tambah/", {"note": ""})
    shown["withdraw, wrong"] = ask(client, "/status/cabut/", {"pin": "salah"})
    shown["stop QR"] = client.get("/status/matikan-qr/")
    shown["telling"] = client.get("/status/kabar/")
    shown["telling, wrong"] = ask(client, "/status/kabar/", {"notice_by": "MERPATI"})
    objection, now = Objection.objects.get(), timezone.now()
    services.ask_for_completion(objection=objection, by=head, now=now, asked="Foto rumah dari depan.")
    answer = "Kami sudah melihat rumah Anda. Datanya benar."
    for state in State:
        if state not in (State.SUBMITTED, State.MERGED):  # shown above; and one that needs a second case
            paused = timezone.localdate() if state == State.INCOMPLETE else None
            due = timezone.localdate() if state in OPEN else None
            Objection.objects.update(state=state, answer=answer, paused_on=paused, due_on=due)
            shown[f"case, {state}"] = client.get("/status/sanggahan/")
    Objection.objects.update(state=State.CHECKING, due_on=timezone.localdate())
    for name, values in _visits(head).items():
        FieldVisit.objects.create(objection=objection, visitor=head, planned_by=head, **values)
        shown[f"case, {name}"] = client.get("/status/sanggahan/")
    shown["wait"] = client.get("/tunggu/?pin")
    return shown


def _visits(head):
    day, done = (
        timezone.localdate(),
        {"done_by": head, "done_at": timezone.now(), "finding": "Sudah dilihat."},
    )
    answers = [
        {"field": "floor_type", "person": None, "recorded": 2, "seen": 8},
        {"field": "asset_car", "person": None, "recorded": True, "seen": True},
    ]
    return {
        "visit missed": {"for_day": day, "not_met": NotMet.AWAY, **done},
        "visited": {"for_day": day, "met_whom": "Inaq Sahrun", "answers": answers, **done},
        "visit planned": {"for_day": day},
    }


def test_every_page_is_light(pages):
    assert len(gzip.compress(CSS, 9)) <= 3_500
    heavy = {
        name: size
        for name, page in pages.items()
        if (size := len(gzip.compress(page.content, 9))) + (LINKED in page.content) * 3_500 > 14_000
    }
    assert heavy == {}


def test_no_page_needs_a_script_or_another_host(pages):
    for name, page in pages.items():
        text = text_of(page)
        scripts, styles = (re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.S) for tag in ("script", "style"))
        assert text.count("<script") == len(scripts), name  # what a page carries; nothing is fetched
        assert len(styles) + (LINKED in page.content) == 1, name
        for part in (*scripts, *styles):
            digest = b64encode(hashlib.sha256(part.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in page.headers["Content-Security-Policy"], name
        assert "unsafe" not in page.headers["Content-Security-Policy"], name
        assert " style=" not in text, name
        assert not re.search(r'(?:src|href)="(?:https?:)?//', text), name


def test_every_page_is_easy_to_read(pages):
    measured = {name: measure(text_of_main(text_of(page))) for name, page in pages.items()}
    long_enough = {name: round(ease) for name, (ease, words) in measured.items() if words >= 40}

    assert len(long_enough) >= 12
    assert {name: ease for name, ease in long_enough.items() if ease < 70} == {}
    assert sum(long_enough.values()) / len(long_enough) >= 80, long_enough


def test_the_measure_tells_plain_words_from_official_ones():
    plain = "Ibu pergi ke pasar. Ia membeli ikan dan sayur. Adik ikut."
    official = (
        "Sehubungan dengan pelaksanaan pemutakhiran data terpadu kesejahteraan sosial sebagaimana dimaksud dalam "
        "ketentuan peraturan perundang-undangan maka kepesertaan yang bersangkutan dinyatakan tidak berkelanjutan."
    )

    assert measure(plain)[0] > 90
    assert measure(official)[0] < 30


def test_no_page_uses_a_forbidden_word(pages):
    for name, page in pages.items():
        text = text_of_main(text_of(page)).lower()
        assert [word for word in FORBIDDEN if re.search(rf"\b{word}\b", text)] == [], name


class Outline(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.headings, self.ids, self.labels, self.fields, self.open, self.targets, self.told = (
            [],
            [],
            set(),
            [],
            [],
            [],
            [],
        )
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "label" and "for" in attrs:
            self.labels.add(attrs["for"])
        if tag in ("input", "select", "textarea") and attrs.get("type") != "hidden":
            self.fields.append((attrs.get("id"), "label" in self.open))
        if attrs.get("href", "").startswith("#"):
            self.targets.append(attrs["href"][1:])
        self.told += attrs.get("aria-describedby", "").split()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{tag} closed out of turn"


def test_every_page_has_one_heading_of_its_own_and_labelled_fields(pages):
    for name, page in pages.items():
        text = text_of(page)
        outline = Outline(text)
        assert outline.headings.count(1) == 1, name
        assert outline.open == [], name
        assert len(outline.ids) == len(set(outline.ids)), name
        assert set(outline.targets) <= set(outline.ids), name
        assert set(outline.told) <= set(outline.ids), name
        assert all(inside or field in outline.labels for field, inside in outline.fields), name
        assert '<html lang="id">' in text, name
        assert ("Perbaiki: " in text) == name.endswith(", wrong"), name


def test_only_the_home_page_is_indexed_and_nothing_is_kept(pages):
    for name, page in pages.items():
        assert ('name="robots" content="noindex"' in text_of(page)) == (name != "home"), name
        assert page.headers["Cache-Control"] == "no-store" or "no-store" in page.headers["Cache-Control"], (
            name
        )
        assert "default-src 'self'" in page.headers["Content-Security-Policy"], name


def test_every_page_says_who_we_are_and_where_help_is(pages):
    for name, page in pages.items():
        text = text_of(page)
        assert "Dinas Sosial Kabupaten Lombok Timur" in text, name
        assert "Petugas tidak pernah meminta uang, PIN, atau kode bank." in text, name
        assert "0376-000000" in text, name


def test_every_reason_has_a_drawing_of_its_own_under_a_kilobyte(pages):
    ticks = re.findall(r'<label class="tick".*?</label>', text_of(pages["reasons"]), re.S)

    drawings = {re.search(r'<svg [^>]*aria-hidden="true">.*?</svg>', tick, re.S)[0] for tick in ticks}
    assert len(drawings) == len(Reason)
    assert max(len(drawing) for drawing in drawings) < 1000


def test_an_error_of_ours_is_told_without_session_or_database():
    from django.test import RequestFactory

    from objections.public.errors import server_error

    page = server_error(RequestFactory().get("/"))
    assert page.status_code == 500
    assert "bukan di HP Anda" in text_of(page)
    assert "0376-000000" in text_of(page)
