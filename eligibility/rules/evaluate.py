"""All conditions of a rule set over the facts of one subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eligibility.rules.conditions import BY_HAND, Condition
from eligibility.rules.facts import Fact, Facts
from eligibility.rules.verdict import Finding, combine


@dataclass(frozen=True)
class Judgement:
    verdict: str
    findings: tuple[Finding, ...]


def evaluate(conditions: Iterable[Condition], facts: Facts) -> Judgement:
    """What the office decided by hand outweighs the rest; the rest is still told."""
    said = [condition.check(facts) for condition in conditions]
    findings = tuple(finding for finding in said if finding is not None)
    by_hand = [finding.verdict for finding in findings if finding.code == BY_HAND]
    return Judgement(combine(by_hand or (finding.verdict for finding in findings)), findings)


def facts_of(conditions: Sequence[Condition]) -> tuple[Fact, ...]:
    """Every fact the conditions ask for, once, in the order they ask: the order of a decision's `inputs`."""
    return tuple(dict.fromkeys(fact for condition in conditions for fact in condition.facts))
