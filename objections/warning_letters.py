"""Letters that warn a family before a benefit changes: one page a family, for all its programmes (early warning)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from eligibility import services
from eligibility.models import Finding
from objections import codes, own_data
from objections.letters import PER_PRINT
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family, FamilyMembership, Region, WelfareSnapshot


@dataclass(frozen=True)
class Line:
    """One programme; what is the same for several members is said once, with their initials."""

    notice: services.Notice
    who: str


@dataclass(frozen=True)
class Warned:
    """One family's letter; no code where the published release does not name the family: it would open nothing."""

    name: str
    address: str
    village: str
    lines: list[Line]
    until: date
    code: str


@dataclass(frozen=True)
class Print:
    letters: list[Warned]
    finding_ids: list[int]
    valid_until: date
    left: int


def villages_to_warn(by: Any, *, today: date) -> list[tuple[Region, int]]:
    """The villages of one's area where families wait for such a letter, and how many."""
    counts = services.families_to_warn(Family.objects.visible_to(by), today=today)
    villages = Region.objects.filter(pk__in=counts).select_related("parent").order_by("parent__name", "name")
    return [(village, counts[village.pk]) for village in villages]


@transaction.atomic
def print_warnings(*, village: Region, by: Any, today: date) -> Print:
    """The letters of those who wait, as many as one print holds; the print is logged before it is made."""
    families = Family.objects.visible_to(by).filter(village=village)
    waiting = services.families_to_warn(families, today=today).get(village.pk, 0)
    found, finding_ids = services.notices_to_print(families=families, most=PER_PRINT, today=today)
    by_family: dict[int, list[services.Notice]] = defaultdict(list)
    for notice in found:
        by_family[notice.family_id].append(notice)
    record_access(
        by=by, kind=Access.PRINT_LETTER, subject=f"surat peringatan {village.code}", rows=len(by_family)
    )
    letters = _letters(by_family, village, by, today)
    return Print(letters, finding_ids, today + codes.LETTER_VALID, waiting - len(letters))


def _letters(
    by_family: dict[int, list[services.Notice]], village: Region, by: Any, today: date
) -> list[Warned]:
    rows = WelfareSnapshot.objects.known().filter(family__in=by_family).order_by("pk")
    last = {row.family_id: row for row in rows}  # who dropped out of the registry is written to as last known
    standing = set(
        WelfareSnapshot.objects.standing().filter(family__in=by_family).values_list("family", flat=True)
    )
    people = [one.person_id for notices in by_family.values() for one in notices if one.person_id]
    names = FamilyMembership.objects.published().filter(person__in=people).names()
    made = codes.make_letter_codes(families=Family.objects.filter(pk__in=standing), by=by, today=today)
    return [
        Warned(
            name=last[family].head_name,
            address=last[family].address,
            village=village.name,
            lines=_lines(notices, names),
            until=max(notice.until for notice in notices),
            code=made.get(family, ""),
        )
        for family, notices in by_family.items()
    ]


def _lines(notices: list[services.Notice], names: dict[int, str]) -> list[Line]:
    alike: dict[tuple[str, tuple[str, ...]], list[services.Notice]] = defaultdict(list)
    for notice in notices:
        alike[notice.programme, notice.reasons].append(notice)
    return [
        Line(same[0], ", ".join(_initials(one, names) for one in same if one.person_id))
        for same in alike.values()
    ]


def _initials(notice: services.Notice, names: dict[int, str]) -> str:
    return own_data.initials(names.get(notice.person_id or 0, ""))


def mark_printed(*, finding_ids: list[int], by: Any) -> int:
    """The letters are on paper and will be carried to their families; only those of one's area count."""
    own: QuerySet[Finding] = Finding.objects.visible_to(by).filter(pk__in=finding_ids)
    return services.mark_notices_printed(findings=own, by=by, now=timezone.now())
