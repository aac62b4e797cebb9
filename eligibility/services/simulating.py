"""Try rules out: who would begin to meet a rule and who no longer, before anything binds. Nothing is decided here.

What is compared is data (`Compared`), so that a stored trial can be read again for its lists; what comes out is counts
(`Outcome`), so that nothing personal is stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from eligibility import wording
from eligibility.engine.compare import (
    Cell,
    Changed,
    Facts,
    Pairing,
    count_changes,
    list_area,
    list_changed,
    read_facts,
)
from eligibility.engine.temporary import plan_for_shards
from eligibility.models import RuleSet
from eligibility.rules.documents import read_document
from eligibility.rules.facts import RuleError
from eligibility.rules.parse import parse_conditions
from eligibility.rules.verdict import ELIGIBLE
from eligibility.services.inputs import release_in_force
from recipients.models import CurrentRelease, Programme, Quota, Region, RegistryRelease

NO_RULE = "NO_RULE"  # the side has no rule for the programme, or the family is not in the registry there


@dataclass(frozen=True)
class Side:
    """One side of a comparison: what it is called, and the conditions as a rule set holds them (None: no rule)."""

    name: str
    conditions: list[dict[str, Any]] | None


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
        return Pairing(self.programme_id, self.unit, before, after)


@dataclass
class Tally:
    """Counts of subjects: who begins to meet the rule, who no longer does, and how many meet it on each side."""

    gains: int = 0
    losses: int = 0
    losses_to_review: int = 0
    enrolled: int = 0
    enrolled_losses: int = 0
    before: int = 0
    after: int = 0

    def add(self, cell: Cell) -> None:
        was, becomes = cell.before == ELIGIBLE, cell.after == ELIGIBLE
        self.gains += cell.count if becomes and not was else 0
        self.losses += cell.count if was and not becomes else 0
        self.losses_to_review += cell.count if was and cell.after == "NEEDS_REVIEW" else 0
        self.enrolled += cell.count if cell.is_enrolled else 0
        self.enrolled_losses += cell.count if cell.is_enrolled and was and not becomes else 0
        self.before += cell.count if was else 0
        self.after += cell.count if becomes else 0


@dataclass
class Outcome:
    """What changes for one programme. `moves` counts verdicts as "before>after"; `villages` is keyed by their id."""

    code: str
    name: str
    unit: str
    before_name: str
    after_name: str
    total: Tally = field(default_factory=Tally)
    moves: dict[str, int] = field(default_factory=dict)
    marks: dict[str, dict[str, int]] = field(default_factory=dict)
    villages: dict[str, Tally] = field(default_factory=dict)
    quotas: dict[str, int] = field(default_factory=dict)  # of the latest period, by region
    quota_period: str = ""
    standing: int | None = None  # meet the rule as decided now, where only the touched were counted

    def add(self, cell: Cell) -> None:
        self.total.add(cell)
        self.villages.setdefault(str(cell.village_id), Tally()).add(cell)
        move = f"{cell.before or NO_RULE}>{cell.after or NO_RULE}"
        self.moves[move] = self.moves.get(move, 0) + cell.count
        side = _side_of(cell)
        for name, count in cell.marks.items():
            counted = self.marks.setdefault(name, {"gains": 0, "losses": 0})
            if side:
                counted[side] += count


def _side_of(cell: Cell) -> str:
    was, becomes = cell.before == ELIGIBLE, cell.after == ELIGIBLE
    return "" if was == becomes else "gains" if becomes else "losses"


@dataclass(frozen=True)
class Comparison:
    as_of: date
    release_id: int | None
    release: str | None
    subjects: int
    seconds: float
    outcomes: tuple[Outcome, ...]

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "as_of": self.as_of.isoformat()}


# --- what to compare ----------------------------------------------------------------------------------------


def in_force(programme: Programme, day: date) -> Side:
    """The rule set in force on that day, or none."""
    rule = RuleSet.objects.in_force(day).filter(programme=programme).first()
    return of_rule_set(rule) if rule else Side(f"{programme.code}: -", None)


def of_rule_set(rule: RuleSet) -> Side:
    return Side(str(rule), rule.conditions)


def of_version(programme: Programme, version: int) -> Side:
    rule = RuleSet.objects.filter(programme=programme, version=version).first()
    if rule is None:
        known = programme.rule_sets.order_by("version").values_list("version", flat=True)
        raise RuleError(
            f"{programme.code} tidak punya versi {version}; yang ada: {', '.join(map(str, known)) or '-'}"
        )
    return of_rule_set(rule)


def of_document(programme: Programme, source: str, text: str) -> Side:
    """A draft as its text file says; it must resolve and be about this programme."""
    document = read_document(source, text)
    if document.programme.code != programme.code or document.programme.unit != programme.unit:
        raise RuleError(f"{source}: berkas ini tentang {document.programme.code}, bukan {programme.code}")
    wording.refuse_unworded(source, document.conditions)
    return Side(source, document.raw_conditions)


def with_decile_limit(side: Side, limit: int) -> Side:
    """The same rule with another highest decile."""
    changed = [
        {**row, "limit": limit} if row.get("kind") == "at_most" and row.get("fact") == "decile" else row
        for row in side.conditions or []
    ]
    if not side.conditions or changed == side.conditions:
        raise RuleError(f"{side.name}: tidak ada batas desil selain {limit}; ubah angka lain")
    return Side(f"{side.name}, desil 1-{limit}", changed)


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
        for cell in _cells(pairings, as_of, release.pk if release else None, shard.pk):
            outcomes[cell.programme_id].add(cell)
            subjects += cell.count
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
    return Outcome(
        one.code, one.name, one.unit, one.before.name, one.after.name, quotas=quotas, quota_period=period
    )


@transaction.atomic
def _cells(
    pairings: Sequence[Pairing], as_of: date, release_id: int | None, subdistrict_id: int
) -> list[Cell]:
    plan_for_shards()
    if not list_area(subdistrict_id=subdistrict_id):
        return []
    return [
        cell
        for facts, one in _by_unit(pairings, as_of, release_id)
        for cell in count_changes(one, facts, facts)
    ]


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
) -> list[Changed]:
    """The families or persons behind a number, in one sub-district or village: read anew, kept nowhere."""
    plan_for_shards()
    list_area(subdistrict_id=subdistrict.pk, village_id=village.pk if village else None)
    pairing = compared.pairing()
    facts = read_facts([pairing], pairing.unit, as_of=as_of, release_id=release_id)
    return list_changed(pairing, facts, facts, narrowed=narrowed)
