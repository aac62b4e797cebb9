"""Facts beside the registry, for everyone on the list `todo`: flags, lists of recipients, decisions by hand.

A run over everyone reads the flags of its start, from the copy it made of them; everything else reads them as they are.
A row about one member touches that person, and the family they stand in; a row about a family touches the family. Each
table is read once and aggregated once a subject; whoever has no row has none of it, which is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bansos.common import db
from eligibility.engine.columns import LISTED, OLDER_RELEASE, column
from eligibility.rules.facts import FAMILY, Fact

_LEVEL = "CASE r.status WHEN 'CONFIRMED' THEN 2 ELSE 1 END"
_YEARS = "date_part('year', age(%(as_of)s, r.since))"
_BY_HAND = "CASE r.verdict WHEN 'ELIGIBLE' THEN 1 WHEN 'INELIGIBLE' THEN 2 END"


@dataclass(frozen=True)
class _Table:
    """Where rows stand, which of them hold on the day, and what of each is read: a word and a number."""

    name: str
    holds: str
    word: str
    number: str


_FLAG = "family_id, person_id, kind, status"
_HOLDING = (
    f"SELECT {_FLAG} FROM recipients_externalflag WHERE status <> 'REFUTED' AND observed_on <= %(as_of)s "
    "AND (valid_until IS NULL OR valid_until >= %(as_of)s)"
)
_PINNED = f"SELECT {_FLAG} FROM eligibility_pinnedflag WHERE run_id = %(flags_of)s"
_TABLES = {
    "flags": _Table(  # `flags_of` is a constant of the statement: one half is never read
        f"({_HOLDING} AND %(flags_of)s IS NULL UNION ALL {_PINNED})", "true", "r.kind", _LEVEL
    ),
    "enrolled": _Table(
        "(SELECT e.*, p.code FROM recipients_enrolment e JOIN recipients_programme p ON p.id = e.programme_id)",
        "r.state IN ('ENROLLED', 'ACTIVE', 'SUSPENDED') AND r.since <= %(as_of)s",
        "r.code",
        _YEARS,
    ),
    "by_hand": _Table(
        "(SELECT h.*, p.code FROM eligibility_handdecision h JOIN recipients_programme p ON p.id = h.programme_id)",
        "r.state IN ('APPROVED', 'ENDED') AND r.starts_on <= %(as_of)s AND r.ends_on >= %(as_of)s "
        "AND (r.ended_on IS NULL OR r.ended_on > %(as_of)s)",
        "r.code",
        _BY_HAND,
    ),
}


def pin_flags(*, run_id: int, as_of: date) -> None:
    """Copy the flags that hold on the day, all as of one moment, for the shards of a run."""
    db.run(
        f"INSERT INTO eligibility_pinnedflag (run_id, {_FLAG}) SELECT %(run)s, {_FLAG} FROM ({_HOLDING}) r",
        {"run": run_id, "as_of": as_of},
    )


def _table_of(fact: Fact) -> str:
    return "enrolled" if fact.name == "years_enrolled" else fact.name


def _alias(fact: Fact, unit: str) -> str:
    return f"{_table_of(fact)}_{'family' if FAMILY in (unit, fact.subject) else 'person'}"


def values(fact: Fact, at: int) -> dict[str, Any]:
    """The words a fact asks for, as parameters."""
    if not fact.is_beside:
        return {}
    return {f"f{at}_{n}": word for n, word in enumerate(fact.kinds or fact.programmes)}


def value(fact: Fact, unit: str, at: int) -> str:
    """The column of the outer query: nothing noted is 0, but no decision by hand is none."""
    told = f"{_alias(fact, unit)}.{column(at)}"
    return f"{told} AS {column(at)}" if fact.name == "by_hand" else f"coalesce({told}, 0) AS {column(at)}"


# Whoever stands, or once stood, in a family on the list (two halves, for each has its index): rows about them are
# looked up by index, so that a sub-district costs the same however many people the registry has.
_MEMBERS = (
    f"SELECT person_id FROM recipients_familymembership WHERE family_id = {LISTED} AND until_release_id IS"
)
_LISTED_PEOPLE = (
    "WITH listed_people AS MATERIALIZED "
    f"(SELECT ARRAY({_MEMBERS} NULL UNION ALL {_MEMBERS} NOT NULL) AS ids) "
)
_ABOUT_THEM = "r.person_id = ANY((SELECT ids FROM listed_people)::bigint[])"


def preface(facts: Sequence[Fact]) -> str:
    """What the query that has these joins begins with."""
    return _LISTED_PEOPLE if any(fact.is_beside for fact in facts) else ""


def joins(facts: Sequence[Fact], unit: str, family: str, person: str) -> str:
    """One LEFT JOIN a table and subject; `family` and `person` are the outer query's keys."""
    grouped: dict[str, list[tuple[int, Fact]]] = {}
    for at, fact in enumerate(facts):
        if fact.is_beside:
            grouped.setdefault(_alias(fact, unit), []).append((at, fact))
    return "".join(_join(alias, asked, family, person) for alias, asked in grouped.items())


def _join(alias: str, asked: Sequence[tuple[int, Fact]], family: str, person: str) -> str:
    table = _TABLES[_table_of(asked[0][1])]
    is_of_family = alias.endswith("_family")
    rows = _rows_of_families(table) if is_of_family else _rows_of_persons(table)
    columns = ", ".join(f"({_aggregate(fact, at)})::smallint AS {column(at)}" for at, fact in asked)
    return (
        f" LEFT JOIN (SELECT x.subject, {columns} FROM ({rows}) x GROUP BY x.subject) {alias} "
        f"ON {alias}.subject = {family if is_of_family else person}"
    )


def _aggregate(fact: Fact, at: int) -> str:
    words = [f"%(f{at}_{n})s" for n in range(len(fact.kinds or fact.programmes))]
    if fact.name == "by_hand":
        return f"max(x.number) FILTER (WHERE x.word = {words[0]})"
    if fact.name == "years_enrolled":
        return f"max(x.number) FILTER (WHERE x.word IN ({', '.join(words)}))"
    base, digit = (3, "x.number") if fact.name == "flags" else (2, "1")
    return " + ".join(
        f"{base**n} * coalesce(max({digit}) FILTER (WHERE x.word = {word}), 0)"
        for n, word in enumerate(words)
    )


def _rows_of_families(table: _Table) -> str:
    """Rows about a family on the list, and about somebody who stands in it at the release."""
    told = f"{table.word} AS word, {table.number} AS number"
    begun = "m.from_release_id <= %(release)s"
    of_members = (
        f"SELECT m.family_id, {told} FROM {table.name} r "
        "JOIN recipients_familymembership m ON m.person_id = r.person_id "
        f"WHERE m.family_id = {LISTED} AND {_ABOUT_THEM} AND {table.holds} AND {begun}"
    )
    return (
        f"SELECT r.family_id AS subject, {told} FROM {table.name} r "
        f"WHERE r.family_id = {LISTED} AND r.person_id IS NULL AND {table.holds} "
        f"UNION ALL {of_members} AND m.until_release_id IS NULL "
        f"UNION ALL {of_members} AND m.until_release_id > %(release)s AND {OLDER_RELEASE}"
    )


def _rows_of_persons(table: _Table) -> str:
    return (
        f"SELECT r.person_id AS subject, {table.word} AS word, {table.number} AS number FROM {table.name} r "
        f"WHERE {table.holds} AND {_ABOUT_THEM}"
    )
