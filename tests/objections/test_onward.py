"""A script that sends an answer gets the next page with it, as its address shows it (docs/decisions/0042)."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from objections import services
from objections.models import Objection
from objections.public import inline, onward, pages
from tests.objections.steps import ANSWERS, IDENTITY, answer, receipt, text_of

pytestmark = pytest.mark.django_db
BY_SCRIPT = {"X-Next-Page": inline.policy_name()}


def sent(client, url, data=None):
    return client.post(url, data or {}, headers=BY_SCRIPT)


def without_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(page))


def test_each_answer_brings_the_page_that_its_address_shows(client):
    for url, data in {**ANSWERS, "/sanggah/periksa/": {}}.items():
        page = sent(client, url, data)
        address = page.headers["Content-Location"]
        asked = client.get(address)

        assert (page.status_code, "Location" in page.headers) == (200, False)
        assert without_token(page) == without_token(asked)
        headers = {name for name in asked.headers if page.headers.get(name) != asked.headers[name]}
        assert headers <= {"Content-Length"}
        assert page.headers["Cache-Control"] == "no-store"
    assert address == "/sanggah/tanda-terima/"
    assert receipt(client)[0] == Objection.objects.get().receipt_no


def test_what_was_wrong_comes_back_under_the_address_that_shows_it(client):
    page = sent(client, "/sanggah/", {"nik": "52", "birth_date": ""})

    assert page.headers["Content-Location"] == "/sanggah/?perbaiki"
    assert "NIK harus 16 angka" in text_of(page)


def test_a_page_that_leads_on_is_followed(client):
    """Nothing was answered, or all of it was sent: two pages lead on, one is shown."""
    lost = sent(client, "/sanggah/periksa/")
    answer(client, upto="/sanggah/cerita/")
    back = sent(client, "/sanggah/kabar/", {"phone": ""})

    assert lost.headers["Content-Location"] == "/sanggah/?habis"
    assert (back.headers["Content-Location"], back.status_code) == ("/sanggah/cerita/", 200)


def test_a_page_that_asks_to_wait_says_so(client, monkeypatch):
    monkeypatch.setattr("objections.public.filing.MOST_PER_ADDRESS", 0)
    answer(client)

    page = sent(client, "/sanggah/periksa/")

    assert (page.status_code, page.headers["Content-Location"]) == (429, "/tunggu/?address")
    assert page.headers["Retry-After"] == "3600"


def test_what_the_browser_was_told_to_forget_is_told_with_the_page(client):
    answer(client, upto="/sanggah/cerita/")

    page = sent(client, "/sanggah/batal/")

    assert page.headers["Content-Location"] == "/selesai/?batal"
    assert page.headers["Clear-Site-Data"] == '"storage"'


def test_an_answer_without_its_cookie_ends_on_the_page_that_says_so():
    client = Client(enforce_csrf_checks=True)
    led = sent(client, "/sanggah/", IDENTITY)
    page = client.get(led.url, headers=BY_SCRIPT)  # fetch goes on by itself, with the same header

    assert page.headers["Content-Location"] == led.url == "/belum-terkirim/?hilang"


def test_a_page_of_another_release_is_led_on_as_without_a_script(client):
    """Its policy would neither run nor style the next page."""
    led = client.post("/sanggah/", IDENTITY, headers={"X-Next-Page": "of-yesterday"})

    assert (led.status_code, led.url) == (302, "/sanggah/alasan/")


def test_an_answer_is_kept_though_the_page_after_it_breaks(client, monkeypatch):
    def breaks(*_args, **_kwargs):
        raise RuntimeError("the page is broken")

    monkeypatch.setattr("objections.public.filing.Reasons.get", breaks)
    led = sent(client, "/sanggah/", IDENTITY)
    monkeypatch.undo()

    assert (led.status_code, led.url) == (302, "/sanggah/alasan/")
    assert client.get(led.url).status_code == 200


def test_a_helper_gets_the_next_page_too_but_none_of_another_part(client, make_staff):
    client.force_login(make_staff("operator", services.FILE_FOR_OTHERS))
    page = sent(client, reverse("admin:objections_assist"), {"nik": "52"})
    client.logout()
    signed_out = sent(client, reverse("admin:objections_assist"), {"nik": "52"})

    assert page.headers["Content-Location"] == f"{reverse('admin:objections_assist')}?perbaiki"
    assert (signed_out.status_code, signed_out.url.split("?")[0]) == (302, reverse("admin:login"))


@pytest.mark.parametrize("address", ["/staf/bantu/", "/staf/", "/tidak-ada/", "https://contoh.test/sanggah/"])
def test_only_pages_of_the_same_part_are_made_in_place(address):
    request = RequestFactory().post("/sanggah/", headers=BY_SCRIPT)
    request.user, request.resolver_match = AnonymousUser(), resolve("/sanggah/")
    led = HttpResponseRedirect(address)

    assert onward.page_after(request, led, kind=pages.Page) is led
