"""The conditions as SQL expressions over the columns of engine/facts.py: the second reading of rules/conditions.py.

A condition becomes an outcome (0 met, 1 not to be told, 2 unmet), by its severity a rank (0 in order, 1 to be looked
at, 2 refused), and a finding. Limits and codes are parameters: a rule set can never carry SQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from eligibility.engine.columns import column
from eligibility.rules.conditions import (
    AtLeast,
    AtMost,
    ByHand,
    Condition,
    Equals,
    InSet,
    NoConfirmedFlag,
    NoExclusiveProgramme,
    NoLead,
    SomeOf,
)
from eligibility.rules.facts import Fact
from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE, NEEDS_REVIEW, REFUSES, REVIEWS, WARNING, WARNS

_VERDICTS = f"(ARRAY['{ELIGIBLE}', '{NEEDS_REVIEW}', '{INELIGIBLE}'])[1 + %s]"
_BY_HAND = f"CASE {{0}} WHEN 1 THEN '{ELIGIBLE}' WHEN 2 THEN '{INELIGIBLE}' END"
_RANKS = {REFUSES: "({0})", REVIEWS: "LEAST({0}, 1)", WARNS: "0"}
_FOUND = {
    REFUSES: _VERDICTS % "({0})",
    REVIEWS: _VERDICTS % "LEAST({0}, 1)",
    WARNS: f"CASE {{0}} WHEN 0 THEN '{ELIGIBLE}' ELSE '{WARNING}' END",
}


def _of_one(test: str) -> str:
    return f"CASE WHEN {{column}} IS NULL THEN 1 WHEN {test} THEN 0 ELSE 2 END"


def _no_lead(_condition: Condition, columns: Sequence[str], _limit: str) -> str:
    return f"CASE WHEN {columns[0]} > 0 THEN 1 ELSE 0 END"


def _some_of(_condition: Condition, columns: Sequence[str], _limit: str) -> str:
    present = " OR ".join(f"{name} > 0" for name in columns)
    unknown = " OR ".join(f"{name} IS NULL" for name in columns)
    return f"CASE WHEN {present} THEN 0 WHEN {unknown} THEN 1 ELSE 2 END"


def _no_confirmed_flag(condition: Condition, columns: Sequence[str], _limit: str) -> str:
    confirmed = " OR ".join(f"{_digit(columns[0], 3, at)} = 2" for at in range(len(condition.facts[0].kinds)))
    return f"CASE WHEN {columns[0]} = 0 THEN 0 WHEN {columns[0]} IS NULL THEN 1 WHEN {confirmed} THEN 2 ELSE 1 END"


def _simple(test: str) -> Callable[[Condition, Sequence[str], str], str]:
    return lambda _condition, columns, limit: _of_one(test).format(column=columns[0], limit=limit)


_OUTCOMES: dict[type[Condition], Callable[[Condition, Sequence[str], str], str]] = {
    AtMost: _simple("{column} <= {limit}"),
    AtLeast: _simple("{column} >= {limit}"),
    Equals: _simple("{column} = {limit}"),
    InSet: _simple("{column} = ANY({limit})"),
    NoExclusiveProgramme: _simple("{column} = 0"),
    SomeOf: _some_of,
    NoLead: _no_lead,
    NoConfirmedFlag: _no_confirmed_flag,
}


def _digit(name: str, base: int, at: int) -> str:
    return f"mod({name} / {base**at}, {base})"


class RuleSetSql:
    """The expressions of one rule set over the columns f0 ..., which hold `facts`."""

    def __init__(self, conditions: Sequence[Condition], facts: Sequence[Fact]) -> None:
        self._column = {fact: column(at) for at, fact in enumerate(facts)}
        asked = dict.fromkeys(fact for condition in conditions for fact in condition.facts)
        self.inputs = f"ARRAY[{', '.join(self._column[fact] for fact in asked)}]::smallint[]"
        self.params: dict[str, Any] = {}
        numbered = list(enumerate(conditions))
        outcomes = {at: self._outcome(one, at) for at, one in numbered if not isinstance(one, ByHand)}
        ranks = [_RANKS[one.severity].format(outcomes[at]) for at, one in numbered if at in outcomes]
        self.verdict = _VERDICTS % f"GREATEST({', '.join(ranks)})"
        found = [self._finding(at, one, outcomes[at]) for at, one in numbered if at in outcomes]
        self.findings = f"jsonb_build_array({', '.join(found)})"
        for at, one in numbered:
            if isinstance(one, ByHand):
                self._decide_by_hand(one, at)

    def _decide_by_hand(self, condition: ByHand, at: int) -> None:
        """What the office decided is the verdict, and its finding stands in its place of the list."""
        verdict = _BY_HAND.format(self._column[condition.fact])
        finding = self._object(condition, at, verdict)
        self.verdict = f"coalesce({verdict}, {self.verdict})"
        self.findings = (
            f"CASE WHEN {self._column[condition.fact]} > 0 "
            f"THEN jsonb_insert({self.findings}, '{{{at}}}', {finding}) ELSE {self.findings} END"
        )

    def _outcome(self, condition: Condition, at: int) -> str:
        read = _OUTCOMES.get(type(condition))
        if read is None:
            raise TypeError(f"no SQL reading of {type(condition).__name__}")
        columns = [self._column[fact] for fact in condition.facts]
        shown = condition.shown_limit
        self.params[f"c{at}_limit"] = shown
        return read(condition, columns, f"%(c{at}_limit)s")

    def _finding(self, at: int, condition: Condition, outcome: str) -> str:
        return self._object(condition, at, _FOUND[condition.severity].format(outcome))

    def _object(self, condition: Condition, at: int, verdict: str) -> str:
        self.params |= {
            f"c{at}_code": condition.code,
            f"c{at}_shown": json.dumps(condition.shown_limit),
            f"c{at}_source": condition.facts[0].source,
        }
        return (
            f"jsonb_build_object('code', %(c{at}_code)s::text, 'verdict', {verdict}, "
            f"'seen', {self._seen(condition, at)}, 'limit', %(c{at}_shown)s::jsonb, "
            f"'source', %(c{at}_source)s::text{self._ages(condition, at)})"
        )

    def _ages(self, condition: Condition, at: int) -> str:
        if condition.shown_ages is None:
            return ""
        self.params[f"c{at}_ages"] = json.dumps(condition.shown_ages)
        return f", 'ages', %(c{at}_ages)s::jsonb"

    def _seen(self, condition: Condition, at: int) -> str:
        """Names of components are [a-z0-9_] by the parser, so they may stand in the text; all else is a parameter."""
        name = self._column[condition.facts[0]]
        if isinstance(condition, SomeOf):
            parts = (
                f"'{component.name}', {self._column[component.fact]}" for component in condition.components
            )
            return f"jsonb_build_object({', '.join(parts)})"
        if isinstance(condition, NoConfirmedFlag):
            parts = (
                f"%(c{at}_kind{n})s::text, CASE {_digit(name, 3, n)} WHEN 1 THEN 'ALLEGED' WHEN 2 THEN 'CONFIRMED' END"
                for n in self._numbered(at, "kind", condition.fact.kinds)
            )
            return f"CASE WHEN {name} IS NOT NULL THEN jsonb_strip_nulls(jsonb_build_object({', '.join(parts)})) END"
        if isinstance(condition, NoExclusiveProgramme):
            parts = (
                f"CASE {_digit(name, 2, n)} WHEN 1 THEN %(c{at}_programme{n})s::text END"
                for n in self._numbered(at, "programme", condition.fact.programmes)
            )
            return f"CASE WHEN {name} IS NOT NULL THEN to_jsonb(array_remove(ARRAY[{', '.join(parts)}], NULL)) END"
        return name

    def _numbered(self, at: int, word: str, values: Sequence[str]) -> range:
        self.params |= {f"c{at}_{word}{n}": value for n, value in enumerate(values)}
        return range(len(values))
