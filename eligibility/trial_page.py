"""What a trial's page shows: numbers and sentences made of the stored counts, for the regions a person may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.models import Trial, Verdict
from eligibility.services.outcomes import NO_RULE, Tally
from recipients.models import Region

UNITS = {"FAMILY": gettext_lazy("keluarga"), "PERSON": gettext_lazy("orang")}
WAYS = {
    "gains": gettext_lazy("mulai memenuhi aturan"),
    "losses": gettext_lazy("tidak lagi memenuhi aturan"),
    "enrolled_losses": gettext_lazy("terdaftar, tidak lagi memenuhi aturan"),
    "all": gettext_lazy("semua yang hasilnya berubah"),
}
RESULTS = {**dict(Verdict.choices), NO_RULE: gettext_lazy("belum ada hasil")}


@dataclass(frozen=True)
class Row:
    """One sub-district or village."""

    region: Region
    tally: Tally
    quota: int | None
    villages: tuple[str, ...]  # the keys of its villages in an outcome


@dataclass(frozen=True)
class Shown:
    """One programme's outcome on the page."""

    code: str
    name: str
    unit: str
    names: tuple[str, str]
    total: Tally
    meets_now: int
    meets_then: int
    quota: int | None
    quota_period: str
    sentence: str
    moves: list[tuple[str, str, int]]


def told(trials: Iterable[Trial]) -> list[tuple[Trial, list[str]]]:
    """Each trial with what came of it, a sentence a programme; none yet while it is counted."""
    return [(trial, [shown(one).sentence for one in outcomes(trial)]) for trial in trials]


def outcomes(trial: Trial) -> list[dict[str, Any]]:
    return list(trial.result.get("outcomes", []))


def chosen(trial: Trial, code: str) -> dict[str, Any] | None:
    """The outcome asked for by the programme's code; where none was, the one that changes most."""
    found = outcomes(trial)
    if code:
        return next((one for one in found if one["code"] == code), None)
    return max(found, key=lambda one: one["total"]["gains"] + one["total"]["losses"], default=None)


def shown(outcome: dict[str, Any]) -> Shown:
    total, quotas = Tally(**outcome["total"]), outcome["quotas"]
    meets = total.before if outcome["standing"] is None else outcome["standing"]
    return Shown(
        code=outcome["code"],
        name=outcome["name"],
        unit=str(UNITS[outcome["unit"]]),
        names=(outcome["before_name"], outcome["after_name"]),
        total=total,
        meets_now=meets,
        meets_then=meets + total.gains - total.losses,
        quota=_district_quota(quotas),
        quota_period=outcome["quota_period"],
        sentence=sentence(outcome["name"], str(UNITS[outcome["unit"]]), total),
        moves=_moves(outcome["moves"]),
    )


def sentence(programme: str, unit: str, total: Tally) -> str:
    """The finding in words; meeting a rule is never said to be receiving."""
    values = {
        "programme": programme,
        "unit": unit,
        "gains": number_format(total.gains),
        "losses": number_format(total.losses),
    }
    if not total.gains and not total.losses:
        return (
            _("%(programme)s: tidak ada %(unit)s yang hasilnya berubah antara memenuhi dan tidak.") % values
        )
    return _("%(programme)s: %(gains)s %(unit)s akan mulai memenuhi aturan, %(losses)s tidak lagi.") % values


def _moves(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    """Changed results first, each with its two words."""
    ordered = sorted((len(set(move.split(">"))) == 1, -count, move) for move, count in counts.items())
    return [
        (str(RESULTS[was]), str(RESULTS[becomes]), -less)
        for _same, less, move in ordered
        for was, becomes in [move.split(">")]
    ]


def _district_quota(quotas: dict[str, int]) -> int | None:
    """The district's own quota, else the sum of its parts."""
    if not quotas:
        return None
    levels = dict(Region.objects.filter(pk__in=quotas).values_list("pk", "level"))
    for level in ("DISTRICT", "SUBDISTRICT", "VILLAGE"):
        parts = [amount for region, amount in quotas.items() if levels.get(int(region)) == level]
        if parts:
            return sum(parts)
    return None


def by_subdistrict(outcome: dict[str, Any], user: Any) -> list[Row]:
    villages = dict(Region.objects.visible_to(user).villages().values_list("pk", "parent_id"))
    parts: dict[int | None, list[str]] = {}
    for village in outcome["villages"]:
        if int(village) in villages:
            parts.setdefault(villages[int(village)], []).append(village)
    return _rows(outcome, Region.objects.filter(pk__in=[pk for pk in parts if pk]), parts)


def by_village(outcome: dict[str, Any], user: Any, subdistrict: Region) -> list[Row]:
    parts = {int(village): [village] for village in outcome["villages"]}
    villages = Region.objects.visible_to(user).villages().filter(parent=subdistrict, pk__in=parts)
    return _rows(outcome, villages, parts)


def _rows(
    outcome: dict[str, Any],
    regions: Iterable[Region],
    parts: Mapping[int, list[str]] | Mapping[int | None, list[str]],
) -> list[Row]:
    return [
        Row(
            region,
            _sum(Tally(**outcome["villages"][village]) for village in parts[region.pk]),
            outcome["quotas"].get(str(region.pk)),
            tuple(parts[region.pk]),
        )
        for region in regions
    ]


def _sum(tallies: Iterable[Tally]) -> Tally:
    rows = list(tallies)
    return Tally(**{one.name: sum(getattr(row, one.name) for row in rows) for one in fields(Tally)})
