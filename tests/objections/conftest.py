from __future__ import annotations

import uuid
from datetime import date
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from bansos.common import limits
from eligibility.models import RuleSet, Verdict
from objections import services
from objections.enums import Reason
from recipients.enums import Direction, Unit
from recipients.models import DecileCeiling, DecileChange, Programme, StaffArea
from tests.factories import registry
from tests.factories.decisions import make_decision
from tests.objections.steps import BORN, NIK


@pytest.fixture(autouse=True)
def _own_limits(monkeypatch):
    """Each test counts from zero on the real server."""
    monkeypatch.setattr(limits, "_PREFIX", f"test:{uuid.uuid4()}:")
    monkeypatch.setattr(limits, "_down_until", 0.0)


@pytest.fixture(autouse=True)
def _a_static_root(settings, tmp_path):
    """WhiteNoise warns of a folder that only `collectstatic` makes."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def world(db):
    """A family judged better off, from decile 4 to 6, with a member of PBI and the decisions that follow."""
    before = registry.make_release("2025-Q4", date(2025, 10, 20), publish=False)
    release = registry.make_release()
    village = registry.make_village()
    family = registry.make_family(release=before, village=village, decile=6, member_count=2)
    head = registry.make_member(family, release=before, nik=NIK, born=BORN, name="AMAQ SAHRUN", relation=1)
    wife = registry.make_member(family, release=before, sex=2, name="INAQ SAHRUN", relation=2, national_pbi=1)
    DecileChange.objects.create(
        family=family, previous=before, release=release, village=village, before=4, after=6,
        direction=Direction.UP, crossed_ceilings=["PKH"],
    )  # fmt: skip
    pkh = _programme("PKH", "Program Keluarga Harapan", Unit.FAMILY, 4)
    pbi = _programme("PBI_JK", "BPJS gratis", Unit.PERSON, 5)
    for programme, person in [(pkh, None), (pbi, head.person), (pbi, wife.person)]:
        _decide(programme, family, person, release)
    return SimpleNamespace(
        release=release, village=village, family=family, head=head, wife=wife, pkh=pkh, pbi=pbi
    )


def _programme(code: str, name: str, unit: Unit, ceiling: int) -> Programme:
    programme, _made = Programme.objects.get_or_create(
        code=code, defaults={"name": name, "unit": unit, "owner": "Kemensos"}
    )
    DecileCeiling.objects.get_or_create(
        programme=programme, effective_from=date(2020, 1, 1), defaults={"ceiling": ceiling}
    )
    RuleSet.objects.get_or_create(
        programme=programme, version=99,
        defaults={"effective_from": date(2020, 1, 1), "legal_basis": "-", "conditions": [], "source_file": "-"},
    )  # fmt: skip
    return programme


def _decide(programme, family, person, release):
    finding = {"code": "DECILE", "verdict": "INELIGIBLE", "seen": 6, "limit": 4, "source": "DTSEN"}
    make_decision(
        programme=programme, family=family, person=person, subdistrict=family.village.parent,
        verdict=Verdict.INELIGIBLE, findings=[finding], release=release, as_of=date(2026, 1, 24),
        rule_set=RuleSet.objects.filter(programme=programme).latest("version"),
    )  # fmt: skip


@pytest.fixture
def make_staff(db):
    def make(name: str, *permissions: str, village=None):
        user = get_user_model().objects.create_user(name, password="x", is_staff=True)
        for permission in ("objections.view_objection", *permissions):
            app, codename = permission.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        if village is not None:
            StaffArea.objects.create(user=user, region=village)
        return user

    return make


@pytest.fixture
def checker(make_staff):
    return make_staff("verifikator", services.CHECK, "recipients.see_whole_district")


@pytest.fixture
def head(make_staff):
    return make_staff("kepala", services.DECIDE, services.CHECK, "recipients.see_whole_district")


@pytest.fixture
def filing():
    def make(**changes):
        return services.Filing(**{"nik": NIK, "birth_date": BORN, "reasons": [Reason.HOUSE], **changes})

    return make
