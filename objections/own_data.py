"""What the registry and the rules say of one family, for the family itself (ux.md 0.2, 5.2-5.4).

Three facts are kept apart: the decile, whether the rule is met, whether the family is on the list. The list of
recipients has not been given to this portal yet, and the page says so instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from eligibility import reasons
from eligibility.models import EligibilityDecision
from recipients import decile_story
from recipients.addressing import CITIZEN, Reader
from recipients.enums import Unit
from recipients.models import (
    CurrentRelease,
    DecileCeiling,
    FamilyMembership,
    Programme,
    RegistryRelease,
    WelfareSnapshot,
)

YES = 1  # the code book's Ya (domain.md 3.3)


@dataclass(frozen=True)
class Result:
    """Whether the rule is met, for the family or for those members (initials only) it says the same of."""

    who: str
    verdict: str
    label: str
    reasons: list[str]


@dataclass(frozen=True)
class Listed:
    """What the centre's mark of PBI says of those members: paid, not paid, or nothing."""

    who: str
    is_paid: bool | None


@dataclass(frozen=True)
class ProgrammeView:
    name: str
    is_personal: bool
    ceiling: int | None
    results: list[Result]
    listed: list[Listed]
    basis: str


@dataclass(frozen=True)
class OwnData:
    head: str
    village: str
    member_count: int | None
    release: RegistryRelease | None
    decile: int | None
    change: str
    ladder: list[tuple[int, str]] = field(default_factory=list)
    programmes: list[ProgrammeView] = field(default_factory=list)


def of_family(*, family_id: int, as_of: date) -> OwnData:
    snapshot = (
        WelfareSnapshot.objects.standing().filter(family=family_id).select_related("village__parent").first()
    )
    story = decile_story.of_family(family_id)
    return OwnData(
        head=initials(snapshot.head_name) if snapshot else "",
        village=_place(snapshot),
        member_count=snapshot.member_count if snapshot else None,
        release=CurrentRelease.get(),
        decile=story.now,
        change=story.sentence(CITIZEN),
        ladder=story.ladder(),
        programmes=programmes(family_id, as_of, CITIZEN),
    )


def initials(name: str) -> str:
    """A. S. for AMAQ SAHRUN: enough for the family itself, little for anyone else."""
    return " ".join(f"{word[0]}." for word in name.upper().split() if word[0].isalpha())


def _place(snapshot: WelfareSnapshot | None) -> str:
    if snapshot is None or snapshot.village.parent is None:
        return ""
    return f"{snapshot.village.name}, {snapshot.village.parent.name}"


def programmes(family_id: int, as_of: date, reader: Reader) -> list[ProgrammeView]:
    decisions: dict[int, list[EligibilityDecision]] = {}
    standing = EligibilityDecision.objects.standing().filter(family=family_id)
    for decision in standing.select_related("programme", "rule_set", "release").order_by("pk"):
        decisions.setdefault(decision.programme_id, []).append(decision)
    ceilings = dict(DecileCeiling.objects.in_force(as_of).values_list("programme_id", "ceiling"))
    members = {
        member.person_id: member
        for member in FamilyMembership.objects.standing().filter(family=family_id).order_by("relation", "pk")
    }
    return [
        _programme(programme, decisions.get(programme.pk, []), ceilings.get(programme.pk), members, reader)
        for programme in Programme.objects.all()
    ]


def _programme(
    programme: Programme,
    decisions: list[EligibilityDecision],
    ceiling: int | None,
    members: dict[int, FamilyMembership],
    reader: Reader,
) -> ProgrammeView:
    is_personal = programme.unit == Unit.PERSON
    return ProgrammeView(
        name=programme.name,
        is_personal=is_personal,
        ceiling=ceiling,
        results=_results(programme, decisions, members, reader),
        listed=_listed(members) if is_personal else [],
        basis=_basis(decisions),
    )


def _results(
    programme: Programme,
    decisions: list[EligibilityDecision],
    members: dict[int, FamilyMembership],
    reader: Reader,
) -> list[Result]:
    grouped: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
    for decision in decisions:
        member = members.get(decision.person_id) if decision.person_id else None
        words = (
            decision.verdict,
            decision.get_verdict_display(),
            tuple(reasons.in_words(decision, programme=programme.name, reader=reader)),
        )
        grouped.setdefault(words, []).append(initials(member.name) if member else "")
    return [
        Result(", ".join(filter(None, who)), verdict, label, list(why))
        for (verdict, label, why), who in grouped.items()
    ]


def _listed(members: dict[int, FamilyMembership]) -> list[Listed]:
    """The only list this portal holds: the centre's own mark of PBI in the member's row."""
    grouped: dict[bool | None, list[str]] = {}
    for member in members.values():
        mark = None if member.national_pbi is None else member.national_pbi == YES
        grouped.setdefault(mark, []).append(initials(member.name))
    return [Listed(", ".join(who), mark) for mark, who in grouped.items()]


def _basis(decisions: list[EligibilityDecision]) -> str:
    if not decisions:
        return ""
    decision = decisions[0]
    release = decision.release.label if decision.release else "-"
    return _("Dihitung dari data pusat %(release)s, aturan versi %(version)s.") % {
        "release": release,
        "version": decision.rule_set.version,
    }
