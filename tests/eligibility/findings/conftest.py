"""A family that receives and no longer meets the rule, and the two people of the office."""

from __future__ import annotations

from datetime import date

import pytest

from eligibility.models import Finding
from recipients.roles import install_roles
from tests.eligibility.findings.cases import lose, night, receives
from tests.factories.registry import make_family, make_member, make_release
from tests.factories.staff import make_user


@pytest.fixture
def release():
    return make_release()


@pytest.fixture
def family(release):
    family = make_family(release=release, decile=3)
    make_member(
        family, release=release, born=date(2015, 3, 4), relation=1, school_participation=2, school_level=3
    )
    return family


@pytest.fixture
def verifier(db):
    install_roles()
    return make_user("office_verifier")


@pytest.fixture
def head(verifier):
    return make_user("office_head")


@pytest.fixture
def lost(family):
    """A finding: the family receives a national programme and no longer meets its rule."""
    receives(family)
    lose(family)
    night()
    return Finding.objects.get(kind="ENROLLED_NOT_ELIGIBLE")


@pytest.fixture
def lost_local(family):
    receives(family, is_local=True)
    lose(family)
    night()
    return Finding.objects.get(kind="ENROLLED_NOT_ELIGIBLE")
