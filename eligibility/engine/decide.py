"""Decide a shard in set statements: judge the facts, compare with what stands, write only what differs.

A finding follows from the rule set and the values it asked for, so `inputs` (those values, in order) and the verdict
are compared and the findings are built for the rows that differ alone. Measured: docs/decisions/0005.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bansos.common import db
from eligibility.engine.columns import column
from eligibility.engine.facts import facts_query
from eligibility.engine.sql import RuleSetSql
from eligibility.engine.temporary import empty, fill, plan_for_shards
from eligibility.rules.conditions import Condition
from eligibility.rules.evaluate import facts_of
from eligibility.rules.facts import FAMILY

_SUBJECT = "family_id bigint, person_id bigint"
_DIFFERING = (
    f"{_SUBJECT}, verdict text, inputs smallint[], findings jsonb, standing_id bigint, standing_verdict text"
)


@dataclass(frozen=True)
class RuleInForce:
    programme_id: int
    unit: str
    rule_set_id: int
    conditions: tuple[Condition, ...]


Moves = dict[int, dict[str, int]]


@dataclass(frozen=True)
class Counts:
    """subjects: families and persons looked at; decided: verdicts computed; written: decisions that differ.

    `moves`: per programme how many were looked at ("subjects"), and how many verdicts go from what to what.
    """

    subjects: int = 0
    decided: int = 0
    written: int = 0
    moves: Moves = field(default_factory=dict)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.subjects + other.subjects,
            self.decided + other.decided,
            self.written + other.written,
            {**self.moves, **other.moves},
        )


@dataclass(frozen=True)
class Shard:
    """One sub-district on one day, read at one release (None: nothing was ever published)."""

    subdistrict_id: int
    as_of: date
    release_id: int | None
    village_id: int | None = None


def list_everyone(shard: Shard) -> None:
    """Make the list `todo`: every family of the shard."""
    _list_families("", shard)


def list_marked(shard: Shard) -> None:
    """Make the list `todo`: the families of the shard whose facts changed (the list `marked`)."""
    _list_families("AND f.id IN (SELECT family_id FROM marked)", shard)


def take_marks(shard: Shard) -> None:
    """Move the shard's marks to the list `marked`; they are gone when the decisions stand, and not before."""
    of_village = "AND family_id IN (SELECT id FROM recipients_family WHERE village_id = %(village)s)"
    empty("marked", "family_id bigint")
    db.run(
        "WITH taken AS (DELETE FROM recipients_factschange WHERE subdistrict_id = %(subdistrict)s "
        f"{of_village if shard.village_id else ''} RETURNING family_id) "
        "INSERT INTO pg_temp.marked SELECT DISTINCT family_id FROM taken",
        {"subdistrict": shard.subdistrict_id, "village": shard.village_id},
    )


def is_everyone_marked(shard: Shard) -> bool:
    """A mark without a family speaks for its whole sub-district (the first release writes one instead of thousands)."""
    marked = "SELECT FROM marked WHERE family_id IS NULL"
    left = "SELECT FROM recipients_factschange WHERE subdistrict_id = %(subdistrict)s AND family_id IS NULL"
    return bool(
        db.fetch(f"SELECT EXISTS ({marked} UNION ALL {left})", {"subdistrict": shard.subdistrict_id})[0][0]
    )


def _list_families(narrowed: str, shard: Shard) -> None:
    """Families that only an unpublished release brought are not there yet."""
    village = "AND v.id = %(village)s" if shard.village_id else ""
    fill(
        "todo",
        "family_id bigint",
        "SELECT f.id FROM recipients_family f JOIN recipients_region v ON v.id = f.village_id "
        f"WHERE v.parent_id = %(subdistrict)s {village} {narrowed} "
        "AND (f.first_release_id IS NULL OR f.first_release_id <= (SELECT release_id FROM recipients_currentrelease))",
        {"subdistrict": shard.subdistrict_id, "village": shard.village_id},
    )


def decide(shard: Shard, rules: Sequence[RuleInForce], *, write: bool = True) -> Counts:
    """Decide everyone on the list `todo` under every rule; the list must have been made in this transaction.

    Without `write` it is only said what would be written.
    """
    plan_for_shards()
    total = Counts()
    for unit in dict.fromkeys(rule.unit for rule in rules):
        total += _decide_unit(shard, unit, [rule for rule in rules if rule.unit == unit], write=write)
    return total


def _decide_unit(shard: Shard, unit: str, rules: Sequence[RuleInForce], *, write: bool) -> Counts:
    facts = tuple(dict.fromkeys(fact for rule in rules for fact in facts_of(rule.conditions)))
    query = facts_query(unit, facts, as_of=shard.as_of, release_id=shard.release_id or 0)
    columns = ", ".join([_SUBJECT, *(f"{column(at)} smallint" for at in range(len(facts)))])
    subjects = fill("facts", columns, query.text, query.params)
    counts = Counts(subjects, subjects * len(rules))
    for rule in rules:
        counts += _write(shard, rule, RuleSetSql(rule.conditions, facts), subjects, write=write)
    return counts


def _write(shard: Shard, rule: RuleInForce, reading: RuleSetSql, subjects: int, *, write: bool) -> Counts:
    params = {
        **reading.params,
        "programme": rule.programme_id,
        "rule_set": rule.rule_set_id,
        "subdistrict": shard.subdistrict_id,
        "release": shard.release_id,
        "as_of": shard.as_of,
    }
    same_subject = "d.family_id = j.family_id AND d.person_id IS NULL"
    if rule.unit != FAMILY:
        same_subject = "d.person_id = j.person_id AND d.person_id IS NOT NULL"
    differing = fill("differing", _DIFFERING, _differing(reading, same_subject), params)
    moves = {"subjects": subjects, **(_moves() if differing else {})}
    if differing and write:
        db.run(_SUPERSEDE, params)
        db.run(_INSERT, params)
    return Counts(written=differing, moves={rule.programme_id: moves})


def _moves() -> dict[str, int]:
    """Verdicts that change, by what they were and will be; who had none before is new."""
    rows = db.fetch(
        "SELECT concat(coalesce(standing_verdict, 'NEW'), '>', verdict), count(*) FROM pg_temp.differing "
        "WHERE standing_verdict IS DISTINCT FROM verdict GROUP BY 1"
    )
    return {str(move): int(count) for move, count in rows}


def _differing(reading: RuleSetSql, same_subject: str) -> str:
    """LIMIT 1: a subject has one standing decision, so each is looked up by its index, whatever the planner knows.

    Without it, statistics that lag behind a big import made every shard read the decisions of the whole district.
    """
    return (
        f"SELECT j.family_id, j.person_id, j.verdict, j.inputs, {reading.findings}, d.id, d.verdict FROM "
        f"(SELECT f.*, {reading.verdict} AS verdict, {reading.inputs} AS inputs FROM facts f) j "
        "LEFT JOIN LATERAL (SELECT d.* FROM eligibility_eligibilitydecision d "
        f"WHERE {same_subject} AND d.programme_id = %(programme)s AND d.superseded_at IS NULL LIMIT 1) d ON true "
        "WHERE d.id IS NULL OR d.verdict <> j.verdict OR d.inputs IS DISTINCT FROM j.inputs "
        "OR d.rule_set_id <> %(rule_set)s OR d.family_id <> j.family_id OR d.subdistrict_id <> %(subdistrict)s"
    )


# By a list of ids: joined to a table of the size of `differing`, a stale estimate made it read the whole district's.
_SUPERSEDE = (
    "UPDATE eligibility_eligibilitydecision SET superseded_at = now(), superseded_as_of = %(as_of)s "
    "WHERE id = ANY(ARRAY(SELECT standing_id FROM pg_temp.differing WHERE standing_id IS NOT NULL))"
)


_INSERT = (
    "INSERT INTO eligibility_eligibilitydecision (programme_id, family_id, person_id, subdistrict_id, verdict, "
    "findings, inputs, rule_set_id, release_id, as_of, decided_at) "
    "SELECT %(programme)s, family_id, person_id, %(subdistrict)s, verdict, findings, inputs, "
    "%(rule_set)s, %(release)s, %(as_of)s, now() FROM differing"
)
