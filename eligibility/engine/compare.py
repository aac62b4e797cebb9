"""The same families under two rule sets, or under two states of the facts, side by side: counted, never decided.

The conditions and facts are read by the very SQL that decides (engine/facts.py, engine/sql.py), twice with other
parameters. Only temporary tables are written. A subject without a verdict on one side (no rule holds, or the family
is not in the registry yet) has null there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bansos.common import db
from eligibility.engine.columns import column
from eligibility.engine.facts import facts_of_everyone
from eligibility.engine.sql import RuleSetSql
from eligibility.engine.temporary import fill
from eligibility.rules.amounts import Amounts
from eligibility.rules.conditions import Condition, SomeOf
from eligibility.rules.evaluate import facts_of
from eligibility.rules.facts import FAMILY, PERSON, Fact
from eligibility.rules.verdict import ELIGIBLE


@dataclass(frozen=True)
class Mark:
    """What tells a group of the touched apart: a fact from `low` to `high`."""

    fact: Fact
    low: int = 1
    high: int = 32767


# Who is vulnerable, whatever the rules ask: elders from 60 (UU 13/1998), children under six. The centre's files do not
# say who is pregnant. A person's own file row tells their age only.
VULNERABLE: dict[str, dict[str, Mark]] = {
    FAMILY: {
        "with_elder": Mark(Fact("members_aged_from", age=60)),
        "with_disability": Mark(Fact("members_with_disability")),
        "with_small_child": Mark(Fact("members_aged_up_to", age=5)),
        "with_female_head": Mark(Fact("members_female_head")),
    },
    PERSON: {"with_elder": Mark(Fact("age"), 60), "with_small_child": Mark(Fact("age"), 0, 5)},
}
NOT_VULNERABLE = "with_none_of_these"  # as far as the files say
_ENROLLED = "'ENROLLED', 'ACTIVE'"


@dataclass(frozen=True)
class Pairing:
    """One programme under two rule sets; None where no rule holds on that side. `paid`: what each side pays."""

    programme_id: int
    unit: str
    before: tuple[Condition, ...] | None
    after: tuple[Condition, ...] | None
    paid: tuple[Amounts | None, Amounts | None] = (None, None)

    def side(self, name: str) -> tuple[tuple[Condition, ...] | None, Amounts | None]:
        return (self.before, self.paid[0]) if name == "before" else (self.after, self.paid[1])

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact either side asks for, and those that tell the touched apart."""
        marked = [mark.fact for mark in VULNERABLE[self.unit].values()]
        return tuple(dict.fromkeys([*facts_of(self._conditions), *marked]))

    @property
    def groups(self) -> tuple[str, ...]:
        """Into which the touched are told apart, a subject perhaps into several: names of [a-z0-9_]."""
        return (*self._marks, NOT_VULNERABLE)

    def tests(self, facts: Sequence[Fact]) -> list[str]:
        """Whether a subject is in each group, as SQL over the columns that hold `facts`."""
        told = {
            name: f"coalesce({column(facts.index(mark.fact))} BETWEEN {mark.low:d} AND {mark.high:d}, false)"
            for name, mark in self._marks.items()
        }
        vulnerable = " OR ".join(told[name] for name in VULNERABLE[self.unit])
        return [*told.values(), f"NOT ({vulnerable})"]

    @property
    def _marks(self) -> dict[str, Mark]:
        components = {
            component.name: Mark(component.fact)
            for condition in self._conditions
            if isinstance(condition, SomeOf)
            for component in condition.components
        }
        return components | VULNERABLE[self.unit]

    @property
    def _conditions(self) -> list[Condition]:
        return [*(self.before or ()), *(self.after or ())]


@dataclass(frozen=True)
class Cell:
    """How many of a village go from one verdict to another, and how many of them are of each group."""

    programme_id: int
    village_id: int
    before: str | None
    after: str | None
    is_enrolled: bool
    count: int
    groups: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """One family or person whose verdict differs between the sides."""

    family_id: int
    person_id: int | None
    village_id: int
    before: str | None
    after: str | None
    is_enrolled: bool
    groups: Sequence[str] = ()


@dataclass(frozen=True)
class Facts:
    """Where a side's facts stand: a temporary table and the facts its columns f0, f1 ... hold."""

    table: str
    facts: tuple[Fact, ...]


def list_area(*, subdistrict_id: int, village_id: int | None = None) -> int:
    """Make the list `todo`: every family of a sub-district, or of one village of it."""
    village = "AND v.id = %(village)s" if village_id else ""
    return fill(
        "todo",
        "family_id bigint, village_id int",
        "SELECT f.id, f.village_id FROM recipients_family f JOIN recipients_region v ON v.id = f.village_id "
        f"WHERE v.parent_id = %(subdistrict)s {village}",
        {"subdistrict": subdistrict_id, "village": village_id},
    )


def read_facts(
    pairings: Sequence[Pairing], unit: str, *, as_of: date, release_id: int | None, table: str = "facts"
) -> Facts:
    """The facts of everyone on the list `todo` that the pairings of this unit ask for."""
    facts = tuple(dict.fromkeys(fact for one in pairings if one.unit == unit for fact in one.facts))
    facts_of_everyone(table, unit, facts, as_of=as_of, release_id=release_id or 0)
    return Facts(table, facts)


def count_changes(pairing: Pairing, before: Facts, after: Facts) -> Iterator[Cell]:
    """Everyone on the list, counted by village, the two verdicts, and whether they are enrolled."""
    judged, params = _judged(pairing, before, after)
    names = pairing.groups
    counts = "".join(f", count(*) FILTER (WHERE g{at})" for at in range(len(names)))
    rows = db.fetch(
        f"SELECT village_id, before, after, is_enrolled, count(*){counts} FROM ({judged}) j GROUP BY 1, 2, 3, 4",
        params,
    )
    for village_id, was, becomes, is_enrolled, count, *counted in rows:
        groups = dict(zip(names, counted, strict=True))
        yield Cell(pairing.programme_id, village_id, was, becomes, is_enrolled, count, groups)


def list_changed(
    pairing: Pairing, before: Facts, after: Facts, *, narrowed: str = "all", group: str = ""
) -> list[Changed]:
    """Those on the list whose verdict differs, in the order of their village; `narrowed` is a key of NARROWED."""
    judged, params = _judged(pairing, before, after)
    names = pairing.groups
    told = ", ".join(f"CASE WHEN g{at} THEN '{name}' END" for at, name in enumerate(names))
    of_group = f"AND g{names.index(group)}" if group else ""
    rows = db.fetch(
        f"SELECT family_id, person_id, village_id, before, after, is_enrolled, array_remove(ARRAY[{told}], NULL) "
        f"FROM ({judged}) j WHERE before IS DISTINCT FROM after AND {NARROWED[narrowed]} {of_group} "
        f"ORDER BY village_id, family_id, person_id",
        params,
    )
    return [Changed(*row) for row in rows]


_WAS, _BECOMES = f"before IS NOT DISTINCT FROM '{ELIGIBLE}'", f"after IS NOT DISTINCT FROM '{ELIGIBLE}'"
NARROWED = {
    "all": "true",
    "gains": f"{_BECOMES} AND NOT {_WAS}",
    "losses": f"{_WAS} AND NOT {_BECOMES}",
    "enrolled_losses": f"is_enrolled AND {_WAS} AND NOT {_BECOMES}",
}


def _judged(pairing: Pairing, before: Facts, after: Facts) -> tuple[str, dict[str, Any]]:
    """One row per subject: family_id, person_id, village_id, before, after, is_enrolled, and its groups g0, g1 ..."""
    was, params = _verdict(pairing.before, before, "before_")
    becomes, more = _verdict(pairing.after, after, "after_")
    if before == after:
        sides = f"(SELECT f.*, {was} AS before, {becomes} AS after FROM {after.table} f) f"
    else:
        sides = _joined(pairing.unit, was, becomes, before, after)
    groups = "".join(f", {test} AS g{at}" for at, test in enumerate(pairing.tests(after.facts)))
    key = "e.family_id = f.family_id AND e.person_id IS NULL"
    if pairing.unit == PERSON:
        key = "e.person_id = f.person_id"
    return (
        f"SELECT f.family_id, f.person_id, t.village_id, f.before, f.after, e.id IS NOT NULL AS is_enrolled{groups} "
        f"FROM {sides} JOIN todo t ON t.family_id = f.family_id LEFT JOIN recipients_enrolment e "
        f"ON {key} AND e.programme_id = {pairing.programme_id:d} AND e.state IN ({_ENROLLED})",
        params | more,
    )


def _joined(unit: str, was: str, becomes: str, before: Facts, after: Facts) -> str:
    """Both states of the facts, subject by subject; who stands in one of them only has no verdict in the other."""
    key = "person_id" if unit == PERSON else "family_id"
    facts = ", ".join(
        f"COALESCE(a.{name}, b.{name}) AS {name}" for name in map(column, range(len(after.facts)))
    )
    return (
        "(SELECT COALESCE(a.family_id, b.family_id) AS family_id, COALESCE(a.person_id, b.person_id) AS person_id, "
        f"{facts}, b.verdict AS before, a.verdict AS after "
        f"FROM (SELECT f.*, {was} AS verdict FROM {before.table} f) b "
        f"FULL JOIN (SELECT f.*, {becomes} AS verdict FROM {after.table} f) a ON a.{key} = b.{key}) f"
    )


def _verdict(conditions: Sequence[Condition] | None, facts: Facts, side: str) -> tuple[str, dict[str, Any]]:
    """The verdict as SQL, with its parameters under names of this side's own."""
    if conditions is None:
        return "NULL::text", {}
    text, params = verdict_of(conditions, facts)
    for name in params:
        text = text.replace(f"%({name})s", f"%({side}{name})s")
    return text, {f"{side}{name}": value for name, value in params.items()}


def verdict_of(conditions: Sequence[Condition], facts: Facts) -> tuple[str, dict[str, Any]]:
    reading = RuleSetSql(conditions, facts.facts)
    return reading.verdict, reading.params
