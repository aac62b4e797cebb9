from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from bansos.common import limits
from tests import processes
from tests.factories.registry import switch_guards


@pytest.fixture(autouse=True)
def _cheap_hashes(settings):
    """Real password hashing costs half a second a login; the tests need its shape, not its price."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_limits(monkeypatch):
    """Counters live in Redis for up to a day; each test begins at nought."""
    monkeypatch.setattr(limits, "_PREFIX", f"test:{uuid4()}:")


@pytest.fixture(autouse=True)
def _own_evidence(settings, tmp_path):
    """Sealed photos of one test are not another's."""
    settings.EVIDENCE_DIR = tmp_path / "evidence"


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
