"""What the database itself refuses."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from eligibility import services
from eligibility.models import DecidedShard, EligibilityDecision, ReverificationRun, RuleSet, RunState, Scope
from tests.eligibility.conftest import TODAY
from tests.factories.registry import make_family, make_member, make_release

pytestmark = pytest.mark.usefixtures("rule_sets")


@pytest.fixture
def decisions():
    release = make_release()
    make_member(make_family(release=release), release=release)
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    return EligibilityDecision.objects.standing()


def refuses(constraint, act):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def again(row, **changes):
    row.pk = None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


def test_one_decision_stands_per_family_and_programme(decisions):
    row = decisions.filter(person=None).first()

    refuses("decision_one_standing_per_family", lambda: again(row))


def test_one_decision_stands_per_person_and_programme(decisions):
    row = decisions.exclude(person=None).first()

    refuses("decision_one_standing_per_person", lambda: again(row))


def test_a_verdict_is_one_of_three(decisions):
    row = decisions.exclude(person=None).first()

    refuses("decision_verdict_known", lambda: again(row, verdict="MAYBE", person=None))


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "NEEDS_REVIEW"},
        {"grounds": 0},
        {"as_of": "2020-01-01"},
        {"superseded_at": None},
    ],
)
def test_a_decision_is_never_changed(decisions, change):
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        decisions.update(**change)


def test_a_superseded_decision_is_never_made_to_stand_again(decisions):
    row = decisions.first()
    rows = EligibilityDecision.objects.filter(pk=row.pk)
    rows.update(superseded_at="2026-11-23T00:00:00+08:00", superseded_as_of=TODAY)

    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        rows.update(superseded_at=None)


def test_a_decision_is_never_deleted(decisions):
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        decisions.all()._raw_delete("default")


def test_one_run_goes_on_at_a_time(db):
    def start():
        return ReverificationRun.objects.create(
            scope=Scope.ALL, as_of=TODAY, reason="uji", state=RunState.RUNNING
        )

    start()

    refuses("run_one_at_a_time", start)


def test_an_import_has_one_run_that_has_not_failed(db):
    def ask(state):
        return ReverificationRun.objects.create(
            scope=Scope.STALE, as_of=TODAY, reason="uji", state=state, batch_id=3
        )

    ask(RunState.FAILED)
    ask(RunState.WAITING)

    refuses("run_once_per_batch", lambda: ask(RunState.DONE))


def test_a_rule_set_version_exists_once_and_runs_forward(db):
    rule = RuleSet.objects.get(programme__code="PKH")

    refuses("rule_set_version_once", lambda: again(rule, effective_from="2027-01-01"))
    rule = RuleSet.objects.get(programme__code="PKH")
    refuses("rule_set_start_once", lambda: again(rule, version=9))
    rule = RuleSet.objects.get(programme__code="PKH")
    refuses(
        "rule_set_runs_forward",
        lambda: again(rule, version=9, effective_from="2027-01-01", effective_to="2026-01-01"),
    )


def test_a_shard_stands_decided_under_one_rule_set_per_programme(decisions):
    row = DecidedShard.objects.first()

    refuses("decided_shard_once", lambda: again(row))
