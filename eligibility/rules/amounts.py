"""What a programme pays, as its rule set says: amounts by component with a cap of persons, or one amount for all.

Only ever an estimate: the centre orders the payment. Amounts are whole rupiah.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eligibility.rules.conditions import Component, Condition, SomeOf
from eligibility.rules.facts import MEMBER_TESTS, Member, RuleError
from eligibility.rules.parse import refuse_unknown_keys

PERIODS = ("MONTH", "QUARTER", "YEAR", "ONCE")
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


def estimate(
    amounts: Amounts, conditions: Iterable[Condition], members: Sequence[Member], as_of: date
) -> Estimate:
    """Each member counts once, with the highest of the amounts they bring; the dearest persons up to the cap."""
    if amounts.components is None:
        return Estimate(amounts.period, amounts.basis, 0, (Line("", 1, amounts.flat),))
    components = [one for rule in conditions if isinstance(rule, SomeOf) for one in rule.components]
    best = [_best(amounts.components, components, member, as_of) for member in members]
    brought = sorted((one for one in best if one is not None), key=lambda one: -one[1])
    counted: dict[tuple[str, int], int] = {}
    for one in brought[: amounts.most_persons]:
        counted[one] = counted.get(one, 0) + 1
    lines = tuple(Line(name, count, each) for (name, each), count in counted.items())
    return Estimate(amounts.period, amounts.basis, amounts.most_persons, lines)


def _best(
    amounts: Mapping[str, int], components: Iterable[Component], member: Member, as_of: date
) -> tuple[str, int] | None:
    brought = [
        (one.name, amounts[one.name])
        for one in components
        if one.name in amounts and MEMBER_TESTS[one.fact.name](one.fact, member, as_of)
    ]
    return max(brought, key=lambda one: one[1], default=None)
