"""Notice letters to families: the computed rule result and a code that opens one's own data (ux.md 5.8, L1)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from eligibility import reasons
from eligibility.models import EligibilityDecision, Verdict
from objections import codes
from recipients import decile_story
from recipients.access import record_access
from recipients.addressing import LETTER
from recipients.enums import Access, Unit
from recipients.models import CurrentRelease, DecileChange, Family, Region, WelfareSnapshot
from recipients.models.people import FamilyQuerySet

PER_PRINT = 200  # letters in one print: what a browser lays out on a small office machine


@dataclass(frozen=True)
class Letter:
    name: str
    address: str
    village: str
    change: str
    results: list[dict[str, Any]]
    code: str


@dataclass(frozen=True)
class Print:
    letters: list[Letter]
    release: Any
    valid_until: date
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
    results = _results(families)
    letters = [
        _letter(by_family[family.pk], stories[family.pk], results[family.pk], made[family.pk])
        for family in families
    ]
    return Print(letters, CurrentRelease.get(), today + codes.LETTER_VALID, part, parts)


def _letter(
    snapshot: WelfareSnapshot, story: decile_story.Story, results: list[dict[str, Any]], code: str
) -> Letter:
    return Letter(
        name=snapshot.head_name,
        address=snapshot.address,
        village=snapshot.village.name,
        change=story.sentence(LETTER),
        results=results,
        code=code,
    )


def _results(families: list[Family]) -> dict[int, list[dict[str, Any]]]:
    """Per family and programme: the verdict in words and why, members counted where the unit is the person."""
    standing = EligibilityDecision.objects.standing().filter(family__in=families)
    grouped: dict[int, dict[Any, list[EligibilityDecision]]] = defaultdict(lambda: defaultdict(list))
    for decision in standing.select_related("programme").order_by("programme", "pk"):
        grouped[decision.family_id][decision.programme].append(decision)
    answer: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for family_id, programmes in grouped.items():
        answer[family_id] = [_result(programme, decisions) for programme, decisions in programmes.items()]
    return answer


def _result(programme: Any, decisions: list[EligibilityDecision]) -> dict[str, Any]:
    if programme.unit == Unit.PERSON:
        eligible = sum(decision.verdict == Verdict.ELIGIBLE for decision in decisions)
        words = _("%(eligible)d dari %(all)d anggota memenuhi syarat") % {
            "eligible": eligible,
            "all": len(decisions),
        }
    else:
        words = decisions[0].get_verdict_display()
    against = [decision for decision in decisions if decision.verdict != Verdict.ELIGIBLE]
    why = [
        reason
        for decision in against
        for reason in reasons.in_words(decision, programme=programme.name, reader=LETTER)
    ]
    return {"programme": programme.name, "words": words, "reasons": list(dict.fromkeys(why))}
