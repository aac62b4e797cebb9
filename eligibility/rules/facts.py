"""What may be asked of a subject: a closed list of names, each a whole number or unknown.

Facts about members are counts with three answers: somebody is known to be so (how many), nobody is (0), or nobody is
known to be so but of somebody it is not known (None). So a blank cell is never a refusal. Codes are the code book's
(domain.md 3.3). The SQL reading of each name stands in engine/facts.py; one test feeds both the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

FAMILY = "FAMILY"
PERSON = "PERSON"
FAMILY_FILE = "DTSEN_KELUARGA"
MEMBER_FILE = "DTSEN_ANGGOTA"
AT_SCHOOL = 2

Facts = Mapping["Fact", int | None]


class RuleError(ValueError):
    """A rule set that does not resolve; the text names the place and what to do."""


@dataclass(frozen=True)
class FactName:
    units: tuple[str, ...]
    source: str
    takes: str = (
        ""  # the parameter a rule set must give: "", "age" (years) or "codes" (a list of code-book codes)
    )


NAMES: dict[str, FactName] = {
    "decile": FactName((FAMILY, PERSON), FAMILY_FILE),
    "power": FactName((FAMILY, PERSON), FAMILY_FILE),
    "age": FactName((PERSON,), MEMBER_FILE),
    "members_aged_up_to": FactName((FAMILY,), MEMBER_FILE, "age"),
    "members_aged_from": FactName((FAMILY,), MEMBER_FILE, "age"),
    "members_at_school": FactName((FAMILY,), MEMBER_FILE, "codes"),
    "members_with_disability": FactName((FAMILY,), MEMBER_FILE),
    "members_employed_as": FactName((FAMILY,), MEMBER_FILE, "codes"),
}


@dataclass(frozen=True)
class Fact:
    """A name with its parameter, as a rule set asks for it."""

    name: str
    age: int | None = None
    codes: tuple[int, ...] = ()

    @property
    def source(self) -> str:
        return NAMES[self.name].source

    @property
    def is_of_members(self) -> bool:
        return self.name.startswith("members_")


@dataclass(frozen=True)
class Member:
    """A standing member as the member file has them."""

    birth_date: date | None = None
    school_participation: int | None = None
    school_level: int | None = None
    employment: int | None = None
    has_disability: bool | None = None


def years_before(day: date, years: int) -> date:
    """The same calendar day earlier; 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _aged_up_to(fact: Fact, member: Member, as_of: date) -> bool | None:
    if member.birth_date is None or member.birth_date > as_of:
        return None
    return member.birth_date > years_before(as_of, (fact.age or 0) + 1)


def _aged_from(fact: Fact, member: Member, as_of: date) -> bool | None:
    if member.birth_date is None or member.birth_date > as_of:
        return None
    return member.birth_date <= years_before(as_of, fact.age or 0)


def _at_school(fact: Fact, member: Member, _as_of: date) -> bool | None:
    if member.school_participation != AT_SCHOOL:
        return None if member.school_participation is None else False
    return None if member.school_level is None else member.school_level in fact.codes


def _with_disability(_fact: Fact, member: Member, _as_of: date) -> bool | None:
    return member.has_disability


def _employed_as(fact: Fact, member: Member, _as_of: date) -> bool | None:
    return None if member.employment is None else member.employment in fact.codes


MEMBER_TESTS: dict[str, Callable[[Fact, Member, date], bool | None]] = {
    "members_aged_up_to": _aged_up_to,
    "members_aged_from": _aged_from,
    "members_at_school": _at_school,
    "members_with_disability": _with_disability,
    "members_employed_as": _employed_as,
}


def count_members(fact: Fact, members: Sequence[Member], as_of: date) -> int | None:
    """How many; None where it cannot be ruled out (no members known, or an unknown one among them)."""
    answers = [MEMBER_TESTS[fact.name](fact, member, as_of) for member in members]
    known = answers.count(True)
    return known if known or (answers and None not in answers) else None


def completed_years(born: date | None, as_of: date) -> int | None:
    if born is None or born > as_of:
        return None
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))


def read_family(
    wanted: Iterable[Fact], *, snapshot: Mapping[str, Any], members: Sequence[Member], as_of: date
) -> dict[Fact, int | None]:
    """The facts of a family; `snapshot` is empty where the release does not name it."""
    return {
        fact: count_members(fact, members, as_of) if fact.is_of_members else snapshot.get(fact.name)
        for fact in wanted
    }


def read_person(
    wanted: Iterable[Fact], *, snapshot: Mapping[str, Any], member: Member | None, as_of: date
) -> dict[Fact, int | None]:
    """The facts of a person: the family's decile is theirs while the release names them in it."""
    if member is None:
        return dict.fromkeys(wanted)
    return {
        fact: completed_years(member.birth_date, as_of) if fact.name == "age" else snapshot.get(fact.name)
        for fact in wanted
    }
