"""What the rules of a trial would cost, from its stored counts: if everyone who meets them were enrolled.

Never what will be paid: a quota bounds it, and the centre orders its own payments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from eligibility import wording
from eligibility.models import Trial
from eligibility.rules.amounts import TIMES_A_YEAR
from eligibility.services.outcomes import Paid
from eligibility.trial_page import UNITS, Row, Shown
from eligibility.wording.amount_words import PERIODS, about_rupiah, rupiah, signed
from recipients.models import Region

MONTHS = 12


@dataclass(frozen=True)
class Money:
    """Rupiah a year under both rules."""

    before: int = 0
    after: int = 0

    def __add__(self, other: Money) -> Money:
        return Money(self.before + other.before, self.after + other.after)

    @property
    def difference(self) -> int:
        return self.after - self.before

    def words(self) -> tuple[str, str, str]:
        return (
            rupiah(self.before),
            rupiah(self.after),
            signed(rupiah(abs(self.difference)), self.difference),
        )


@dataclass(frozen=True)
class Line:
    """One component: how many persons would be counted, and what they come to in a year."""

    name: str
    persons: tuple[int, int]
    each: tuple[str, str]
    money: Money


@dataclass(frozen=True)
class Cost:
    sentence: str
    year: Money
    month: Money | None  # none where it is given once
    lines: list[Line]
    within_quota: str
    bases: list[str]


@dataclass(frozen=True)
class Sides:
    """Both sides of an outcome as counted."""

    before: Paid
    after: Paid

    @classmethod
    def of(cls, outcome: Mapping[str, Any]) -> Sides | None:
        """None where a rule says no amounts: what it would cost is not known."""
        paid = outcome.get("paid", {})
        return cls(Paid(**paid["before"]), Paid(**paid["after"])) if len(paid) == 2 else None

    @property
    def is_once(self) -> bool:
        return "ONCE" in (self.before.period, self.after.period)

    def components(self) -> list[str]:
        return list(dict.fromkeys([*self.before.each, *self.after.each]))

    def villages(self) -> list[str]:
        return list(dict.fromkeys([*self.before.villages, *self.after.villages]))

    def persons(self, component: str, villages: Iterable[str]) -> tuple[int, int]:
        one, other = (
            sum(side.villages.get(village, {}).get(component, 0) for village in villages)
            for side in (self.before, self.after)
        )
        return one, other

    def money(self, component: str, villages: Iterable[str]) -> Money:
        before, after = self.persons(component, villages)
        return Money(before * _a_year(self.before, component), after * _a_year(self.after, component))

    def total(self, villages: Iterable[str]) -> Money:
        wanted = list(villages)
        return sum((self.money(one, wanted) for one in self.components()), Money())


def _a_year(side: Paid, component: str) -> int:
    return side.each.get(component, 0) * TIMES_A_YEAR[side.period]


def cost(outcome: Mapping[str, Any], found: Shown) -> Cost | None:
    sides = Sides.of(outcome)
    if sides is None:
        return None
    villages = sides.villages()
    year = sides.total(villages)
    return Cost(
        sentence=_sentence(year, sides),
        year=year,
        month=None if sides.is_once else Money(round(year.before / MONTHS), round(year.after / MONTHS)),
        lines=[
            Line(
                _component(one, found.unit),
                sides.persons(one, villages),
                _rates(one, sides),
                sides.money(one, villages),
            )
            for one in sides.components()
            if any(sides.persons(one, villages))
        ],
        within_quota=_within_quota(year, found) if outcome["standing"] is None else "",
        bases=list(dict.fromkeys(side.basis for side in (sides.before, sides.after) if side.basis)),
    )


def sentence(outcome: Mapping[str, Any]) -> str:
    sides = Sides.of(outcome)
    if sides is None:
        return _("Biayanya tidak bisa dihitung: aturan ini tidak menulis jumlah bantuan.")
    return _sentence(sides.total(sides.villages()), sides)


def _sentence(year: Money, sides: Sides) -> str:
    often = _("sekali bagi") if sides.is_once else _("setahun")
    values = {"often": often, "before": about_rupiah(year.before), "after": about_rupiah(year.after)}
    said = _("Jika semua yang memenuhi aturan terdaftar, biayanya %(before)s %(often)s sekarang") % values
    if year.difference == 0:
        return _("%(said)s dan sama saja nanti.") % {"said": said}
    more = _("lebih banyak") if year.difference > 0 else _("lebih sedikit")
    values |= {"said": said, "more": more, "difference": about_rupiah(abs(year.difference))}
    return _("%(said)s dan %(after)s %(often)s nanti: %(difference)s %(more)s.") % values


def _within_quota(year: Money, found: Shown) -> str:
    """What as many as the quota would cost at the average, where more meet the rule than it holds."""
    if found.quota is None or found.quota >= found.meets_then or not year.after:
        return ""
    return _("Kuota %(period)s hanya %(quota)s dari %(meets)s. Sebanyak kuota itu kira-kira %(cost)s.") % {
        "period": found.quota_period,
        "quota": number_format(found.quota),
        "meets": f"{number_format(found.meets_then)} {found.unit}",
        "cost": about_rupiah(year.after * found.quota // found.meets_then),
    }


def _component(name: str, unit: str) -> str:
    return str(wording.COMPONENTS.get(name, name)) if name else unit


def _rates(component: str, sides: Sides) -> tuple[str, str]:
    one, other = (
        f"{rupiah(side.each[component])} {PERIODS[side.period]}" if component in side.each else "-"
        for side in (sides.before, sides.after)
    )
    return one, other


def of_regions(outcome: Mapping[str, Any], regions: Iterable[Row]) -> list[tuple[Region, Money]]:
    """The money of each region of the page."""
    sides = Sides.of(outcome)
    return [(row.region, sides.total(row.villages)) for row in regions] if sides else []


HEADER = (
    "program", "kecamatan", "desa_kelurahan", "yang_dihitung", "jumlah_sekarang", "jumlah_nanti",
    "rupiah_satuan_sekarang", "rupiah_satuan_nanti", "tiap", "setahun_sekarang", "setahun_nanti", "beda_setahun",
)  # fmt: skip


def rows(trial: Trial, user: Any) -> Iterator[tuple[Any, ...]]:
    """A line a programme, village and component, for whoever sums it otherwise."""
    villages = Region.objects.visible_to(user).villages().select_related("parent").order_by("code")
    for outcome in trial.result.get("outcomes", []):
        sides = Sides.of(outcome)
        if sides is not None:
            for village in villages:
                yield from _rows_of(sides, outcome, village)


def _rows_of(sides: Sides, outcome: Mapping[str, Any], village: Region) -> Iterator[tuple[Any, ...]]:
    unit = str(UNITS[outcome["unit"]])
    for one in sides.components():
        here = [str(village.pk)]
        before, after = sides.persons(one, here)
        if before or after:
            money = sides.money(one, here)
            yield (
                outcome["code"], village.parent.name if village.parent else "", village.name, _component(one, unit),
                before, after, sides.before.each.get(one, 0), sides.after.each.get(one, 0),
                PERIODS[(sides.after if sides.after.each else sides.before).period],
                money.before, money.after, money.difference,
            )  # fmt: skip
