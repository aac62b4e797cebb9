"""Decide a shard in set statements: read the facts, compare with what stands, write only what differs.

Verdict and findings follow from the rule set and the values it asked for (`inputs`), so they are worked out once for
all who stand the same (`Grounds`), and a decision stands as long as its grounds have the inputs of today. Measured:
docs/decisions/0005 and 0024.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from bansos.common import db
from eligibility.engine.columns import FAMILIES, LISTED, column, published
from eligibility.engine.facts import facts_of_everyone
from eligibility.engine.proof import VERSION, VERSIONS, sum_of
from eligibility.engine.sql import RuleSetSql
from eligibility.engine.temporary import empty, fill, plan_for_shards
from eligibility.rules.conditions import Condition
from eligibility.rules.evaluate import facts_of
from eligibility.rules.facts import FAMILY, Fact

TODO = "family_id bigint, subdistrict_id int"
_SUBJECT = "family_id bigint, person_id bigint"
_PLACED = "JOIN pg_temp.todo USING (family_id)"
_DIFFERING = f"{_SUBJECT}, inputs smallint[], verdict text, standing_id bigint, standing_verdict text"


@dataclass(frozen=True)
class RuleInForce:
    programme_id: int
    unit: str
    rule_set_id: int
    conditions: tuple[Condition, ...]

    @cached_property
    def reading(self) -> RuleSetSql:
        """The conditions over the inputs of their own rule set, which `inputs_as_columns` gives."""
        return RuleSetSql(self.conditions, facts_of(self.conditions))

    @property
    def inputs_as_columns(self) -> str:
        return ", ".join(f"inputs[{at + 1}] AS {column(at)}" for at in range(len(facts_of(self.conditions))))


Moves = dict[int, dict[str, int]]


@dataclass(frozen=True)
class Counts:
    """subjects: families and persons looked at; decided: verdicts computed; written: decisions that differ.

    `moves`: per programme how many stand decided ("subjects"), and how many verdicts go from what to what. `proven`:
    those not looked at, because nothing was written since they were. `drift`: by how much what was written moves the
    digest of the standing decisions (engine/proof.py).
    """

    subjects: int = 0
    decided: int = 0
    written: int = 0
    moves: Moves = field(default_factory=dict)
    proven: int = 0
    drift: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Of the same sub-district: what was counted of other programmes, or of the same people in other ways."""
        return Counts(
            self.subjects + other.subjects,
            self.decided + other.decided,
            self.written + other.written,
            {**self.moves, **other.moves},
            self.proven + other.proven,
            self.drift + other.drift,
        )


Found = dict[int, Counts]


@dataclass(frozen=True)
class Shard:
    """Sub-districts, most often one, on one day, read at one release (None: nothing was ever published).

    `flags_of`: the run whose copy of the flags is read, None for the flags as they are.
    """

    subdistrict_ids: tuple[int, ...]
    as_of: date
    release_id: int | None
    village_id: int | None = None
    flags_of: int | None = None

    @property
    def subdistrict_id(self) -> int:
        (only,) = self.subdistrict_ids
        return only


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
    village = "AND v.id = %(village)s" if shard.village_id else ""
    fill(
        "todo",
        TODO,
        f"SELECT f.id, v.parent_id FROM {FAMILIES} "
        f"WHERE v.parent_id = %(subdistrict)s {village} {narrowed} AND {published('f')}",
        {"subdistrict": shard.subdistrict_id, "village": shard.village_id},
    )


def decide(
    shard: Shard,
    rules: Sequence[RuleInForce],
    *,
    is_everyone: bool = True,
    write: bool = True,
    is_traced: bool = False,
) -> Found:
    """Decide everyone on the list `todo` under every rule; the list must have been made in this transaction.

    `is_everyone`: the list is that of `list_everyone`. Without `write` it is only said what would be written.
    `is_traced`: tell the drift of what is written.
    """
    plan_for_shards()
    standing = _OF_SHARD if is_everyone and not shard.village_id else _OF_LISTED
    found = {pk: Counts() for pk in shard.subdistrict_ids}
    for unit in dict.fromkeys(rule.unit for rule in rules):
        of_unit = [rule for rule in rules if rule.unit == unit]
        facts, subjects = _read_facts(shard, unit, of_unit)
        for pk, count in subjects.items():
            found[pk] += Counts(count, count * len(of_unit))
        for rule in of_unit:
            params = _params(shard, rule)
            with db.joined_by_hash():
                differing = fill("differing", _DIFFERING, _differing(rule, facts, standing), params)
            _add(found, rule, subjects, _told(shard) if differing else [])
            if differing and write:
                _write(rule, params, found if is_traced else {})
    return found


def _read_facts(
    shard: Shard, unit: str, rules: Sequence[RuleInForce]
) -> tuple[tuple[Fact, ...], dict[int, int]]:
    """Fill the list `facts` with what the rules of the unit ask for; how many subjects each sub-district has."""
    facts = tuple(dict.fromkeys(fact for rule in rules for fact in facts_of(rule.conditions)))
    subjects = facts_of_everyone(
        "facts",
        unit,
        facts,
        as_of=shard.as_of,
        release_id=shard.release_id or 0,
        flags_of=shard.flags_of,
    )
    if len(shard.subdistrict_ids) == 1:
        return facts, {shard.subdistrict_id: subjects}
    counted = dict.fromkeys(shard.subdistrict_ids, 0) | dict(
        db.fetch(f"SELECT subdistrict_id, count(*) FROM pg_temp.facts {_PLACED} GROUP BY 1")
    )
    return facts, counted


def _params(shard: Shard, rule: RuleInForce) -> dict[str, Any]:
    return {
        **rule.reading.params,
        "programme": rule.programme_id,
        "rule_set": rule.rule_set_id,
        "subdistricts": list(shard.subdistrict_ids),
        "release": shard.release_id,
        "as_of": shard.as_of,
    }


def _add(
    found: Found, rule: RuleInForce, subjects: dict[int, int], told: list[tuple[int, str, str, int]]
) -> None:
    """To each sub-district's counts what differs of this rule: how many, and which verdicts change."""
    for pk, count in subjects.items():
        mine = [(was, now, n) for place, was, now, n in told if place == pk]
        moves = {f"{was}>{now}": n for was, now, n in mine if was != now}
        found[pk] += Counts(
            written=sum(n for _was, _now, n in mine), moves={rule.programme_id: {"subjects": count, **moves}}
        )


def _told(shard: Shard) -> list[tuple[int, str, str, int]]:
    """Where, what verdict stood, what it will be, how many; who had none before is new."""
    place, placed = "subdistrict_id", _PLACED
    if len(shard.subdistrict_ids) == 1:
        place, placed = f"{shard.subdistrict_id:d} AS subdistrict_id", ""
    return db.fetch(
        "SELECT subdistrict_id, coalesce(standing_verdict, 'NEW'), verdict, count(*) FROM "
        f"(SELECT {place}, standing_verdict, verdict FROM pg_temp.differing {placed}) d GROUP BY 1, 2, 3"
    )


def _write(rule: RuleInForce, params: dict[str, Any], traced: Found) -> None:
    """Supersede what stood and write what holds now, adding the drift to the counts of the traced sub-districts."""
    superseded = db.fetch(sum_of(f"{VERSIONS} WHERE {_STOOD}")) if traced else []
    db.run(_SUPERSEDE, params)
    db.run(_keep_grounds(rule), params)
    if not traced:
        db.run(_INSERT, params)
        return
    for sign, moved in ((-1, superseded), (1, db.fetch(_TRACED_INSERT, params))):
        for pk, number in moved:
            if pk in traced:
                traced[pk] += Counts(drift=sign * int(number))


_OF_SHARD = "d.subdistrict_id = ANY(%(subdistricts)s)"
_OF_LISTED = f"d.family_id = {LISTED} AND {_OF_SHARD}"


def _differing(rule: RuleInForce, facts: Sequence[Fact], standing: str) -> str:
    """The subjects but those whose decision stands in this shard, for this family, on grounds that hold today.

    LIMIT 1: a subject has one standing decision, so what differs is looked up by its index, whatever the planner knows.
    """
    same, own = (
        "d.family_id = f.family_id AND d.person_id IS NULL",
        "d.family_id = j.family_id AND d.person_id IS NULL",
    )
    if rule.unit != FAMILY:
        same, own = "d.person_id = f.person_id AND d.family_id = f.family_id", "d.person_id = j.person_id"
    asked = ", ".join(column(facts.index(fact)) for fact in facts_of(rule.conditions))
    decisions = "eligibility_eligibilitydecision d"
    stands = "d.programme_id = %(programme)s AND d.superseded_at IS NULL"
    return (
        f"SELECT j.family_id, j.person_id, j.inputs, {rule.reading.verdict}, s.id, s.verdict FROM "
        f"(SELECT f.*, {rule.inputs_as_columns} FROM "
        f"(SELECT family_id, person_id, ARRAY[{asked}]::smallint[] AS inputs FROM pg_temp.facts) f "
        f"WHERE NOT EXISTS (SELECT FROM {decisions} JOIN ({_sound(rule)}) g ON g.id = d.grounds_id "
        f"WHERE {standing} AND {stands} AND d.rule_set_id = %(rule_set)s AND d.verdict = g.verdict "
        f"AND {same} AND g.inputs = f.inputs)) j "
        f"LEFT JOIN LATERAL (SELECT d.id, d.verdict FROM {decisions} WHERE {own} AND {stands} LIMIT 1) s ON true"
    )


def _sound(rule: RuleInForce) -> str:
    """The grounds of the rule set whose verdict is what its conditions say of their inputs now."""
    return (
        f"SELECT id, inputs, verdict FROM (SELECT g.*, {rule.inputs_as_columns} FROM eligibility_grounds g "
        f"WHERE g.rule_set_id = %(rule_set)s) g WHERE verdict = {rule.reading.verdict}"
    )


def _keep_grounds(rule: RuleInForce) -> str:
    """Add the grounds that nobody has stood on yet, with their findings."""
    return (
        "INSERT INTO eligibility_grounds (rule_set_id, inputs, verdict, findings) "
        f"SELECT %(rule_set)s, inputs, verdict, {rule.reading.findings} FROM (SELECT DISTINCT inputs, verdict, "
        f"{rule.inputs_as_columns} FROM pg_temp.differing) n WHERE NOT EXISTS (SELECT FROM eligibility_grounds g "
        "WHERE g.rule_set_id = %(rule_set)s AND g.inputs = n.inputs AND g.verdict = n.verdict)"
    )


# By a list of ids: joined to `differing`, a stale estimate made it read the whole district's decisions.
_STOOD = "id = ANY(ARRAY(SELECT standing_id FROM pg_temp.differing WHERE standing_id IS NOT NULL))"
_SUPERSEDE = (
    "UPDATE eligibility_eligibilitydecision SET superseded_at = now(), superseded_as_of = %(as_of)s "
    f"WHERE {_STOOD}"
)

_INSERT = (
    "INSERT INTO eligibility_eligibilitydecision (programme_id, family_id, person_id, subdistrict_id, verdict, "
    "grounds_id, rule_set_id, release_id, as_of, decided_at) "
    "SELECT %(programme)s, family_id, person_id, subdistrict_id, verdict, g.id, "
    f"%(rule_set)s, %(release)s, %(as_of)s, now() FROM pg_temp.differing {_PLACED} "
    "JOIN (SELECT inputs, verdict, min(id) AS id "
    "FROM eligibility_grounds WHERE rule_set_id = %(rule_set)s GROUP BY inputs, verdict) g USING (inputs, verdict)"
)
_TRACED_INSERT = f"WITH made AS ({_INSERT} RETURNING {VERSION}) {sum_of('SELECT * FROM made')}"
