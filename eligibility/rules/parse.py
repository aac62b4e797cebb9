"""From data (a text file, a JSON column) to conditions; whatever is not understood is refused, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eligibility.rules.conditions import AtLeast, AtMost, Component, Condition, NoLead, SomeOf
from eligibility.rules.facts import NAMES, Fact, RuleError

_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,39}")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
SMALLINT = 32767


def refuse_unknown_keys(place: str, data: Mapping[str, Any], known: set[str]) -> None:
    for key in sorted(set(data) - known):
        raise RuleError(f"{place}: '{key}' is not known here; use {', '.join(sorted(known))}")


def _whole(place: str, data: Mapping[str, Any], key: str) -> int:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= SMALLINT:
        raise RuleError(
            f"{place}: '{key}' is {value!r}; give a whole number from 0 to {SMALLINT}, without quotes"
        )
    return value


def _codes(place: str, data: Mapping[str, Any]) -> tuple[int, ...]:
    codes = data.get("codes")
    if not isinstance(codes, list) or not codes:
        raise RuleError(
            f"{place}: 'codes' is {codes!r}; give a list of codes of the code book, such as [1, 2]"
        )
    return tuple(_whole(place, {"codes": code}, "codes") for code in codes)


def _fact(place: str, data: Mapping[str, Any], unit: str) -> Fact:
    name = data.get("fact")
    if name not in NAMES:
        raise RuleError(f"{place}: no fact is called {name!r}; the facts are {', '.join(sorted(NAMES))}")
    known = NAMES[name]
    if unit not in known.units:
        raise RuleError(
            f"{place}: the fact '{name}' is not known of a {unit}; it is one of a {' or '.join(known.units)}"
        )
    for parameter in ("age", "codes"):
        if parameter != known.takes and parameter in data:
            raise RuleError(f"{place}: the fact '{name}' takes no '{parameter}'; remove it")
    if known.takes == "age":
        return Fact(name, age=_whole(place, data, "age"))
    return Fact(name, codes=_codes(place, data)) if known.takes == "codes" else Fact(name)


def _at_most(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "fact", "limit", "age", "codes"})
    return AtMost(data["code"], _fact(place, data, unit), _whole(place, data, "limit"))


def _at_least(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "fact", "limit", "age", "codes"})
    return AtLeast(data["code"], _fact(place, data, unit), _whole(place, data, "limit"))


def _no_lead(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "fact", "age", "codes"})
    return NoLead(data["code"], _fact(place, data, unit))


def _some_of(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "components"})
    rows = data.get("components")
    if not isinstance(rows, list) or not rows:
        raise RuleError(f"{place}: 'components' is missing; list at least one, or nobody could ever meet it")
    components = tuple(_component(f"{place}, component {at}", row, unit) for at, row in enumerate(rows, 1))
    if len({component.name for component in components}) < len(components):
        raise RuleError(f"{place}: two components share a name; give each its own")
    return SomeOf(data["code"], components)


def _component(place: str, row: Any, unit: str) -> Component:
    if not isinstance(row, dict):
        raise RuleError(f"{place}: {row!r} is not a table with 'name' and 'fact'")
    refuse_unknown_keys(place, row, {"name", "fact", "age", "codes"})
    name = row.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RuleError(f"{place}: 'name' is {name!r}; give a name in lower_snake, such as small_child")
    fact = _fact(place, row, unit)
    if not fact.is_of_members:
        raise RuleError(f"{place}: '{fact.name}' does not count members; use a fact named members_...")
    return Component(name, fact)


KINDS: dict[str, Callable[[str, Mapping[str, Any], str], Condition]] = {
    "at_most": _at_most,
    "at_least": _at_least,
    "some_of": _some_of,
    "no_lead": _no_lead,
}


def parse_conditions(place: str, rows: Any, unit: str) -> tuple[Condition, ...]:
    """The conditions of a rule set for this unit; RuleError where one does not resolve."""
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise RuleError(f"{place}: no conditions; a rule set without them would take everybody")
    conditions = tuple(_condition(f"{place}, condition {at}", row, unit) for at, row in enumerate(rows, 1))
    codes = [condition.code for condition in conditions]
    for code in codes:
        if codes.count(code) > 1:
            raise RuleError(f"{place}: two conditions have the code {code}; give each its own")
    return conditions


def _condition(place: str, row: Any, unit: str) -> Condition:
    if not isinstance(row, dict):
        raise RuleError(f"{place}: {row!r} is not a table with 'code' and 'kind'")
    code, kind = row.get("code"), row.get("kind")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise RuleError(f"{place}: 'code' is {code!r}; give a code in UPPER_SNAKE, such as DECILE")
    if kind not in KINDS:
        raise RuleError(
            f"{place} ({code}): no kind is called {kind!r}; the kinds are {', '.join(sorted(KINDS))}"
        )
    return KINDS[kind](f"{place} ({code})", row, unit)
