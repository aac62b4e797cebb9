"""How a filing ends otherwise than sent: asked to wait, cancelled, its cookies lost."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory

from objections.enums import State
from objections.models import Objection
from objections.public import drafts
from objections.public import filing as steps_of_filing
from tests.objections.steps import ANSWERS, answer, receipt, send, text_of

pytestmark = pytest.mark.django_db


def test_a_nik_or_phone_is_never_refused_so_nobody_learns_who_filed_or_shuts_another_out(client):
    for _ in range(5):
        send(client)

    assert Objection.objects.count() == 5


def test_an_address_is_asked_to_wait_only_after_a_whole_village(client, monkeypatch):
    monkeypatch.setattr(steps_of_filing, "MOST_PER_ADDRESS", 2)
    for serial in range(2):
        send(
            client,
            sanggah={"nik": f"520399270875900{serial + 1}", "birth_date": "27 8 1975"},
            kabar={"no_phone": "on"},
        )
    answer(client, sanggah={"nik": "5203992708759009", "birth_date": "27 8 1975"}, kabar={"no_phone": "on"})
    page = client.get(client.post("/sanggah/periksa/").url)

    assert (page.status_code, page.headers["Retry-After"]) == (429, "3600")
    assert "Jawaban Anda aman." in text_of(page)


def test_a_second_press_of_send_does_not_count_even_before_the_first_is_done(client, monkeypatch):
    monkeypatch.setattr(steps_of_filing, "MOST_PER_ADDRESS", 1)
    answer(client)
    held = dict(client.session)
    filing = steps_of_filing._filing(drafts.kept(client_request(client), drafts.DRAFT))

    assert not steps_of_filing._is_too_many(client_request(client), filing)
    assert not steps_of_filing._is_too_many(client_request(client), filing)
    assert dict(client.session) == held
    assert client.post("/sanggah/periksa/").url == "/sanggah/tanda-terima/"


def client_request(client):
    request = RequestFactory().post("/sanggah/periksa/")
    request.session = client.session
    return request


def test_answers_are_cancelled_only_after_a_question_and_receipts_stay(client):
    number, pin = send(client)
    answer(client)
    page = text_of(client.get("/sanggah/periksa/"))
    assert 'action="/selesai/"' not in page
    assert 'href="/sanggah/batal/"' in page
    assert "belum terkirim" in text_of(client.get("/sanggah/batal/"))
    assert client.get("/sanggah/periksa/").status_code == 200

    done = client.post("/sanggah/batal/")
    page = text_of(client.get(done.url))
    assert "Sanggahan ini belum terkirim dan sudah dihapus dari HP ini." in page
    assert "tetap kami periksa" not in page
    assert client.get("/sanggah/batal/").url == "/"
    assert receipt(client) == (number, pin)
    assert Objection.objects.count() == 1


def test_answers_without_their_cookies_are_gone_and_said_to_be():
    strict = Client(enforce_csrf_checks=True)
    sent = strict.post("/sanggah/", ANSWERS["/sanggah/"])
    page = text_of(strict.get(sent.url))

    assert "HP menghapusnya" in page
    assert "cookie" not in page.lower()


def test_a_form_left_open_too_long_says_what_to_do():
    strict = Client(enforce_csrf_checks=True)
    strict.get("/sanggah/")
    sent = strict.post("/sanggah/", ANSWERS["/sanggah/"])

    assert sent.status_code == 302
    assert "muat ulang halaman" in text_of(strict.get(sent.url))
    assert not Session.objects.exists()


def test_a_receipt_that_is_opened_again_after_the_decision_still_names_number_and_pin(client):
    number, pin = send(client)
    Objection.objects.update(state=State.REJECTED, due_on=None)

    assert receipt(client) == (number, pin)
    assert "Sanggahan ini sudah berjalan" in text_of(client.get("/sanggah/tanda-terima/"))
