from __future__ import annotations

import http.server
import json
import threading
from uuid import uuid4

import pytest
from django.db import connection

from bansos.common import limits
from objections.migrations._letters import TEXTS
from objections.models import LetterTemplate
from tests import processes
from tests.factories.registry import switch_guards


@pytest.fixture(autouse=True)
def _cheap_hashes(settings):
    """Real password hashing costs half a second a login; the tests need its shape, not its price."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _static_files_looked_up(settings):
    """Else every test client lists all static files before its first request: 13 ms, some four thousand times."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _own_limits(monkeypatch):
    """Counters live in Redis for up to a day; each test begins at nought."""
    monkeypatch.setattr(limits, "_PREFIX", f"test:{uuid4()}:")


@pytest.fixture(autouse=True)
def _own_evidence(settings, tmp_path):
    """Sealed photos of one test are not another's."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"


@pytest.fixture(autouse=True)
def _first_letters(request):
    """What a test that commits leaves behind is emptied whole, the letters that come with the portal too."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" not in request.fixturenames and not (marker and marker.kwargs.get("transaction")):
        return
    request.getfixturevalue("transactional_db")
    if not LetterTemplate.objects.exists():
        LetterTemplate.objects.bulk_create(
            LetterTemplate(kind=kind, version=1, title=title, body="\n\n".join(body), state="APPROVED")
            for kind, (title, body) in TEXTS.items()
        )


@pytest.fixture
def live_worker(transactional_db):
    """A real Celery worker and a real sweep on the test database and a broker database of their own.

    `live_worker.worker` and `.sweep` can be killed and started again; `.broker` is the Redis client of their queue.
    Jobs of the kinds in tests/job_kinds.py are known to the worker. Wait with `live_worker.finished(job)`.
    """
    with processes.live_worker() as running:
        yield running


@pytest.fixture
def facts_by_hand(db):
    """Let a test put facts where it wants them; everywhere else the database refuses to rewrite a release."""
    switch_guards("DISABLE")
    yield
    if not connection.in_atomic_block:  # else the test's transaction takes it back
        switch_guards("ENABLE")


@pytest.fixture
def http_gateway(settings, monkeypatch):
    """A real server on loopback that answers with the next code it was given."""
    seen, codes = [], []

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            seen.append((self.headers["Idempotency-Key"], json.loads(self.rfile.read(length))))
            self.send_response(codes.pop(0) if codes else 200)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.GATEWAY_URL = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setenv("BANSOS_GATEWAY_URL", settings.GATEWAY_URL)  # for processes of their own
    yield seen, codes
    server.shutdown()
    server.server_close()
    thread.join()
