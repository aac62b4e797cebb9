"""The conditions as SQL expressions over the columns of engine/facts.py: the second reading of rules/conditions.py.

A condition becomes a rank (0 met, 1 to be looked at, 2 refused) and a finding. Limits and codes are parameters: a
rule set can never carry SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eligibility.engine.facts import column
from eligibility.rules.conditions import AtLeast, AtMost, Condition, NoLead, SomeOf
from eligibility.rules.facts import Fact
from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE, NEEDS_REVIEW

_VERDICTS = f"(ARRAY['{ELIGIBLE}', '{NEEDS_REVIEW}', '{INELIGIBLE}'])[1 + %s]"


class RuleSetSql:
    """The expressions of one rule set over the columns f0 ..., which hold `facts`."""

    def __init__(self, conditions: Sequence[Condition], facts: Sequence[Fact]) -> None:
        self._column = {fact: column(at) for at, fact in enumerate(facts)}
        self._ranks = [self._rank(condition, at) for at, condition in enumerate(conditions)]
        self._conditions = conditions
        asked = dict.fromkeys(fact for condition in conditions for fact in condition.facts)
        self.inputs = f"ARRAY[{', '.join(self._column[fact] for fact in asked)}]::smallint[]"
        self.verdict = _VERDICTS % f"GREATEST({', '.join(self._ranks)})"
        self.findings = f"jsonb_build_array({', '.join(self._finding(at) for at in range(len(conditions)))})"
        self.params: dict[str, Any] = {}
        for at, condition in enumerate(conditions):
            source = condition.facts[0].source
            self.params |= {
                f"c{at}_limit": condition.limit,
                f"c{at}_code": condition.code,
                f"c{at}_source": source,
            }

    def _rank(self, condition: Condition, at: int) -> str:
        columns, limit = [self._column[fact] for fact in condition.facts], f"%(c{at}_limit)s"
        if isinstance(condition, AtMost):
            return f"CASE WHEN {columns[0]} IS NULL THEN 1 WHEN {columns[0]} <= {limit} THEN 0 ELSE 2 END"
        if isinstance(condition, AtLeast):
            return f"CASE WHEN {columns[0]} IS NULL THEN 1 WHEN {columns[0]} >= {limit} THEN 0 ELSE 2 END"
        if isinstance(condition, NoLead):
            return f"CASE WHEN {columns[0]} > {limit} THEN 1 ELSE 0 END"
        if isinstance(condition, SomeOf):
            present = " OR ".join(f"{name} > 0" for name in columns)
            unknown = " OR ".join(f"{name} IS NULL" for name in columns)
            return f"CASE WHEN {present} THEN 0 WHEN {unknown} THEN 1 ELSE 2 END"
        raise TypeError(f"no SQL reading of {type(condition).__name__}")

    def _finding(self, at: int) -> str:
        return (
            f"jsonb_build_object('code', %(c{at}_code)s::text, 'verdict', {_VERDICTS % f'({self._ranks[at]})'}, "
            f"'seen', {self._seen(self._conditions[at])}, 'limit', %(c{at}_limit)s::int, "
            f"'source', %(c{at}_source)s::text)"
        )

    def _seen(self, condition: Condition) -> str:
        """Names of components are [a-z0-9_] by the parser, so they may stand in the text."""
        if not isinstance(condition, SomeOf):
            return self._column[condition.facts[0]]
        parts = (f"'{component.name}', {self._column[component.fact]}" for component in condition.components)
        return f"jsonb_build_object({', '.join(parts)})"
