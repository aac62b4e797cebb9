"""A cheap phone at 360 px with JavaScript, on a slow network that goes away in the middle: nothing typed is lost, what
was sent arrives once, photos are made small before they leave. test_whole_chain.py walks the way without JavaScript.
"""

from __future__ import annotations

import io
import os

import pytest
from PIL import Image

from objections.models import Attachment, Objection
from tests.factories.registry import make_nik, make_village
from tests.journeys.steps import IN_A_BROWSER, no_sideways_scroll

pytestmark = [*IN_A_BROWSER, pytest.mark.django_db(transaction=True)]

SLOW = {
    "offline": False,
    "latency": 200,
    "downloadThroughput": 50_000,
    "uploadThroughput": 50_000,
}  # 400 kbit/s
STORY = "Rumah kami sudah tidak punya dinding."
KEPT = "JSON.stringify(Object.entries(localStorage))"


class Phone:
    """One browser with its storage; each tab on the slow network."""

    def __init__(self, browser, server):
        self.context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
        self.server = server

    def open(self, path="/"):
        page, self.sent = self.context.new_page(), []
        page.on("requestfinished", lambda request: self.sent.append(request))
        self.network = self.context.new_cdp_session(page)
        self.signal(True)
        page.goto(f"{self.server.url}{path}")
        return page

    def signal(self, is_on):
        self.network.send("Network.emulateNetworkConditions", SLOW | {"offline": not is_on})

    def largest_sent(self):
        return max(request.sizes()["requestBodySize"] for request in self.sent if request.method == "POST")


@pytest.fixture
def phone(live_server, browser):
    make_village()
    return Phone(browser, live_server)


def next_step(page, ending):
    page.click("main form[data-send] > button[type=submit]")
    page.wait_for_url(f"**/{ending}/")
    no_sideways_scroll(page)


def to_the_story(page, nik):
    page.click("text=Ajukan sanggahan")
    page.fill("[name=nik]", nik)
    page.fill("[name=birth_date]", "12 5 1980")
    assert nik not in page.evaluate(KEPT)
    next_step(page, "alasan")
    page.check("text=Keadaan rumah berbeda dari data")
    next_step(page, "cerita")


def send_in_vain(page, phone, times=1):
    phone.signal(False)
    for _press in range(times):
        page.click("main form[data-send] > button[type=submit]")
    page.wait_for_selector("#sinyal:has-text('BELUM terkirim')")


def noisy_photo():
    """As large as a phone's camera makes it: noise does not compress."""
    out = io.BytesIO()
    Image.frombytes("RGB", (1600, 1200), os.urandom(1600 * 1200 * 3)).save(out, "JPEG", quality=60)
    return {"name": "rumah.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_lost_signal_loses_no_word_and_sends_one_case(phone):
    page = phone.open()
    to_the_story(page, make_nik())
    page.fill("textarea", STORY)
    send_in_vain(page, phone)
    page.close()

    page = phone.open()  # another tab, later
    page.click("text=Lanjutkan sanggahan itu")
    page.wait_for_url("**/cerita/")
    assert page.input_value("textarea") == STORY
    assert page.is_visible("text=ada lagi di sini")
    send_in_vain(page, phone)
    phone.signal(True)
    page.wait_for_url("**/foto/")  # by itself

    photo = noisy_photo()
    page.set_input_files("[name=photos]", [photo])
    next_step(page, "kabar")  # pressed while the photo is still being made small
    assert phone.largest_sent() < 250_000 < len(photo["buffer"])
    page.check("text=Saya tidak punya HP")
    next_step(page, "periksa")
    send_in_vain(page, phone, times=3)
    phone.signal(True)
    page.wait_for_url("**/tanda-terima/")

    assert Objection.objects.get().story == STORY
    assert Attachment.objects.get().objection == Objection.objects.get()
    assert page.evaluate(KEPT) == "[]"


def test_a_shared_phone_shows_nobody_the_words_of_another(phone):
    page = phone.open()
    to_the_story(page, make_nik())
    page.fill("textarea", STORY)
    page.reload()
    assert page.input_value("textarea") == STORY
    page.click("text=Hapus tulisan ini")
    assert page.input_value("textarea") == ""
    assert page.evaluate(KEPT) == "[]"

    page.fill("textarea", STORY)
    phone.context.clear_cookies()  # their answers lapsed; somebody else takes the phone
    page.goto(f"{phone.server.url}/")
    to_the_story(page, make_nik())
    assert page.input_value("textarea") == ""
    assert STORY not in page.evaluate(KEPT)

    page.fill("textarea", STORY)
    page.goto(f"{phone.server.url}/sanggah/batal/")
    page.click("text=Ya, hapus jawaban")
    page.wait_for_url("**/selesai/**")
    assert page.evaluate(KEPT) == "[]"
