"""The closed vocabulary of conditions. A rule set names kinds, facts and limits; it can carry nothing else.

A new kind goes here and into engine/sql.py; tests/eligibility/test_two_readings.py holds the two equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from eligibility.rules.facts import Fact, Facts
from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE, NEEDS_REVIEW, Finding


class Condition(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def facts(self) -> Sequence[Fact]: ...
    @property
    def limit(self) -> Any: ...
    def check(self, facts: Facts) -> Finding: ...


@dataclass(frozen=True)
class AtMost:
    """The fact is at most the limit; more refuses."""

    code: str
    fact: Fact
    limit: int

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def check(self, facts: Facts) -> Finding:
        seen = facts[self.fact]
        verdict = NEEDS_REVIEW if seen is None else ELIGIBLE if seen <= self.limit else INELIGIBLE
        return Finding(self.code, verdict, seen, self.limit, self.fact.source)


@dataclass(frozen=True)
class AtLeast:
    """The fact is at least the limit; less refuses."""

    code: str
    fact: Fact
    limit: int

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def check(self, facts: Facts) -> Finding:
        seen = facts[self.fact]
        verdict = NEEDS_REVIEW if seen is None else ELIGIBLE if seen >= self.limit else INELIGIBLE
        return Finding(self.code, verdict, seen, self.limit, self.fact.source)


@dataclass(frozen=True)
class Component:
    """One of the things a family may have, under the name the finding shows."""

    name: str
    fact: Fact


@dataclass(frozen=True)
class SomeOf:
    """At least one component is there; none refuses, but only where each of them is known to be absent."""

    code: str
    components: tuple[Component, ...]
    limit: int = 1

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(component.fact for component in self.components)

    def check(self, facts: Facts) -> Finding:
        seen = {component.name: facts[component.fact] for component in self.components}
        counts = seen.values()
        if any(count is not None and count > 0 for count in counts):
            verdict = ELIGIBLE
        else:
            verdict = NEEDS_REVIEW if None in counts else INELIGIBLE
        return Finding(self.code, verdict, seen, self.limit, self.components[0].fact.source)


@dataclass(frozen=True)
class NoLead:
    """Nothing on record that a person should look at first. A lead is not a verdict: it never refuses, and what
    nobody has recorded is no lead."""

    code: str
    fact: Fact
    limit: int = 0

    @property
    def facts(self) -> tuple[Fact, ...]:
        return (self.fact,)

    def check(self, facts: Facts) -> Finding:
        seen = facts[self.fact]
        verdict = NEEDS_REVIEW if seen is not None and seen > self.limit else ELIGIBLE
        return Finding(self.code, verdict, seen, self.limit, self.fact.source)
