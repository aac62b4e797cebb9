"""What a page shows of the phone of a case: to staff who confirmed it, to the family which phones open its data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bansos.common import vault
from objections import services
from objections.enums import PhoneHow
from objections.models import Objection, PhoneCode, PhoneConfirmation


@dataclass(frozen=True)
class Opener:
    """A phone that may open a family's data, as the family reads it."""

    case_id: int
    case: str
    last: str
    since: datetime


@dataclass(frozen=True)
class Shown:
    """For staff: how far the phone of a case is, and what they may do about it."""

    kept: PhoneConfirmation | None
    is_standing: bool
    sent_at: datetime | None
    other_families: int
    ways: list[tuple[str, Any]]
    may_end: bool

    @property
    def is_flagged(self) -> bool:
        return self.other_families + 1 > PhoneConfirmation.MOST_FAMILIES


def of_family(family_id: int, *, now: datetime) -> list[Opener]:
    standing = PhoneConfirmation.objects.standing(now).filter(family=family_id).select_related("objection")
    return [
        Opener(one.objection_id, one.objection.receipt_no, last_digits(one.objection), one.confirmed_at)
        for one in standing
        if one.confirmed_at
    ]


def of_case(objection: Objection, *, now: datetime, by: Any) -> Shown | None:
    if objection.phone_index is None or not objection.is_about_own_family:
        return None
    kept = PhoneConfirmation.objects.kept().filter(objection=objection).select_related("confirmed_by").first()
    sent = PhoneCode.objects.filter(objection=objection).values_list("made_at", flat=True)
    may_confirm = bool(
        kept and not kept.confirmed_at and objection.match_confirmed_at and by.has_perm(services.CHECK)
    )
    return Shown(
        kept=kept,
        is_standing=services.standing_phone(objection, now=now) is not None,
        sent_at=sent.first(),
        other_families=services.families_of_phone(objection, now=now),
        ways=_ways(objection) if may_confirm else [],
        may_end=kept is not None and services.may_end_phone(by),
    )


def _ways(objection: Objection) -> list[tuple[str, Any]]:
    """A visit is a way only where one met the family."""
    was_met = objection.visits.done().filter(not_met="").exists()
    return [(how.value, how.label) for how in PhoneHow if how != PhoneHow.VISIT or was_met]


def last_digits(objection: Objection) -> str:
    """Enough to tell one's own phone by."""
    phone = vault.decrypt(vault.PHONE, objection.phone_sealed or b"", objection.phone_index or b"")
    return phone[-3:]
