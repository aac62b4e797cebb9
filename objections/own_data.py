"""What the registry and the rules say of one family, for the family itself (ux.md 0.2, 5.2-5.4).

Three facts are kept apart: the decile, whether the rule is met, whether the family is on the list. Where no list of
a programme was given to this portal yet, the page says so instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from eligibility import reasons, services
from eligibility.enums import Verdict
from eligibility.models import EligibilityDecision
from eligibility.wording import deciles_up_to
from recipients import decile_story
from recipients.addressing import CITIZEN, Reader
from recipients.enums import EnrolmentState, Unit
from recipients.models import (
    CurrentRelease,
    DecileCeiling,
    FamilyMembership,
    Programme,
    RegistryRelease,
    WelfareSnapshot,
)

RECEIVING = (EnrolmentState.ENROLLED, EnrolmentState.ACTIVE)
YES = 1  # the code book's Ya (domain.md 3.3)


@dataclass(frozen=True)
class Result:
    """Whether the rule is met, for the family or for those members (initials only) it says the same of."""

    who: str
    verdict: str
    label: str
    reasons: list[str]
    needed: list[str]


@dataclass(frozen=True)
class Listed:
    """What the centre's mark of PBI says of those members: paid, not paid, or nothing."""

    who: str
    is_paid: bool | None


@dataclass(frozen=True)
class ProgrammeView:
    name: str
    is_personal: bool
    deciles: str  # that it is for; empty where no limit is kept
    is_ruled: bool
    results: list[Result]
    listed: list[Listed]
    has_list: bool
    standings: list[str]
    is_kept_on: bool  # on the list, though the rule is not met
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
    standing = EligibilityDecision.objects.standing_on(as_of).filter(family=family_id)
    for decision in standing.select_related("programme", "rule_set", "release").order_by("pk"):
        decisions.setdefault(decision.programme_id, []).append(decision)
    ceilings = dict(DecileCeiling.objects.in_force(as_of).values_list("programme_id", "ceiling"))
    members = {
        member.person_id: member
        for member in FamilyMembership.objects.standing().filter(family=family_id).order_by("relation", "pk")
    }
    known, unruled = services.programmes_with_a_list(), set(services.unruled(as_of))
    standings: dict[int, list[str]] = {}
    receiving: set[int] = set()
    for one in services.standings_of(family_id=family_id, as_of=as_of):
        member = members.get(one.person_id) if one.person_id else None
        standings.setdefault(one.programme_id, []).append(_standing(one, member))
        receiving |= {one.programme_id} if one.state in RECEIVING else set()
    return [
        ProgrammeView(
            name=programme.name,
            is_personal=programme.unit == Unit.PERSON,
            deciles=deciles_up_to(ceilings[programme.pk]) if programme.pk in ceilings else "",
            is_ruled=programme not in unruled,
            results=_results(programme, decisions.get(programme.pk, []), members, reader),
            listed=_listed(members) if programme.unit == Unit.PERSON and not programme.is_local else [],
            has_list=programme.pk in known,
            standings=standings.get(programme.pk, []),
            is_kept_on=programme.pk in receiving and _is_refused(decisions.get(programme.pk, [])),
            basis=_basis(decisions.get(programme.pk, [])),
        )
        for programme in Programme.objects.all()
    ]


def _is_refused(decisions: list[EligibilityDecision]) -> bool:
    return any(one.verdict == Verdict.INELIGIBLE for one in decisions)


def _standing(one: services.Standing, member: FamilyMembership | None) -> str:
    """A state in a sentence, the place of one who waits in tens."""
    who = f"{initials(member.name)}: " if member else ""
    day = date_format(one.until or one.since, "j F Y")
    said = _("%(state)s sejak %(day)s.") % {"state": _first_upper(one.state_label), "day": day}
    if one.band:
        said += " " + _(
            "Urutan %(first)d sampai %(last)d dari %(all)d yang menunggu. Urutan bisa berubah jika data berubah."
        ) % dict(zip(("first", "last", "all"), one.band, strict=True))
    return f"{who}{said}"


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _results(
    programme: Programme,
    decisions: list[EligibilityDecision],
    members: dict[int, FamilyMembership],
    reader: Reader,
) -> list[Result]:
    grouped: dict[tuple[str, str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for decision in decisions:
        member = members.get(decision.person_id) if decision.person_id else None
        words = (
            decision.verdict,
            decision.get_verdict_display(),
            tuple(reasons.in_words(decision, programme=programme.name, reader=reader)),
            tuple(reasons.needed(decision)),
        )
        grouped.setdefault(words, []).append(initials(member.name) if member else "")
    return [
        Result(", ".join(filter(None, who)), verdict, label, list(why), list(needed))
        for (verdict, label, why, needed), who in grouped.items()
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
