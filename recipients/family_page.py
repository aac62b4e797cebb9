"""What the family page shows, gathered in a fixed number of queries and put in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, OuterRef, Subquery, When
from django.db.models.functions import Coalesce

from bansos.common import ids
from recipients import codebook, decile_story
from recipients.addressing import STAFF
from recipients.decile_story import History
from recipients.models import (
    DecileChange,
    Family,
    FamilyCardNumber,
    FamilyMembership,
    Programme,
    WelfareSnapshot,
)
from recipients.models.names import holds_words, words_of


@dataclass(frozen=True)
class Step:
    """One release in a family's decile history."""

    release: Any
    sentence: str
    direction: str
    crossed: list[str]


@dataclass(frozen=True)
class Member:
    membership: FamilyMembership
    nik: str
    relation: Any
    sex: Any
    school: Any


def head_name_of(path: str) -> Any:
    """The head's name as annotation: of the standing snapshot, else of the last one. Two index look-ups a row."""
    rows = WelfareSnapshot.objects.published().filter(family=OuterRef(path))
    standing = rows.filter(until_release=None).values("head_name")[:1]
    ended = rows.filter(until_release__isnull=False).order_by("-from_release_id").values("head_name")[:1]
    return Coalesce(Subquery(standing), Subquery(ended))


def with_head_tokens(families: Any, typed: str) -> Any:
    """Families whose standing head's name has words that begin like those typed; the nearest first, then by name."""
    words = words_of(typed)
    if not words:
        return families
    found = families.filter(
        snapshots__in=WelfareSnapshot.objects.standing().filter(holds_words(words, field="head_name"))
    )
    nearness = Case(
        When(snapshots__head_name__iexact=" ".join(typed.split()), then=0),
        When(holds_words(words, field="snapshots__head_name", begun=False), then=1),
        default=2,
    )
    return found.order_by(nearness, "snapshots__head_name", "pk")


def find_by_number(*, user: Any, number: str) -> Family | None:
    """The one family in the user's area with this card number or this member's NIK."""
    families = Family.objects.visible_to(user)
    for wanted, fits in ((families.with_card_no, ids.is_card_no), (families.with_member_nik, ids.is_nik)):
        found = wanted(number).first() if fits(number) else None
        if found is not None:
            return found
    return None


def page_details(families: list[Family]) -> list[Family]:
    """Give each family of a list page its head's name, decile, member count and masked card number."""
    keys = [family.pk for family in families]
    standing = {row.family_id: row for row in WelfareSnapshot.objects.standing().filter(family__in=keys)}
    cards = {card.family_id: card.masked() for card in FamilyCardNumber.objects.filter(family__in=keys)}
    counted = FamilyMembership.objects.standing().filter(family__in=keys).values_list("family").order_by()
    members = dict(counted.annotate(n=Count("pk")))
    for family in families:
        family.page = {
            "snapshot": standing.get(family.pk),
            "card": cards.get(family.pk, ""),
            "members": members.get(family.pk),
        }
    return families


def standing_snapshot(family: Family) -> WelfareSnapshot | None:
    """What stands, else what stood last: the newest, since the intervals of a family do not overlap."""
    rows = family.snapshots.published().select_related("village__parent", "from_release")
    return rows.order_by("-from_release_id").first()


def members(family: Family) -> list[Member]:
    rows = FamilyMembership.objects.standing().filter(family=family).select_related("person__nik")
    return [_member(row) for row in rows.order_by("relation", "birth_date")]


def _member(row: FamilyMembership) -> Member:
    nik = getattr(row.person, "nik", None)
    return Member(
        row,
        nik.masked() if nik else "",
        codebook.say(codebook.RELATION, row.relation),
        codebook.say(codebook.SEX, row.sex),
        codebook.say(codebook.SCHOOL, row.school_participation),
    )


def steps(history: History) -> list[Step]:
    """The decile history, newest first: what each release said and what that means, in words."""
    is_crossed = any(change.crossed_ceilings for change in history.changes)
    names = dict(Programme.objects.values_list("code", "name")) if is_crossed else {}
    found = [_step(change, names) for change in history.changes]
    first = history.snapshots[-1] if history.snapshots else None
    if first is not None and not any(step.release == first.from_release for step in found):
        found.append(Step(first.from_release, decile_story.first_words(first.decile), "", []))
    return sorted(found, key=lambda step: step.release.as_of, reverse=True)


def _step(change: DecileChange, names: dict[str, str]) -> Step:
    crossed = [names.get(code, code) for code in change.crossed_ceilings]
    return Step(change.release, decile_story.change_words(change, STAFF), change.direction, crossed)


def facts(snapshot: WelfareSnapshot | None) -> dict[str, Iterable[Any]]:
    if snapshot is None:
        return {}
    has, has_not, silent = codebook.assets(snapshot)
    return {
        "housing": codebook.housing(snapshot),
        "has": has,
        "has_not": has_not,
        "silent": silent,
        "livestock": codebook.livestock(snapshot),
    }
