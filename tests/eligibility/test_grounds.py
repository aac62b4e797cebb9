"""What decisions rest on is kept once, and a night finds every decision that does not stand on what holds."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from bansos.common import db
from eligibility import services
from eligibility.models import EligibilityDecision, Grounds, Scope
from tests.eligibility.conftest import TODAY
from tests.factories.registry import make_family, make_member, make_release, make_village

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")


def night():
    return services.verify(scope=Scope.ALL, as_of=TODAY, reason="malam")


@pytest.fixture
def two_alike():
    """Two families that stand the same, in two sub-districts."""
    release = make_release()
    for subdistrict in ("Keruak", "Masbagik"):
        family = make_family(release=release, village=make_village(f"Desa {subdistrict}", subdistrict))
        make_member(family, release=release, born=TODAY.replace(year=2015))
    night()


@pytest.fixture
def decision(two_alike):
    return EligibilityDecision.objects.standing().filter(programme__code="SEMBAKO").first()


NO_SUCH_RULE = """conditions = '[{"code": "NO_SUCH"}]'"""


def tamper(table, change, pk):
    db.run("SET CONSTRAINTS ALL IMMEDIATE")
    db.run(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    assert db.run(f"UPDATE {table} t SET {change} WHERE id = %s", [pk]) == 1
    db.run(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


def test_who_stands_the_same_shares_the_grounds(two_alike):
    decisions = EligibilityDecision.objects.standing()

    assert decisions.count() == 2 * Grounds.objects.count()
    assert all(row.findings and row.verdict == row.grounds.verdict for row in decisions)


def test_grounds_are_never_rewritten(decision):
    for change in ({"findings": []}, {"inputs": []}, {"verdict": "ELIGIBLE"}):
        with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
            Grounds.objects.update(**change)


@pytest.mark.parametrize(
    "change",
    [
        "verdict = 'NEEDS_REVIEW'",
        "grounds_id = (SELECT max(id) FROM eligibility_grounds g WHERE g.rule_set_id <> t.rule_set_id)",
        "grounds_id = 0",
        "subdistrict_id = (SELECT max(id) FROM recipients_region WHERE level = 'SUBDISTRICT')",
    ],
)
def test_a_night_finds_a_decision_that_was_tampered_with(decision, change):
    tamper(
        "eligibility_eligibilitydecision",
        change,
        decision.pk,
    )

    assert (night().written, night().written) == (1, 0)

    stands = EligibilityDecision.objects.standing().get(programme=decision.programme, family=decision.family)
    assert (stands.verdict, stands.findings) == (decision.verdict, decision.findings)
    assert stands.subdistrict_id == decision.subdistrict_id


def test_a_night_finds_grounds_whose_verdict_their_facts_do_not_give(decision):
    verdict, told = decision.verdict, decision.findings
    tamper("eligibility_grounds", "verdict = 'NEEDS_REVIEW'", decision.grounds_id)
    tamper("eligibility_eligibilitydecision", "verdict = 'NEEDS_REVIEW'", decision.pk)

    assert (night().written, night().written) == (2, 0)

    stands = EligibilityDecision.objects.standing().filter(programme=decision.programme)
    assert {row.verdict for row in stands} == {verdict}
    assert all(row.findings == told for row in stands)
