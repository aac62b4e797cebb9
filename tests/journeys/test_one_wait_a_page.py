"""With JavaScript each answer is one request that brings the next page; Back, reload and focus stay as in any browser
(docs/decisions/0042).
"""

from __future__ import annotations

import pytest

from objections.models import Objection
from tests import rendered
from tests.factories.registry import make_nik, make_village
from tests.journeys.steps import IN_A_BROWSER, no_sideways_scroll

pytestmark = [*IN_A_BROWSER, pytest.mark.django_db(transaction=True)]

FOCUSED = "document.activeElement.matches(':is(h1, .errors)') && document.activeElement.innerText"
MAY_RECORD = "document.featurePolicy.allowsFeature('microphone')"


class Visitor:
    """A page that notes what it asked the server for, and what it complained of."""

    def __init__(self, browser, server):
        self.page = browser.new_page(viewport={"width": 360, "height": 740}, locale="id-ID")
        self.asked, self.complaints = [], []
        self.page.on("request", lambda request: self.asked.append(request.method))
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.goto(f"{server.url}/")
        self.page.click("text=Ajukan sanggahan")

    def answer(self, ending, **fields):
        """Send this page's form; the one request that it takes leads to the next page."""
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)
        self.asked.clear()
        self.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        self.page.click("main form[data-send] > button[type=submit]")
        self.page.wait_for_url(f"**/{ending}")
        assert self.asked == ["POST"], ending
        assert self.page.evaluate("scrollY") == 0
        assert rendered.violations(self.page) == []
        no_sideways_scroll(self.page)

    def walk(self, move, ending):
        """Back, forward or reload: whatever it asks for, it sends nothing."""
        self.asked.clear()
        with self.page.expect_event("load"):
            move()
        self.page.wait_for_url(f"**/{ending}")
        assert set(self.asked) == {"GET"}


@pytest.fixture
def visitor(live_server, browser):
    make_village()
    return Visitor(browser, live_server)


def test_an_objection_takes_one_request_a_page_and_back_and_reload_send_nothing(visitor):
    page = visitor.page
    visitor.answer("sanggah/?perbaiki", nik="52", birth_date="12 5 1980")
    assert "NIK harus 16 angka" in page.evaluate(FOCUSED)
    assert page.title().startswith("Perbaiki: ")
    visitor.answer("alasan/", nik=make_nik())
    assert page.evaluate(FOCUSED) == "Apa yang tidak benar?"
    page.check("text=Keadaan rumah berbeda dari data")
    visitor.answer("cerita/")
    assert page.evaluate(MAY_RECORD)
    visitor.answer("foto/", story="Rumah kami roboh.")
    visitor.answer("kabar/")

    visitor.walk(page.go_back, "foto/")
    visitor.walk(page.go_back, "cerita/")
    assert page.input_value("textarea") == "Rumah kami roboh."
    visitor.walk(page.go_back, "alasan/")
    assert page.is_checked("text=Keadaan rumah berbeda dari data")
    visitor.answer("kabar/")  # the first that is still open
    page.check("text=Saya tidak punya HP")
    visitor.answer("periksa/")
    visitor.walk(page.reload, "periksa/")
    assert Objection.objects.count() == 0

    visitor.answer("tanda-terima/")
    number = page.inner_text(".big >> nth=0")
    visitor.walk(page.reload, "tanda-terima/")
    visitor.walk(page.go_back, "tanda-terima/")  # nothing is left to check
    assert page.inner_text(".big >> nth=0") == number == Objection.objects.get().receipt_no
    assert visitor.complaints == []
