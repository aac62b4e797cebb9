from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

import eligibility.tasks  # noqa: F401 - declares who does the jobs
from eligibility import receivers, services

TODAY = date(2026, 11, 23)


@pytest.fixture
def rule_sets(db):
    return services.load_rule_sets()


@pytest.fixture
def no_nudges(monkeypatch):
    """Marks wait for the run the test asks for: the nudge would decide for the real today, not for the test's day."""
    monkeypatch.setattr(receivers, "services", SimpleNamespace(queue_verify=lambda **_asked: None))
