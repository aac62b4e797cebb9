"""A NIK typed into the form is found nowhere in plain: not in tables, sessions, the Redis server, logs or addresses."""

from __future__ import annotations

import logging

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job
from objections import tasks as _tasks  # noqa: F401  (registers the job)
from tests import everything
from tests.objections.steps import ANSWERS, NIK, answer, receipt, text_of

PHONE = "081200009001"
FORMS = [form for text in (NIK, PHONE) for form in (text, text.encode().hex())]


def found_in(*texts: str) -> list[str]:
    return [form for text in texts for form in FORMS if form in text]


@pytest.mark.django_db(transaction=True)
def test_a_typed_nik_and_phone_stand_nowhere_in_plain(client, world, checker, caplog):
    caplog.set_level(logging.DEBUG)
    addresses, pages = [], []

    def visit(method, url, data=None):
        response = getattr(client, method)(url, data)
        addresses.append(f"{url} {response.headers} {response.cookies}")
        if url not in (
            "/sanggah/",
            "/sanggah/kabar/",
            "/sanggah/periksa/",
        ):  # where their owner types and checks them
            pages.append(text_of(response))

    visit("post", "/sanggah/", {"nik": NIK, "birth_date": "1 1 1990"})
    for url, data in ANSWERS.items():
        visit("post", url, data)
        visit("get", url)
    assert found_in(everything.tables(), everything.sessions()) == []  # while the draft is open
    assert Session.objects.exists()
    visit("get", "/sanggah/periksa/")
    visit("post", "/sanggah/periksa/")
    number, pin = receipt(client)
    visit("post", "/status/", {"number": number, "pin": pin})
    visit("get", "/status/sanggahan/")
    for job in Job.objects.all():
        assert jobs.run(job.pk)
    client.force_login(checker)
    for url in ("/staf/objections/objection/", f"/staf/objections/objection/{_objection().pk}/change/"):
        visit("get", url)

    assert _objection().family == world.family
    assert found_in(everything.tables(), everything.sessions()) == []
    assert found_in(everything.redis()) == []
    assert found_in(caplog.text) == []
    assert found_in(*addresses, *pages) == []
    assert pin not in everything.tables() + everything.sessions()
    assert pin.replace("-", "") not in everything.tables() + everything.sessions()


def _objection():
    from objections.models import Objection

    return Objection.objects.get()


@pytest.mark.django_db
def test_the_search_for_the_canary_can_find_one(world):
    """The gate itself: a NIK put in plain, as text or as bytes, is seen."""
    from objections.models import Objection
    from objections.services import Filing, file

    objection = file(
        form=Filing(nik=NIK, birth_date=timezone.localdate(), reasons=["HOUSE"]), now=timezone.now()
    )
    assert found_in(everything.tables()) == []
    Objection.objects.filter(pk=objection.pk).update(story=f"NIK {NIK}")
    assert found_in(everything.tables()) == [NIK]
    Objection.objects.filter(pk=objection.pk).update(story="", nik_sealed=NIK.encode())
    assert found_in(everything.tables()) == [NIK.encode().hex()]


@pytest.mark.django_db
def test_an_error_page_in_the_form_does_not_log_what_was_typed(client, caplog):
    caplog.set_level(logging.DEBUG)
    answer(client, upto="/sanggah/alasan/")
    client.post("/sanggah/", {"nik": NIK + "9", "birth_date": ""})
    with CaptureQueriesContext(connection) as asked:
        client.get("/sanggah/alasan/")

    assert found_in(caplog.text) == []
    assert found_in(*(query["sql"] for query in asked)) == []


@pytest.mark.django_db
def test_a_nik_told_in_the_story_is_masked(world):
    from objections.services import Filing, file

    told = Filing(
        nik=NIK, birth_date=timezone.localdate(), reasons=["HOUSE"], story=f"NIK saya {NIK[:8]} {NIK[8:]}."
    )

    assert NIK[8:] not in file(form=told, now=timezone.now()).story
