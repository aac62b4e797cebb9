"""The closed vocabulary of conditions. A rule set names kinds, facts and limits; it can carry nothing else.

A new kind goes here and into engine/sql.py; tests/eligibility/test_two_readings.py holds the two equal. What the kinds
of a rule set file are called: rules/parse.py.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from eligibility.rules.facts import ALLEGED, CONFIRMED, Fact, Facts, digits
from eligibility.rules.verdict import (
    ELIGIBLE,
    INELIGIBLE,
    MET,
    REFUSES,
    REVIEWS,
    UNMET,
    UNSURE,
    Finding,
    weigh,
)

BY_HAND = "BY_HAND"
FLAG_LEVELS = {ALLEGED: "ALLEGED", CONFIRMED: "CONFIRMED"}
HAND_VERDICTS = {1: ELIGIBLE, 2: INELIGIBLE}


@dataclass(frozen=True, kw_only=True)
class Condition(ABC):
    """What must be so, how much it weighs, and the code under which its finding is kept."""

    code: str
    severity: str = REFUSES

    @property
    @abstractmethod
    def facts(self) -> tuple[Fact, ...]: ...

    @property
    def shown_limit(self) -> Any:
        """The limit as findings show it."""
        return 0

    @property
    def shown_ages(self) -> list[int] | None:
        """The ages as findings show them, where members are counted from one age to another."""
        return None

    @abstractmethod
    def outcome(self, facts: Facts) -> int: ...

    def seen(self, facts: Facts) -> Any:
        return facts[self.facts[0]]

    def check(self, facts: Facts) -> Finding | None:
        """The finding; None where the condition has nothing to say of this subject."""
        verdict = weigh(self.outcome(facts), self.severity)
        first = self.facts[0]
        return Finding(self.code, verdict, self.seen(facts), self.shown_limit, first.source, self.shown_ages)


@dataclass(frozen=True, kw_only=True)
class OfOneFact(Condition):
    fact: Fact

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    @property
    def shown_ages(self) -> list[int] | None:
        return self.fact.ages

    def outcome(self, facts: Facts) -> int:
        seen = facts[self.fact]
        return UNSURE if seen is None else MET if self.is_met(seen) else UNMET

    @abstractmethod
    def is_met(self, seen: int) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Limited(OfOneFact):
    limit: int

    @property
    def shown_limit(self) -> int:
        return self.limit


@dataclass(frozen=True, kw_only=True)
class AtMost(Limited):
    """The fact is at most the limit."""

    def is_met(self, seen: int) -> bool:
        return seen <= self.limit


@dataclass(frozen=True, kw_only=True)
class AtLeast(Limited):
    """The fact is at least the limit."""

    def is_met(self, seen: int) -> bool:
        return seen >= self.limit


@dataclass(frozen=True, kw_only=True)
class Equals(Limited):
    """The fact is just this."""

    def is_met(self, seen: int) -> bool:
        return seen == self.limit


@dataclass(frozen=True, kw_only=True)
class InSet(OfOneFact):
    """The fact is one of these."""

    limit: tuple[int, ...]

    @property
    def shown_limit(self) -> list[int]:
        return list(self.limit)

    def is_met(self, seen: int) -> bool:
        return seen in self.limit


@dataclass(frozen=True)
class Component:
    """One of the things a family may have, under the name the finding shows."""

    name: str
    fact: Fact


@dataclass(frozen=True, kw_only=True)
class SomeOf(Condition):
    """At least one component is there; unmet only where each of them is known to be absent."""

    components: tuple[Component, ...]

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(component.fact for component in self.components)

    @property
    def shown_limit(self) -> int:
        return 1

    def outcome(self, facts: Facts) -> int:
        counts = [facts[fact] for fact in self.facts]
        if any(count is not None and count > 0 for count in counts):
            return MET
        return UNSURE if None in counts else UNMET

    def seen(self, facts: Facts) -> dict[str, int | None]:
        return {component.name: facts[component.fact] for component in self.components}


@dataclass(frozen=True, kw_only=True)
class NoLead(OfOneFact):
    """Nothing on record that a person should look at first. A lead is not a verdict: it never refuses, and what
    nobody has recorded is no lead."""

    severity: str = REVIEWS

    def outcome(self, facts: Facts) -> int:
        seen = facts[self.fact]
        return UNSURE if seen is not None and seen > 0 else MET

    def is_met(self, seen: int) -> bool:
        return seen == 0


@dataclass(frozen=True, kw_only=True)
class NoConfirmedFlag(OfOneFact):
    """No flag of these kinds: one that is only alleged asks for a look, a confirmed one is unmet, a refuted one is
    none at all. Each kind is a digit of the fact: 0 none, 1 alleged, 2 confirmed."""

    def outcome(self, facts: Facts) -> int:
        levels = self._levels(facts)
        return UNSURE if levels is None else max(levels, default=MET)

    def is_met(self, seen: int) -> bool:
        return seen == 0

    def seen(self, facts: Facts) -> dict[str, str] | None:
        levels = self._levels(facts)
        if levels is None:
            return None
        return {
            kind: FLAG_LEVELS[level] for kind, level in zip(self.fact.kinds, levels, strict=True) if level
        }

    def _levels(self, facts: Facts) -> list[int] | None:
        value = facts[self.fact]
        return None if value is None else digits(value, 3, len(self.fact.kinds))


@dataclass(frozen=True, kw_only=True)
class NoExclusiveProgramme(OfOneFact):
    """Not on the list of any of these programmes, each a binary digit of the fact."""

    def is_met(self, seen: int) -> bool:
        return seen == 0

    def seen(self, facts: Facts) -> list[str] | None:
        value = facts[self.fact]
        if value is None:
            return None
        listed = digits(value, 2, len(self.fact.programmes))
        return [code for code, is_listed in zip(self.fact.programmes, listed, strict=True) if is_listed]


@dataclass(frozen=True, kw_only=True)
class ByHand(OfOneFact):
    """The office may decide otherwise, on the record and for a time; where it has, that is the verdict."""

    code: str = BY_HAND

    def is_met(self, seen: int) -> bool:
        return HAND_VERDICTS[seen] == ELIGIBLE

    def check(self, facts: Facts) -> Finding | None:
        seen = facts[self.fact]
        return Finding(self.code, HAND_VERDICTS[seen], seen, 0, self.fact.source) if seen else None
