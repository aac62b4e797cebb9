"""What a programme pays, as its rule set says: amounts by component with a cap of persons, or one amount for all.

Only ever an estimate: the centre orders the payment. Amounts are whole rupiah. How many persons of a district would be
counted is told by the second reading, engine/pricing.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eligibility.rules.conditions import Component, Condition, SomeOf
from eligibility.rules.facts import MEMBER_TESTS, Member, RuleError
from eligibility.rules.parse import refuse_unknown_keys

TIMES_A_YEAR = {"MONTH": 12, "QUARTER": 4, "YEAR": 1, "ONCE": 1}
PERIODS = tuple(TIMES_A_YEAR)
MOST_RUPIAH = 100_000_000


@dataclass(frozen=True)
class Amounts:
    period: str
    basis: str
    flat: int = 0
    most_persons: int = 0
    components: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Line:
    """So many persons of a component, each at this amount; a flat amount has no component."""

    component: str
    count: int
    each: int


@dataclass(frozen=True)
class Estimate:
    period: str
    basis: str
    most_persons: int
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        return sum(line.count * line.each for line in self.lines)


def parse_amounts(place: str, data: Any) -> Amounts | None:
    """The table `amounts` of a rule set; none where it has none."""
    if not data:
        return None
    place = f"{place}, amounts"
    if not isinstance(data, dict):
        raise RuleError(f"{place}: harus berupa tabel; tulis [amounts]")
    refuse_unknown_keys(place, data, {"period", "basis", "flat", "most_persons", "components"})
    if data.get("period") not in PERIODS:
        raise RuleError(f"{place}: 'period' berisi {data.get('period')!r}; pilih {', '.join(PERIODS)}")
    if not isinstance(data.get("basis"), str) or not data["basis"].strip():
        raise RuleError(f"{place}: 'basis' kosong; tulis dasar hukum jumlahnya")
    components = data.get("components")
    if (components is None) == ("flat" not in data):
        raise RuleError(f"{place}: isi salah satu: 'flat' atau tabel 'components'")
    if components is None:
        return Amounts(data["period"], data["basis"], flat=_rupiah(place, "flat", data["flat"]))
    if not isinstance(components, dict) or not components:
        raise RuleError(f"{place}: 'components' kosong; tulis nama komponen dan jumlahnya")
    each = {name: _rupiah(place, name, value) for name, value in components.items()}
    most = data.get("most_persons")
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= 20:
        raise RuleError(f"{place}: 'most_persons' berisi {most!r}; isi jumlah orang 1 sampai 20")
    return Amounts(data["period"], data["basis"], most_persons=most, components=each)


def _rupiah(place: str, key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_RUPIAH:
        raise RuleError(f"{place}: '{key}' berisi {value!r}; isi rupiah bulat, misalnya 225000")
    return value


def dearest_first(amounts: Amounts, conditions: Iterable[Condition]) -> list[Component]:
    """The components of the rule that bring money: the highest amount first, among equals in the rule's order."""
    each = amounts.components or {}
    named = [
        one for rule in conditions if isinstance(rule, SomeOf) for one in rule.components if one.name in each
    ]
    return sorted(named, key=lambda one: -each[one.name])


def estimate(
    amounts: Amounts, conditions: Iterable[Condition], members: Sequence[Member], as_of: date
) -> Estimate:
    """Each member counts once, for the dearest component they bring; the dearest persons up to the cap."""
    if amounts.components is None:
        return Estimate(amounts.period, amounts.basis, 0, (Line("", 1, amounts.flat),))
    components = dearest_first(amounts, conditions)
    places = (_place(components, member, as_of) for member in members)
    paid = sorted(place for place in places if place is not None)[: amounts.most_persons]
    lines = tuple(
        Line(components[place].name, paid.count(place), amounts.components[components[place].name])
        for place in dict.fromkeys(paid)
    )
    return Estimate(amounts.period, amounts.basis, amounts.most_persons, lines)


def _place(components: Sequence[Component], member: Member, as_of: date) -> int | None:
    """Where in the list the first component stands that this member brings."""
    for place, one in enumerate(components):
        if MEMBER_TESTS[one.fact.name](one.fact, member, as_of):
            return place
    return None
