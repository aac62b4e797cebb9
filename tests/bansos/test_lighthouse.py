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

    results = {one["page"]: one for one in lighthouse.measure(pages, CATEGORIES)}
    lost_by_the_browser = [page for page, one in results.items() if None in one["scores"]]
    for lost in lost_by_the_browser:
        results[lost] = next(lighthouse.measure([pages[lost]], CATEGORIES))

    assert len(results) == len(pages)
    wrong = {pages[page]["address"]: one for page, one in results.items() if one["scores"] != [100, 100]}
    assert wrong == {}
