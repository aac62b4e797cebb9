"""All conditions of a rule set over the facts of one subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eligibility.rules.conditions import Condition
from eligibility.rules.facts import Fact, Facts
from eligibility.rules.verdict import Finding, combine


@dataclass(frozen=True)
class Judgement:
    verdict: str
    findings: tuple[Finding, ...]


def evaluate(conditions: Iterable[Condition], facts: Facts) -> Judgement:
    findings = tuple(condition.check(facts) for condition in conditions)
    return Judgement(combine(finding.verdict for finding in findings), findings)


def facts_of(conditions: Sequence[Condition]) -> tuple[Fact, ...]:
    """Every fact the conditions ask for, once, in the order they ask: the order of a decision's `inputs`."""
    return tuple(dict.fromkeys(fact for condition in conditions for fact in condition.facts))
