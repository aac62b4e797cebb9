from __future__ import annotations

from datetime import date

import pytest

import eligibility.tasks  # noqa: F401 - declares who does the jobs
from eligibility import services

TODAY = date(2026, 11, 23)


@pytest.fixture
def rule_sets(db):
    return services.load_rule_sets()
