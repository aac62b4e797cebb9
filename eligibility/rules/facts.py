"""What may be asked of a subject: a closed list of names, each a small whole number or unknown.

Facts about members are counts with three answers: somebody is known to be so (how many), nobody is (0), or nobody is
known to be so but of somebody it is not known (None). So a blank cell is never a refusal. Codes are the code book's
(domain.md 3.3). The SQL reading of each name stands in engine/facts.py; one test feeds both the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

FAMILY = "FAMILY"
PERSON = "PERSON"
FAMILY_FILE = "DTSEN_KELUARGA"
MEMBER_FILE = "DTSEN_ANGGOTA"
FLAGS = "TANDA"
LISTS = "DAFTAR_PENERIMA"
HAND = "KEPUTUSAN_DAERAH"
AT_SCHOOL = 2
HEAD, CHILD = 1, 3
MALE, FEMALE = 1, 2
ALLEGED, CONFIRMED = 1, 2
MOST_KINDS, MOST_PROGRAMMES = 9, 14  # as many digits as a smallint holds: 3 ** 9, 2 ** 14

Facts = Mapping["Fact", int | None]


class RuleError(ValueError):
    """A rule set that does not resolve; the text, Indonesian for screens show it, names place, value and what to do."""


@dataclass(frozen=True)
class FactName:
    """`takes`: the parameters a rule set must give: age (years), or age and age_to, codes (of the code book), kinds
    (of flags), programmes, or none."""

    units: tuple[str, ...]
    source: str
    takes: tuple[str, ...] = ()


HOUSING = (
    "power", "home_ownership", "floor_area", "floor_type", "wall_type", "roof_type", "water_source", "lighting_source",
    "cooking_fuel", "toilet", "closet", "sewage", "member_count",
)  # fmt: skip
ASSETS = (
    "asset_fridge", "asset_air_conditioner", "asset_water_heater", "asset_flat_tv", "asset_gold", "asset_computer",
    "asset_motorcycle", "asset_car", "asset_boat", "asset_motorboat", "asset_other_land", "asset_other_house",
)  # fmt: skip
_BOTH = (FAMILY, PERSON)

NAMES: dict[str, FactName] = {
    "decile": FactName(_BOTH, FAMILY_FILE),
    **{name: FactName(_BOTH, FAMILY_FILE) for name in (*HOUSING, *ASSETS)},
    "age": FactName((PERSON,), MEMBER_FILE),
    "national_pbi": FactName((PERSON,), MEMBER_FILE),
    "members": FactName((FAMILY,), MEMBER_FILE),
    "members_aged_up_to": FactName((FAMILY,), MEMBER_FILE, ("age",)),
    "members_aged_from": FactName((FAMILY,), MEMBER_FILE, ("age",)),
    "members_aged_between": FactName((FAMILY,), MEMBER_FILE, ("age", "age_to")),
    "members_at_school": FactName((FAMILY,), MEMBER_FILE, ("codes",)),
    "members_with_disability": FactName((FAMILY,), MEMBER_FILE),
    "members_female_head": FactName((FAMILY,), MEMBER_FILE),
    "members_employed_as": FactName((FAMILY,), MEMBER_FILE, ("codes",)),
    "flags": FactName(_BOTH, FLAGS, ("kinds",)),
    "enrolled": FactName(_BOTH, LISTS, ("programmes",)),
    "years_enrolled": FactName(_BOTH, LISTS, ("programmes",)),
    "by_hand": FactName(_BOTH, HAND, ("programmes",)),
}
# Told by lists and by the office, beside the registry: known of everybody, and not part of a release.
BESIDE = ("flags", "enrolled", "years_enrolled", "by_hand")


@dataclass(frozen=True)
class Fact:
    """A name with its parameter, as a rule set asks for it.

    `subject` says of whom flags and lists speak: the person alone, or the whole family. `enough`: a count of members
    is told from there on even where more members might be so but are unknown; below it only where all are known.
    `age` to `age_to`: completed years, both included.
    """

    name: str
    age: int | None = None
    age_to: int | None = None
    codes: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    subject: str = ""
    enough: int = 1

    @property
    def source(self) -> str:
        return NAMES[self.name].source

    @property
    def ages(self) -> list[int] | None:
        """From which age to which, where a fact names both."""
        return None if self.age is None or self.age_to is None else [self.age, self.age_to]

    @property
    def is_of_members(self) -> bool:
        return self.name in MEMBER_TESTS

    @property
    def is_beside(self) -> bool:
        return self.name in BESIDE


@dataclass(frozen=True)
class Member:
    """A standing member as the member file has them."""

    birth_date: date | None = None
    school_participation: int | None = None
    school_level: int | None = None
    employment: int | None = None
    has_disability: bool | None = None
    national_pbi: int | None = None
    sex: int | None = None
    relation: int | None = None


@dataclass(frozen=True)
class Records:
    """What lists and the office say of a family or of a person: flags by kind (1 alleged, 2 confirmed), programmes
    they are on the list of (completed years), and what was decided by hand for a programme (1 eligible, 2 not)."""

    flags: Mapping[str, int] = field(default_factory=dict)
    enrolled: Mapping[str, int] = field(default_factory=dict)
    by_hand: Mapping[str, int] = field(default_factory=dict)


NO_RECORDS = Records()


def digits(value: int, base: int, count: int) -> list[int]:
    """The lowest `count` digits, the lowest first."""
    found = []
    for _at in range(count):
        value, digit = divmod(value, base)
        found.append(digit)
    return found


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


def _aged_between(fact: Fact, member: Member, as_of: date) -> bool | None:
    years = completed_years(member.birth_date, as_of)
    return None if years is None else (fact.age or 0) <= years <= (fact.age_to or 0)


def _at_school(fact: Fact, member: Member, _as_of: date) -> bool | None:
    if member.school_participation != AT_SCHOOL:
        return None if member.school_participation is None else False
    return None if member.school_level is None else member.school_level in fact.codes


def _with_disability(_fact: Fact, member: Member, _as_of: date) -> bool | None:
    return member.has_disability


def _female_head(_fact: Fact, member: Member, _as_of: date) -> bool | None:
    """Either answer that is known and other settles it: a man is no female head whatever his place in the family."""
    answers = (
        None if member.relation is None else member.relation == HEAD,
        None if member.sex is None else member.sex == FEMALE,
    )
    return False if False in answers else None if None in answers else True


def _employed_as(fact: Fact, member: Member, _as_of: date) -> bool | None:
    return None if member.employment is None else member.employment in fact.codes


def _is_member(_fact: Fact, _member: Member, _as_of: date) -> bool | None:
    return True


MEMBER_TESTS: dict[str, Callable[[Fact, Member, date], bool | None]] = {
    "members": _is_member,
    "members_aged_up_to": _aged_up_to,
    "members_aged_from": _aged_from,
    "members_aged_between": _aged_between,
    "members_at_school": _at_school,
    "members_with_disability": _with_disability,
    "members_female_head": _female_head,
    "members_employed_as": _employed_as,
}


def count_members(fact: Fact, members: Sequence[Member], as_of: date) -> int | None:
    """How many; None where that cannot be told (no members known, or too few and an unknown one among them)."""
    answers = [MEMBER_TESTS[fact.name](fact, member, as_of) for member in members]
    known = answers.count(True)
    return known if known >= fact.enough or (answers and None not in answers) else None


def completed_years(born: date | None, as_of: date) -> int | None:
    if born is None or born > as_of:
        return None
    return as_of.year - born.year - ((as_of.month, as_of.day) < (born.month, born.day))


def read_beside(fact: Fact, records: Records) -> int | None:
    """Flags and lists are known of everybody: what is not noted is not there."""
    if fact.name == "flags":
        return _number((records.flags.get(kind, 0) for kind in fact.kinds), 3)
    if fact.name == "enrolled":
        return _number((int(code in records.enrolled) for code in fact.programmes), 2)
    if fact.name == "years_enrolled":
        return max((records.enrolled.get(code, 0) for code in fact.programmes), default=0)
    return records.by_hand.get(fact.programmes[0])


def _number(values: Iterable[int], base: int) -> int:
    total, weight = 0, 1
    for value in values:
        total, weight = total + value * weight, weight * base
    return total


def read_family(
    wanted: Iterable[Fact],
    *,
    snapshot: Mapping[str, Any],
    members: Sequence[Member],
    as_of: date,
    records: Records = NO_RECORDS,
) -> dict[Fact, int | None]:
    """The facts of a family; `snapshot` is empty where the release does not name it."""

    def read(fact: Fact) -> int | None:
        if fact.is_beside:
            return read_beside(fact, records)
        if fact.is_of_members:
            return count_members(fact, members, as_of)
        value: int | None = snapshot.get(fact.name)
        return value

    return {fact: read(fact) for fact in wanted}


def read_person(
    wanted: Iterable[Fact],
    *,
    snapshot: Mapping[str, Any],
    member: Member | None,
    as_of: date,
    records: Records = NO_RECORDS,
    of_family: Records = NO_RECORDS,
) -> dict[Fact, int | None]:
    """The facts of a person: the family's decile is theirs while the release names them in it."""

    def read(fact: Fact) -> int | None:
        if fact.is_beside:
            return read_beside(fact, of_family if fact.subject == FAMILY else records)
        if member is None:
            return None
        if fact.name == "age":
            return completed_years(member.birth_date, as_of)
        value: int | None = member.national_pbi if fact.name == "national_pbi" else snapshot.get(fact.name)
        return value

    return {fact: read(fact) for fact in wanted}
