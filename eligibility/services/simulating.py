"""Try rules out: who would begin to meet a rule and who no longer, before anything binds. Nothing is decided here.

What is compared is data (`Compared`), so that a stored trial can be read again for its lists; what comes out is counts
(`Outcome`), so that nothing personal is stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from eligibility import wording
from eligibility.engine.compare import (
    Changed,
    Facts,
    Pairing,
    count_changes,
    list_area,
    list_changed,
    read_facts,
)
from eligibility.engine.pricing import count_paid
from eligibility.engine.temporary import plan_for_shards
from eligibility.models import RuleSet
from eligibility.rules.amounts import Amounts, parse_amounts
from eligibility.rules.documents import read_document
from eligibility.rules.facts import RuleError
from eligibility.rules.parse import parse_conditions
from eligibility.services.inputs import release_in_force
from eligibility.services.outcomes import Comparison, Outcome, Paid
from recipients.models import CurrentRelease, Programme, Quota, Region, RegistryRelease

SIDES = ("before", "after")
NOT_YET = 0  # the id of a programme that stands in a draft alone


@dataclass(frozen=True)
class Side:
    """One side of a comparison: what it is called, the conditions as a rule set holds them (None: no rule), and what
    it says of money."""

    name: str
    conditions: list[dict[str, Any]] | None
    amounts: dict[str, Any] = field(default_factory=dict)

    def parsed_amounts(self) -> Amounts | None:
        return parse_amounts(self.name, self.amounts)

    def paid(self) -> Paid | None:
        """Nobody counted yet; none where the rule says no amounts, for then nothing can be said of money."""
        if self.conditions is None:
            return Paid.of_nothing()
        amounts = self.parsed_amounts()
        return Paid.at(amounts) if amounts else None


@dataclass(frozen=True)
class Compared:
    """A programme under two rule sets."""

    programme_id: int
    code: str
    name: str
    unit: str
    before: Side
    after: Side

    @classmethod
    def of(cls, programme: Programme, before: Side, after: Side) -> Compared:
        return cls(programme.pk, programme.code, programme.name, programme.unit, before, after)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Compared:
        return cls(**{**data, "before": Side(**data["before"]), "after": Side(**data["after"])})

    def pairing(self) -> Pairing:
        before, after = (
            None if side.conditions is None else parse_conditions(side.name, side.conditions, self.unit)
            for side in (self.before, self.after)
        )
        paid = (self.before.parsed_amounts(), self.after.parsed_amounts())
        return Pairing(self.programme_id, self.unit, before, after, paid)


# --- what to compare ----------------------------------------------------------------------------------------


def in_force(programme: Programme, day: date) -> Side:
    """The rule set in force on that day, or none."""
    rule = RuleSet.objects.in_force(day).filter(programme=programme).first()
    return of_rule_set(rule) if rule else Side(_("belum ada aturan"), None)


def of_rule_set(rule: RuleSet) -> Side:
    return Side(str(rule), rule.conditions, rule.amounts)


def of_version(programme: Programme, version: int) -> Side:
    rule = RuleSet.objects.filter(programme=programme, version=version).first()
    if rule is None:
        known = programme.rule_sets.order_by("version").values_list("version", flat=True)
        raise RuleError(
            f"{programme.code} tidak punya versi {version}; yang ada: {', '.join(map(str, known)) or '-'}"
        )
    return of_rule_set(rule)


def programme_of(source: str, text: str) -> Programme:
    """The programme a draft is about; one that nobody has yet is tried out too, and nothing of it is written."""
    said = read_document(source, text).programme
    known = Programme.objects.filter(code=said.code).first()
    return known or Programme(pk=NOT_YET, code=said.code, name=said.name, unit=said.unit)


def of_document(programme: Programme, source: str, text: str) -> Side:
    """A draft as its text file says; it must resolve and be about this programme."""
    document = read_document(source, text)
    if document.programme.code != programme.code or document.programme.unit != programme.unit:
        raise RuleError(f"{source}: berkas ini tentang {document.programme.code}, bukan {programme.code}")
    wording.refuse_unworded(source, document.conditions)
    return Side(source, document.raw_conditions, document.raw_amounts)


def with_decile_limit(side: Side, limit: int) -> Side:
    """The same rule with another highest decile."""
    changed = [
        {**row, "limit": limit} if row.get("kind") == "at_most" and row.get("fact") == "decile" else row
        for row in side.conditions or []
    ]
    if not side.conditions or changed == side.conditions:
        raise RuleError(f"{side.name}: tidak ada batas desil selain {limit}; ubah angka lain")
    return replace(side, name=f"{side.name}, desil 1-{limit}", conditions=changed)


def release_to_read(day: date) -> RegistryRelease | None:
    """The release whose facts hold on that day."""
    return release_in_force(day, getattr(CurrentRelease.get(), "pk", None))


# --- comparing ----------------------------------------------------------------------------------------------


def compare(
    *,
    compared: Sequence[Compared],
    as_of: date,
    release: RegistryRelease | None,
    report: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Everyone in the district under both sides, a sub-district at a time; only temporary tables are written."""
    started = time.monotonic()
    pairings = [one.pairing() for one in compared]
    outcomes = {one.programme_id: start_outcome(one, as_of) for one in compared}
    shards = list(Region.objects.subdistricts().order_by("code"))
    subjects = 0
    for done, shard in enumerate(shards, 1):
        subjects += _count_shard(outcomes, pairings, as_of, release.pk if release else None, shard.pk)
        if report:
            report(done, len(shards))
    return Comparison(
        as_of=as_of,
        release_id=release.pk if release else None,
        release=release.label if release else None,
        subjects=subjects,
        seconds=round(time.monotonic() - started, 3),
        outcomes=tuple(outcomes.values()),
    )


def start_outcome(one: Compared, day: date) -> Outcome:
    """Empty yet, with the quotas of the last period that has begun."""
    begun = Quota.objects.filter(
        programme=one.programme_id, period__lte=f"{day.year}-Q{(day.month + 2) // 3}"
    )
    period = begun.order_by("-period").values_list("period", flat=True).first() or ""
    quotas = {
        str(region): amount for region, amount in begun.filter(period=period).values_list("region", "amount")
    }
    paid = {"before": one.before.paid(), "after": one.after.paid()}
    return Outcome(
        one.code,
        one.name,
        one.unit,
        one.before.name,
        one.after.name,
        quotas=quotas,
        quota_period=period,
        paid={side: start for side, start in paid.items() if start is not None},
    )


@transaction.atomic
def _count_shard(
    outcomes: Mapping[int, Outcome],
    pairings: Sequence[Pairing],
    as_of: date,
    release_id: int | None,
    subdistrict_id: int,
) -> int:
    """Add one sub-district to the outcomes; how many were looked at."""
    plan_for_shards()
    if not list_area(subdistrict_id=subdistrict_id):
        return 0
    looked_at = 0
    for facts, one in _by_unit(pairings, as_of, release_id):
        outcome = outcomes[one.programme_id]
        for cell in count_changes(one, facts, facts):
            outcome.add(cell)
            looked_at += cell.count
        for side in SIDES:
            price_side(outcome, one, side, facts, as_of=as_of, release_id=release_id)
    return looked_at


def price_side(
    outcome: Outcome, pairing: Pairing, side: str, facts: Facts, *, as_of: date, release_id: int | None
) -> None:
    """What the side would cost where its rule says amounts, of everyone on the list `todo`."""
    conditions, amounts = pairing.side(side)
    if conditions is not None and amounts is not None:
        paid = outcome.paid[side]
        for counted in count_paid(conditions, amounts, facts, as_of=as_of, release_id=release_id):
            paid.add(counted)


def _by_unit(
    pairings: Sequence[Pairing], as_of: date, release_id: int | None
) -> Iterator[tuple[Facts, Pairing]]:
    """Every pairing with the facts of its unit, read once a unit."""
    for unit in dict.fromkeys(one.unit for one in pairings):
        facts = read_facts(pairings, unit, as_of=as_of, release_id=release_id)
        for one in pairings:
            if one.unit == unit:
                yield facts, one


@transaction.atomic
def changed_in(
    *,
    compared: Compared,
    as_of: date,
    release_id: int | None,
    subdistrict: Region,
    village: Region | None = None,
    narrowed: str = "all",
    group: str = "",
) -> list[Changed]:
    """The families or persons behind a number, in one sub-district or village: read anew, kept nowhere."""
    plan_for_shards()
    list_area(subdistrict_id=subdistrict.pk, village_id=village.pk if village else None)
    pairing = compared.pairing()
    facts = read_facts([pairing], pairing.unit, as_of=as_of, release_id=release_id)
    return list_changed(pairing, facts, facts, narrowed=narrowed, group=group)
