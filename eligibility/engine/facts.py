"""The facts of everyone on the list `todo`, as one SELECT per unit: columns f0, f1 ... in the order asked.

The Python reading of the same names is rules/facts.py. Codes and dates travel as parameters. A row stands at a
release when it began by then and had not ended; `max(id)` lets the planner skip ended rows where that release is the
newest, which is every night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bansos.common import db
from eligibility.engine import beside, corrections
from eligibility.engine.columns import LISTED, OLDER_RELEASE, column, published
from eligibility.engine.temporary import fill
from eligibility.rules.facts import AT_SCHOOL, FAMILY, FEMALE, HEAD, PERSON, Fact, years_before

_PUBLISHED = f"EXISTS (SELECT FROM recipients_person p WHERE p.id = m.person_id AND {published('p')})"
_MEMBER_COLUMNS = (
    "person_id, family_id, birth_date, school_participation, school_level, employment, has_disability, "
    "sex, relation"
)
_OF_PERSON = {
    "age": "CASE WHEN {0}.birth_date <= %(as_of)s THEN date_part('year', age(%(as_of)s, {0}.birth_date)) END",
    "national_pbi": "{0}.national_pbi",
}


@dataclass(frozen=True)
class Query:
    """SQL text and the values of its named parameters."""

    text: str
    params: dict[str, Any]


def _standing(table: str, columns: str) -> str:
    """The rows of families on the list that stand at the release, as corrected by the district."""
    listed, corrected = corrections.columns(columns), corrections.join(table, columns)
    begun = f"r.family_id = {LISTED} AND r.from_release_id <= %(release)s"
    source = f"SELECT {listed} FROM {table} r{corrected} WHERE {begun}"
    return (
        f"{source} AND r.until_release_id IS NULL "
        f"UNION ALL {source} AND r.until_release_id > %(release)s AND {OLDER_RELEASE}"
    )


def _is_so(fact: Fact, at: int) -> str:
    """The member test as SQL: true, false or null."""
    value = f"%(f{at})s"
    return {
        "members": "true",
        "members_aged_up_to": f"CASE WHEN m.birth_date <= %(as_of)s THEN m.birth_date > {value} END",
        "members_aged_from": f"CASE WHEN m.birth_date <= %(as_of)s THEN m.birth_date <= {value} END",
        "members_aged_between": (
            "CASE WHEN m.birth_date <= %(as_of)s "
            f"THEN m.birth_date > ({value}::date[])[1] AND m.birth_date <= ({value}::date[])[2] END"
        ),
        "members_at_school": (
            f"CASE WHEN m.school_participation = {AT_SCHOOL} THEN m.school_level = ANY({value}) "
            "WHEN m.school_participation IS NOT NULL THEN false END"
        ),
        "members_with_disability": "m.has_disability",
        "members_female_head": f"m.relation = {HEAD} AND m.sex = {FEMALE}",
        "members_employed_as": f"m.employment = ANY({value})",
    }[fact.name]


def _value(fact: Fact, as_of: date) -> Any:
    """What the member test compares with: a day for an age, two for ages from one to another, else the codes."""
    if fact.name == "members_aged_up_to":
        return years_before(as_of, (fact.age or 0) + 1)
    if fact.name == "members_aged_from":
        return years_before(as_of, fact.age or 0)
    if fact.ages:
        youngest, oldest = fact.ages
        return [years_before(as_of, oldest + 1), years_before(as_of, youngest)]
    return list(fact.codes)


def _count(fact: Fact, at: int) -> str:
    """How many; null where fewer than `enough` are known to be so and of somebody it is not known."""
    test = _is_so(fact, at)
    known = f"count(*) FILTER (WHERE {test})"
    is_told = f"{known} >= {fact.enough:d} OR count({test}) = count(*)"
    return f"CASE WHEN {is_told} THEN {known} END::smallint AS {column(at)}"


def facts_of_everyone(
    table: str,
    unit: str,
    facts: Sequence[Fact],
    *,
    as_of: date,
    release_id: int,
    flags_of: int | None = None,
) -> int:
    """A fresh temporary table with a row of facts for everyone on the list `todo`; how many they are.

    `flags_of`: the run whose copy of the flags is read, None for the flags as they are.
    """
    query = facts_query(unit, facts, as_of=as_of, release_id=release_id, flags_of=flags_of)
    columns = [
        "family_id bigint",
        "person_id bigint",
        *(f"{column(at)} smallint" for at in range(len(facts))),
    ]
    with db.joined_by_hash():
        return fill(table, ", ".join(columns), query.text, query.params)


def facts_query(
    unit: str, facts: Sequence[Fact], *, as_of: date, release_id: int, flags_of: int | None = None
) -> Query:
    """One row per subject: family_id, person_id (null for a family), then the facts."""
    placed = list(enumerate(facts))
    values = {f"f{at}": _value(fact, as_of) for at, fact in placed if not fact.is_beside}
    values |= {name: value for at, fact in placed for name, value in beside.values(fact, at).items()}
    text = beside.preface(facts) + (_family_facts(facts) if unit == FAMILY else _person_facts(facts))
    return Query(text, {"as_of": as_of, "release": release_id, "flags_of": flags_of, **values})


def members_query(tests: Sequence[Fact], *, as_of: date, release_id: int) -> Query:
    """One row per standing member of the list: family_id, then each test as true, false or null (f0, f1 ...)."""
    told = ", ".join(f"{_is_so(fact, at)} AS {column(at)}" for at, fact in enumerate(tests))
    members = _standing("recipients_familymembership", _MEMBER_COLUMNS)
    values = {f"f{at}": _value(fact, as_of) for at, fact in enumerate(tests)}
    text = f"SELECT m.family_id, {told} FROM ({members}) m"
    return Query(text, {"as_of": as_of, "release": release_id, **values})


def _family_facts(facts: Sequence[Fact]) -> str:
    own = [fact.name for fact in facts if not fact.is_of_members and not fact.is_beside]
    counted = {at: fact for at, fact in enumerate(facts) if fact.is_of_members}
    joins = ""
    if own:
        names = ", ".join(dict.fromkeys(["family_id", *own]))
        joins += (
            f" LEFT JOIN ({_standing('recipients_welfaresnapshot', names)}) s ON s.family_id = t.family_id"
        )
    if counted:
        counts = ", ".join(_count(fact, at) for at, fact in counted.items())
        members = _standing("recipients_familymembership", _MEMBER_COLUMNS)
        joins += (
            f" LEFT JOIN (SELECT m.family_id, {counts} FROM ({members}) m GROUP BY m.family_id) a "
            "ON a.family_id = t.family_id"
        )
    joins += beside.joins(facts, FAMILY, "t.family_id", "NULL")
    wanted = [_of_family(fact, at) for at, fact in enumerate(facts)]
    return f"SELECT t.family_id, NULL::bigint AS person_id, {', '.join(wanted)} FROM todo t{joins}"


def _of_family(fact: Fact, at: int) -> str:
    if fact.is_beside:
        return beside.value(fact, FAMILY, at)
    return f"a.{column(at)}" if fact.is_of_members else f"s.{fact.name} AS {column(at)}"


def _person_facts(facts: Sequence[Fact]) -> str:
    """The standing members, and those whom the release names no more: they stay with their last family, unranked."""
    wanted = ", ".join(_of_person(fact, at) for at, fact in enumerate(facts))
    own = [fact.name for fact in facts if not fact.is_beside and fact.name not in _OF_PERSON]
    snapshots = _standing("recipients_welfaresnapshot", ", ".join(dict.fromkeys(["family_id", *own])))
    members = _standing("recipients_familymembership", "person_id, family_id, birth_date, national_pbi")
    gone = f"SELECT person_id, family_id, NULL::date, NULL::smallint, false FROM ({_gone()}) g"
    people = f"SELECT m.*, true AS stands FROM ({members}) m UNION ALL {gone}"
    return (
        f"SELECT m.family_id, m.person_id, {wanted} FROM ({people}) m "
        f"LEFT JOIN ({snapshots}) s ON s.family_id = m.family_id AND m.stands"
        + beside.joins(facts, PERSON, "m.family_id", "m.person_id")
    )


def _of_person(fact: Fact, at: int) -> str:
    if fact.is_beside:
        return beside.value(fact, PERSON, at)
    told = _OF_PERSON.get(fact.name, f"s.{fact.name}").format("m")
    return f"{told}::smallint AS {column(at)}"


def _gone() -> str:
    """The last membership of persons without a standing one, where it is of a family on the list.

    Last is the latest begun by the release; for a person known only from later (undone) releases, the first of them.
    A person whom only an unpublished release brought is nobody yet. LIMIT 1: looked up person by person, they are few.
    """
    source = (
        f"SELECT m.person_id, m.family_id FROM recipients_familymembership m WHERE m.family_id = {LISTED}"
    )
    no_later = " AND ".join(
        "(SELECT true FROM recipients_familymembership o WHERE o.person_id = m.person_id "
        f"AND o.until_release_id IS {ended} AND {_order('o')} > {_order('m')} LIMIT 1) IS NULL"
        for ended in ("NULL", "NOT NULL")
    )
    ended = "m.until_release_id IS NOT NULL AND (m.until_release_id <= %(release)s OR m.from_release_id > %(release)s)"
    not_begun = (
        f"m.until_release_id IS NULL AND m.from_release_id > %(release)s AND {OLDER_RELEASE} AND {_PUBLISHED}"
    )
    return f"{source} AND {ended} AND {no_later} UNION ALL {source} AND {not_begun} AND {no_later}"


def _order(alias: str) -> str:
    begun = f"{alias}.from_release_id"
    return f"(CASE WHEN {begun} <= %(release)s THEN {begun} ELSE -{begun} END, {alias}.id)"
