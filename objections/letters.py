"""Notice letters to families: the computed rule result and a code that opens one's own data (ux.md 5.8, L1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from objections import codes, window
from objections.enums import LetterKind
from objections.models import LetterTemplate
from objections.paper import results, text, values
from objections.paper.sheets import Page
from recipients import decile_story
from recipients.access import record_access
from recipients.addressing import LETTER
from recipients.enums import Access
from recipients.models import (
    CurrentRelease,
    DecileChange,
    Family,
    Region,
    RegistryRelease,
    WelfareSnapshot,
)
from recipients.models.people import FamilyQuerySet
from recipients.overview import LOSSES

PER_PRINT = 200  # letters in one print: what a browser lays out on a small office machine


@dataclass(frozen=True)
class Print:
    letters: list[Page]
    part: int
    parts: int


def with_crossed_ceiling(families: FamilyQuerySet) -> FamilyQuerySet:
    """Families that the current release moved across a programme's ceiling."""
    crossed = DecileChange.objects.filter(
        release=CurrentRelease.get(), crossed_ceilings__len__gt=0, family__in=families
    )
    return families.filter(pk__in=crossed.values("family"))


@transaction.atomic
def print_village(*, families: FamilyQuerySet, village: Region, part: int, by: Any, today: date) -> Print:
    """One part of a village's letters, in the order of their families; the print is logged before it is made."""
    ordered = _listed(families).order_by("pk")
    parts = max(1, -(-ordered.count() // PER_PRINT))
    part = min(max(1, part), parts)
    chosen = list(ordered[(part - 1) * PER_PRINT : part * PER_PRINT])
    record_access(by=by, kind=Access.PRINT_LETTER, subject=f"surat {village.code}", rows=len(chosen))
    return _print(chosen, by, today, part, parts)


@transaction.atomic
def print_family(*, family: Family, by: Any, today: date) -> Print:
    chosen = list(_listed(Family.objects.filter(pk=family.pk)))
    record_access(by=by, kind=Access.PRINT_LETTER, family=family, subject="surat", rows=len(chosen))
    return _print(chosen, by, today, 1, 1)


def _listed(families: FamilyQuerySet) -> FamilyQuerySet:
    """Those the published release names: for others there is nothing to write, and no code is made."""
    standing = WelfareSnapshot.objects.standing().filter(family=OuterRef("pk"))
    return families.filter(Exists(standing))


def _print(families: list[Family], by: Any, today: date, part: int, parts: int) -> Print:
    made = codes.make_letter_codes(families=families, by=by, today=today)
    snapshots = WelfareSnapshot.objects.standing().filter(family__in=families)
    by_family = {snapshot.family_id: snapshot for snapshot in snapshots.select_related("village")}
    stories = decile_story.of_families([family.pk for family in families])
    found = results.of_families(families, day=today)
    template = LetterTemplate.objects.in_force(LetterKind.CHANGE)
    shared = values.of_office(today) | {"sumber": source(CurrentRelease.get())}
    letters = [
        _letter(
            template,
            by_family[family.pk],
            shared
            | values.on_paper(name=by_family[family.pk].head_name, code=made[family.pk], today=today)
            | {
                "perubahan": stories[family.pk].sentence(LETTER),
                "hasil": _results_in_words(found[family.pk]),
            },
            today,
        )
        for family in families
    ]
    return Print(letters, part, parts)


def _letter(
    template: LetterTemplate, snapshot: WelfareSnapshot, told: Mapping[str, text.Value], today: date
) -> Page:
    village = snapshot.village.name
    return Page(
        title=template.title,
        blocks=text.blocks(text.fill(template.body, {**told, "desa": village})),
        version=str(template),
        date=values.day(today),
        address=[
            line for line in (_("Bapak/Ibu %s") % snapshot.head_name, snapshot.address, village) if line
        ],
    )


def _results_in_words(found: list[results.Result]) -> str:
    return "\n".join([_("Menurut hitungan kami:"), *(one.line for one in found)]) if found else ""


def source(release: RegistryRelease | None) -> str:
    if release is None:
        return ""
    told = {"label": release.label, "day": values.day(release.as_of)}
    return _("Data ini berasal dari DTSEN rilis %(label)s, tanggal %(day)s.") % told


def to_village_head(*, village: Region, today: date) -> Page:
    """What the release did to a village, in numbers only: nobody is named, nobody is blamed (L5)."""
    release, template = CurrentRelease.get(), LetterTemplate.objects.in_force(LetterKind.VILLAGE)
    changes = DecileChange.objects.filter(release=release, village=village)
    crossed = Q(crossed_ceilings__len__gt=0)
    counts = changes.aggregate(
        jumlah=Count("pk"),
        keluar=Count("pk", filter=crossed & Q(direction__in=LOSSES)),
        masuk=Count("pk", filter=crossed & ~Q(direction__in=LOSSES)),
    )
    closes = window.current(today)
    told: dict[str, text.Value] = {name: str(count) for name, count in counts.items()}
    told |= values.of_office(today) | {
        "desa": village.name,
        "sumber": source(release),
        "batas": values.day(closes.closes_on) if closes else "-",
    }
    return Page(
        title=template.title,
        blocks=text.blocks(text.fill(template.body, told)),
        version=str(template),
        date=values.day(today),
        address=[_("Kepala Desa/Lurah %s") % village.name, *_under(village)],
    )


def _under(village: Region) -> list[str]:
    return [_("Kecamatan %s") % village.parent.name] if village.parent else []
