"""The QR of a receipt, and the reasons offered to somebody who holds the family's code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import segno
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from objections import codes, offered, tokens
from objections.enums import Reason
from objections.models import CaseToken, Objection
from objections.public import views
from tests.objections.steps import IDENTITY, UNKNOWN_NIK, answer, send, text_of

pytestmark = pytest.mark.django_db


def qr_address(client) -> str:
    held = client.session
    assert "tanda" in held
    from objections.public import drafts

    request = type("Request", (), {"session": held})()
    return f"/q/{drafts.kept(request, drafts.RECEIPT)['token']}/"


def main_of(response) -> str:
    return re.sub(r"csrfmiddlewaretoken.*?>", "", text_of(response))


def test_the_qr_opens_the_case_and_shows_what_number_and_pin_show(client):
    number, pin = send(client)
    address = qr_address(client)
    client.post("/selesai/")
    client.post("/status/", {"number": number, "pin": pin})
    by_pin = main_of(client.get("/status/sanggahan/"))
    client.post("/selesai/")

    assert client.get(address).url == "/status/sanggahan/"
    assert main_of(client.get("/status/sanggahan/")) == by_pin


def test_only_a_keyed_hash_of_the_token_is_kept(client):
    send(client)
    token = qr_address(client).strip("/").split("/")[1]

    assert len(token) == 22
    assert token.encode() not in bytes(CaseToken.objects.get().token_index)


def test_a_revoked_qr_and_an_unknown_one_answer_alike(client):
    send(client)
    address = qr_address(client)
    tokens.revoke(objection=Objection.objects.get(), now=timezone.now())
    client.post("/selesai/")

    assert client.get(address).url == client.get("/q/x/").url == "/status/?qr"
    assert "Kode QR itu tidak berlaku lagi." in text_of(client.get("/status/?qr"))
    assert client.get("/status/sanggahan/").url == "/status/"


def test_guessing_tokens_is_slowed_and_right_ones_do_not_count(client, monkeypatch):
    monkeypatch.setattr(views, "MOST_TOKENS", 2)
    send(client)
    address = qr_address(client)
    for _look in range(4):
        assert client.get(address).url == "/status/sanggahan/"

    assert [client.get(f"/q/{sign}/").url for sign in "abc"] == ["/status/?qr", "/status/?qr", "/tunggu/?pin"]


def test_the_receipt_says_who_holds_the_case_and_carries_the_qr(client):
    send(client)
    page = text_of(client.get("/sanggah/tanda-terima/"))

    assert "Yang memegang sekarang" in page
    assert "WITA" in page
    assert page.count("<svg") == 1


def test_the_qr_survives_a_photocopy():
    """What a scanner needs: level M or better, four modules of white around, 25 mm wide and modules over 0.5 mm."""
    address = "https://bansos.lomboktimurkab.go.id/q/" + "a" * 22 + "/"
    code = segno.make(address, error=tokens.ERROR_LEVEL, boost_error=True, micro=False)
    svg = tokens.picture(address)
    modules = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    css = Path(settings.BASE_DIR, "static/css/public.css").read_text()
    printed = min(
        int(width) for width in re.findall(r"\.stub svg \{ width: (\d+)mm", css)
    )  # A4, A6, the roll

    assert code.error in "MQH"
    assert modules == code.symbol_size(border=0)[0] + 2 * 4
    inner = printed * (modules - 8) / modules
    assert inner >= 25
    assert printed / modules >= 0.5
    assert 'stroke="#000"' in svg
    assert 'fill="#fff"' in svg


@pytest.fixture
def with_code(client, world):
    by = get_user_model().objects.create_user("operator")
    made = codes.make_letter_codes(families=[world.family], by=by, today=timezone.localdate())
    client.post("/kode/", {"code": made[world.family.pk]})
    client.post("/sanggah/", IDENTITY)
    return client


def ticked(page) -> set[str]:
    return set(re.findall(r'type="checkbox" name="reasons" value="(\w+)"', text_of(page)))


def test_with_the_code_the_reasons_answer_what_is_recorded(with_code):
    page = with_code.get("/sanggah/alasan/")

    assert "NOT_DEAD" not in ticked(page)
    assert ticked(page) == set(offered.ANSWERS["DECILE"]) | set(offered.ALWAYS)
    assert "Data pusat menempatkan keluarga Anda di desil 6." in text_of(page)
    assert ticked(with_code.get("/sanggah/alasan/?semua")) == set(Reason.values)


def test_a_reason_that_is_not_offered_is_taken_all_the_same_and_stays_ticked(with_code):
    with_code.post("/sanggah/alasan/", {"reasons": ["NOT_DEAD"]})

    assert "NOT_DEAD" in ticked(with_code.get("/sanggah/alasan/"))


def test_a_finding_without_a_line_offers_everything(with_code, monkeypatch):
    monkeypatch.delitem(offered.ANSWERS, "DECILE")

    assert ticked(with_code.get("/sanggah/alasan/")) == set(Reason.values)


def test_every_finding_of_the_rules_in_force_has_a_line():
    folder = Path(settings.BASE_DIR, "eligibility/rulesets")
    text = "".join(path.read_text() for path in folder.glob("*.toml"))
    found = set(re.findall(r"\[\[condition\w*\]\]\s+code = \"(\w+)\"", text))

    assert found
    assert found <= set(offered.ANSWERS)


def test_without_the_code_a_known_and_an_unknown_nik_are_offered_the_same(client, world):
    pages = []
    for nik in (IDENTITY["nik"], UNKNOWN_NIK):
        answer(client, upto="/sanggah/alasan/", sanggah={**IDENTITY, "nik": nik})
        pages.append(main_of(client.get("/sanggah/alasan/")))

    assert pages[0] == pages[1]
    assert "desil" not in pages[0]
