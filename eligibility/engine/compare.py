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
    """What tells some of the touched apart: a fact from `low` to `high`."""

    fact: Fact
    low: int = 1
    high: int = 32767


# Whatever the rules ask: elders (UU 13/1998: from 60), children under five, disability.
TRAITS: dict[str, dict[str, Mark]] = {
    FAMILY: {
        "elder": Mark(Fact("members_aged_from", age=60)),
        "toddler": Mark(Fact("members_aged_up_to", age=4)),
        "disability": Mark(Fact("members_with_disability")),
    },
    PERSON: {"elder": Mark(Fact("age"), 60), "toddler": Mark(Fact("age"), 0, 4)},
}
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
        marked = [mark.fact for mark in TRAITS[self.unit].values()]
        return tuple(dict.fromkeys([*facts_of(self._conditions), *marked]))

    @property
    def marks(self) -> dict[str, Mark]:
        """The components of the rules and the traits of the unit, by name; a component that is a trait counts once."""
        components = {
            component.name: Mark(component.fact)
            for condition in self._conditions
            if isinstance(condition, SomeOf)
            for component in condition.components
        }
        known = set(components.values())
        return components | {name: mark for name, mark in TRAITS[self.unit].items() if mark not in known}

    @property
    def _conditions(self) -> list[Condition]:
        return [*(self.before or ()), *(self.after or ())]


@dataclass(frozen=True)
class Cell:
    """How many of a village go from one verdict to another; `marks` counts those with a component or trait."""

    programme_id: int
    village_id: int
    before: str | None
    after: str | None
    is_enrolled: bool
    count: int
    marks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """One family or person whose verdict differs between the sides."""

    family_id: int
    person_id: int | None
    village_id: int
    before: str | None
    after: str | None
    is_enrolled: bool


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
    names = list(pairing.marks)
    counts = "".join(f", count(*) FILTER (WHERE m{at})" for at in range(len(names)))
    rows = db.fetch(
        f"SELECT village_id, before, after, is_enrolled, count(*){counts} FROM ({judged}) j GROUP BY 1, 2, 3, 4",
        params,
    )
    for village_id, was, becomes, is_enrolled, count, *marked in rows:
        marks = dict(zip(names, marked, strict=True))
        yield Cell(pairing.programme_id, village_id, was, becomes, is_enrolled, count, marks)


def list_changed(pairing: Pairing, before: Facts, after: Facts, *, narrowed: str = "all") -> list[Changed]:
    """Those on the list whose verdict differs, in the order of their village; `narrowed` is a key of NARROWED."""
    judged, params = _judged(pairing, before, after)
    rows = db.fetch(
        "SELECT family_id, person_id, village_id, before, after, is_enrolled "
        f"FROM ({judged}) j WHERE before IS DISTINCT FROM after AND {NARROWED[narrowed]} "
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
    """One row per subject: family_id, person_id, village_id, before, after, is_enrolled, and the marks m0, m1 ..."""
    was, params = _verdict(pairing.before, before, "before_")
    becomes, more = _verdict(pairing.after, after, "after_")
    if before == after:
        sides = f"(SELECT f.*, {was} AS before, {becomes} AS after FROM {after.table} f) f"
    else:
        sides = _joined(pairing.unit, was, becomes, before, after)
    marks = "".join(
        f", ({column(after.facts.index(mark.fact))} BETWEEN {mark.low:d} AND {mark.high:d}) AS m{at}"
        for at, mark in enumerate(pairing.marks.values())
    )
    key = "e.family_id = f.family_id AND e.person_id IS NULL"
    if pairing.unit == PERSON:
        key = "e.person_id = f.person_id"
    return (
        f"SELECT f.family_id, f.person_id, t.village_id, f.before, f.after, e.id IS NOT NULL AS is_enrolled{marks} "
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
