"""Whether a rule set makes sense: conditions that contradict each other, and conditions that nobody could fail.

What a rule set says of a few typical subjects stands in `examples`: a person reads it before approving.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from eligibility.rules.conditions import AtLeast, AtMost, Condition, Equals, InSet, OfOneFact
from eligibility.rules.evaluate import evaluate, facts_of
from eligibility.rules.facts import (
    ASSETS,
    CHILD,
    FAMILY,
    FEMALE,
    HEAD,
    MALE,
    Fact,
    Member,
    read_family,
    read_person,
    years_before,
)
from eligibility.rules.verdict import MET, REFUSES

_RANGES = {"decile": (1, 10), "age": (0, 120), "national_pbi": (1, 2), **dict.fromkeys(ASSETS, (1, 2))}
_HIGHEST = 32767
GROWN = 17  # the age of the first KTP (UU 23/2006)


@dataclass(frozen=True)
class Clash:
    """Conditions over one fact that no value meets together; one code where a condition alone takes nobody."""

    codes: tuple[str, ...]
    fact: str


@dataclass(frozen=True)
class Example:
    """A typical subject, by name, and the verdict the rule gives."""

    name: str
    verdict: str


def clashes(conditions: Sequence[Condition]) -> list[Clash]:
    """Refusing conditions over one fact that leave no value between them."""
    over: dict[Fact, list[OfOneFact]] = {}
    for condition in conditions:
        if isinstance(condition, AtMost | AtLeast | Equals | InSet) and condition.severity == REFUSES:
            over.setdefault(_plain(condition.fact), []).append(condition)
    return [
        Clash(tuple(one.code for one in asked), fact.name)
        for fact, asked in over.items()
        if not any(all(one.is_met(value) for one in asked) for value in _values(fact, asked))
    ]


def vacuous(conditions: Sequence[Condition]) -> list[str]:
    """The codes of conditions that every value meets."""
    return [
        condition.code
        for condition in conditions
        if isinstance(condition, AtMost | AtLeast | Equals | InSet)
        and all(condition.is_met(value) for value in _values(condition.fact, [condition]))
    ]


def idle_without_adults(conditions: Sequence[Condition]) -> list[str]:
    """The codes of conditions about grown members that a family of children meets because nobody is there to fail."""
    return [
        condition.code
        for condition in conditions
        if isinstance(condition, OfOneFact)
        and _is_of_adults(condition.fact)
        and condition.outcome({condition.fact: 0}) == MET
        and condition.outcome({condition.fact: _HIGHEST}) != MET
    ]


def _is_of_adults(fact: Fact) -> bool:
    if fact.name == "members_aged_from":
        return (fact.age or 0) >= GROWN
    if fact.name == "members_aged_between":
        return (fact.age_to or 0) >= GROWN
    return fact.name in ("members_employed_as", "members_female_head")


def _plain(fact: Fact) -> Fact:
    """The fact without how far it is counted, which differs from limit to limit."""
    return replace(fact, enough=1)


def _values(fact: Fact, asked: Sequence[OfOneFact]) -> Iterator[int]:
    """Every value that could make a difference: the limits, their neighbours, and the ends of the range."""
    low, high = _RANGES.get(fact.name, (0, _HIGHEST))
    limits = [
        value for one in asked for value in (one.shown_limit if isinstance(one, InSet) else [one.shown_limit])
    ]
    near = {value + step for value in limits for step in (-1, 0, 1)} | {low, high}
    return iter(sorted(value for value in near if low <= value <= high))


def examples(conditions: Sequence[Condition], unit: str, as_of: date) -> list[Example]:
    """Poor and well off, old and young, without adults, and with nothing known: what the rule says of each."""
    adult = Member(years_before(as_of, 40), 3, 13, 1, False, 2, MALE, HEAD)
    child = Member(years_before(as_of, 4), 1, None, None, False, 2, MALE, CHILD)
    pupil = Member(years_before(as_of, 10), 2, 4, None, False, 2, MALE, CHILD)
    elder = Member(years_before(as_of, 70), 3, 3, 1, False, 2, FEMALE, HEAD)
    unknown = Member()
    poor, well_off = (
        {"decile": 1, "power": 1, "member_count": 3},
        {"decile": 10, "power": 5, "member_count": 3},
    )
    cases: dict[str, tuple[dict[str, int], list[Member]]] = {
        "poor_with_child": (poor, [adult, child]),
        "poor_with_pupil": (poor, [adult, pupil]),
        "poor_elder": (poor, [elder]),
        "poor_adults": (poor, [adult]),
        "poor_without_adults": (poor, [child]),
        "poor_without_members": (poor, []),
        "well_off": (well_off, [adult, child]),
        "nothing_known": ({}, [unknown]),
    }
    return [
        Example(name, _judge(conditions, unit, snapshot, members, as_of))
        for name, (snapshot, members) in cases.items()
        if unit == FAMILY or members
    ]


def _judge(
    conditions: Sequence[Condition], unit: str, snapshot: dict[str, int], members: list[Member], as_of: date
) -> str:
    wanted = facts_of(conditions)
    if unit == FAMILY:
        facts = read_family(wanted, snapshot=snapshot, members=members, as_of=as_of)
    else:
        facts = read_person(wanted, snapshot=snapshot, member=members[-1], as_of=as_of)
    return evaluate(conditions, facts).verdict
