"""Lighthouse's own view of six pages: accessibility and best practices, which no load of the machine changes (G7)."""

from __future__ import annotations

import pytest
from django.conf import settings

from tests import lighthouse
from tests.bansos.test_access_matrix import logged_in
from tests.factories.staff import make_world

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(not lighthouse.IS_HERE, reason="NO LIGHTHOUSE FOUND: .ci/run brings it"),
]
CATEGORIES = ("accessibility", "best-practices")
PUBLIC, STAFF = ("/", "/sanggah/", "/status/", "/bantuan/"), ("/staf/", "/staf/objections/objection/")


def test_lighthouse_finds_nothing_wrong(live_server):
    client = logged_in(make_world(), "office_verifier")
    cookie = f"sid={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    pages = [{"address": live_server.url + path, "cookie": ""} for path in PUBLIC]
    pages += [{"address": live_server.url + path, "cookie": cookie} for path in STAFF]

    results = list(lighthouse.measure(pages, CATEGORIES))

    assert len(results) == len(pages)
    assert [(pages[one["page"]], one["failed"]) for one in results if min(one["scores"]) < 100] == []
