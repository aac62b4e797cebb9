"""What a citizen types, step by step; and how two of the staff bring a case to its end."""

from __future__ import annotations

import re
from datetime import date

from objections import services
from objections.services import moving

BORN = date(1975, 8, 27)
NIK = "5203992708759001"
UNKNOWN_NIK = "5203992708759777"

IDENTITY = {"nik": NIK, "birth_date": "27 8 1975"}
ANSWERS = {
    "/sanggah/": IDENTITY,
    "/sanggah/alasan/": {"reasons": ["HOUSE", "OTHER"]},
    "/sanggah/cerita/": {"story": "Rumah kami berdinding bambu."},
    "/sanggah/foto/": {},
    "/sanggah/kabar/": {"phone": "0812 0000 9001", "village": ""},
}


def answer(client, upto: str = "/sanggah/periksa/", **changed):
    """Answer the steps before `upto`; the last response."""
    response = None
    for url, data in ANSWERS.items():
        if url == upto:
            break
        response = client.post(url, changed.get(url.strip("/").split("/")[-1], data))
        assert response.status_code == 302, response.content.decode()
        assert "perbaiki" not in response.url, text_of(client.get(response.url))
    return response


def send(client, **changed):
    """A whole objection; number and PIN from the receipt."""
    answer(client, **changed)
    assert client.post("/sanggah/periksa/").url == "/sanggah/tanda-terima/"
    return receipt(client)


def receipt(client) -> tuple[str, str]:
    page = client.get("/sanggah/tanda-terima/").content.decode()
    number, pin = re.findall(r'class="big">([^<]+)<', page)
    return number, pin


def text_of(response) -> str:
    return response.content.decode()


def ask(client, url, data):
    """Send answers that cannot be taken; the page that says why is one that is read, not sent."""
    sent = client.post(url, data)
    assert (sent.status_code, sent.url) == (302, f"{url}?perbaiki")
    return client.get(sent.url)


def propose(objection, outcome, *, by, now, answer="Sudah kami periksa."):
    """From a new case to a proposal by one officer; what an outcome makes happen is tested in test_remedies.py."""
    services.start_check(objection=objection, by=by, now=now, note="rahasia kantor")
    services.finish_check(objection=objection, by=by, now=now, note="Rumah dilihat.")
    moving.propose(objection=objection, outcome=outcome, by=by, now=now, answer=answer)


def decide(objection, outcome, *, by, head, now, answer="Sudah kami periksa."):
    propose(objection, outcome, by=by, now=now, answer=answer)
    services.approve(objection=objection, by=head, now=now)
