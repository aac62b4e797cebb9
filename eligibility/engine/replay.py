"""Old decisions made again from what they were made of, set by set, and compared; nothing is written.

What the release says is read again at the decision's own release and day. What stood beside it then (flags, lists,
decisions by hand) is no part of a release: it is taken from the decision's own inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bansos.common import db
from eligibility.engine.columns import column
from eligibility.engine.facts import facts_of_everyone
from eligibility.engine.sql import RuleSetSql
from eligibility.engine.temporary import fill, plan_for_shards
from eligibility.rules.conditions import Condition
from eligibility.rules.evaluate import facts_of
from eligibility.rules.facts import FAMILY

_HELD = "d.as_of <= %(day)s AND (d.superseded_as_of IS NULL OR d.superseded_as_of > %(day)s)"
_GROUP = (
    "d.rule_set_id = %(rule_set)s AND d.release_id IS NOT DISTINCT FROM %(release)s AND d.as_of = %(as_of)s"
)


@dataclass(frozen=True)
class Group:
    """Decisions that were made of the same rule set, release and day."""

    rule_set_id: int
    release_id: int | None
    as_of: date
    count: int


@dataclass(frozen=True)
class Differing:
    """One decision that does not come out again; None where its subject is not found at its release any more."""

    decision_id: int
    family_id: int
    person_id: int | None
    verdict: str
    replayed: str | None
    inputs: list[int | None]
    replayed_inputs: list[int | None] | None


def held_groups(day: date) -> list[Group]:
    """What held on the day, by what it was made of."""
    rows = db.fetch(
        "SELECT d.rule_set_id, d.release_id, d.as_of, count(*) FROM eligibility_eligibilitydecision d "
        f"WHERE {_HELD} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        {"day": day},
    )
    return [Group(*row) for row in rows]


def differing(group: Group, *, day: date, unit: str, conditions: Sequence[Condition]) -> Iterator[Differing]:
    """The decisions of the group whose verdict, findings or inputs come out otherwise."""
    plan_for_shards()
    facts = facts_of(conditions)
    params: dict[str, Any] = {
        "day": day, "rule_set": group.rule_set_id, "release": group.release_id, "as_of": group.as_of,
    }  # fmt: skip
    held = f"eligibility_eligibilitydecision d WHERE {_HELD} AND {_GROUP}"
    fill("todo", "family_id bigint", f"SELECT DISTINCT d.family_id FROM {held}", params)
    facts_of_everyone("facts", unit, facts, as_of=group.as_of, release_id=group.release_id or 0)
    reading = RuleSetSql(conditions, facts)
    told = ", ".join(
        f"g.inputs[{at + 1}] AS {column(at)}" if fact.is_beside else f"f.{column(at)}"
        for at, fact in enumerate(facts)
    )
    same = "f.family_id = d.family_id" if unit == FAMILY else "f.person_id = d.person_id"
    rows = db.fetch(
        f"SELECT id, family_id, person_id, was, verdict, inputs, again FROM (SELECT j.*, {reading.verdict} AS verdict, "
        f"{reading.findings} AS said, {reading.inputs} AS again FROM (SELECT d.id, d.family_id, d.person_id, "
        f"d.verdict AS was, g.findings AS findings, g.inputs AS inputs, f.family_id AS found, {told} "
        f"FROM eligibility_eligibilitydecision d JOIN eligibility_grounds g ON g.id = d.grounds_id "
        f"LEFT JOIN facts f ON {same} WHERE {_HELD} AND {_GROUP}) j) r "
        "WHERE found IS NULL OR was <> verdict OR findings <> said OR inputs IS DISTINCT FROM again ORDER BY id",
        {**params, **reading.params},
    )
    for decision_id, family_id, person_id, was, verdict, inputs, again in rows:
        yield Differing(decision_id, family_id, person_id, was, verdict, inputs, again)
