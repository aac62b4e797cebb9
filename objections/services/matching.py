"""Whose case it is: the family that the NIK stands in, looked for after filing and never before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from objections.enums import EventKind, Kind
from objections.models import Objection
from objections.moves import HANDLE
from objections.services.moving import MoveRefused, require
from recipients.models import Family, FamilyMembership


@transaction.atomic
def match(*, objection: Objection, now: datetime) -> None:
    """Look for the family in the published release. Only staff see the result, field by field.

    From here on the family's village is the area of the case: a claimed one would open somebody else's data to whoever
    knows a NIK. What the citizen claimed stays in `match`.
    """
    membership = (
        FamilyMembership.objects.standing()
        .of_nik(bytes(objection.nik_index))
        .select_related("family")
        .first()
    )
    claimed = objection.match.get("claimed_village", objection.village_id)  # as filed, also when run again
    objection.match = _agreement(objection, membership, claimed)
    # The case is about somebody else: the reporter's family stays out of it.
    if objection.kind == Kind.WELL_OFF:
        membership = None
    if membership is not None:
        objection.family = membership.family
        objection.village_id = membership.family.village_id
    objection.save(update_fields=["match", "family", "village"])
    objection.events.create(kind=EventKind.MATCHED, at=now)


@transaction.atomic
def confirm_match(*, objection: Objection, by: Any, now: datetime) -> None:
    """An officer looked at both sides: this is the family of the case."""
    require(by, HANDLE)
    unsure = Objection.objects.open().filter(
        pk=objection.pk, family=objection.family_id, match_confirmed_at=None
    )
    if objection.family_id is None or not unsure.update(match_confirmed_by=by, match_confirmed_at=now):
        raise MoveRefused(
            _("Kecocokan ini sudah dipastikan, atau kasusnya sudah selesai. Muat ulang halaman.")
        )
    objection.refresh_from_db()
    objection.events.create(kind=EventKind.CONFIRMED, at=now, by=by)


@transaction.atomic
def set_reported_family(*, objection: Objection, family: Family, by: Any, now: datetime) -> None:
    """A report names somebody in words; an officer finds the family. The area of the case follows that family."""
    require(by, HANDLE)
    reports = Objection.objects.open().filter(pk=objection.pk, kind=Kind.WELL_OFF)
    values = {"family": family, "village": family.village_id}
    if not reports.update(**values, match_confirmed_by=by, match_confirmed_at=now):
        raise MoveRefused(_("Hanya laporan yang masih terbuka yang dihubungkan dengan keluarga lain."))
    objection.refresh_from_db()
    note = _("keluarga yang dilaporkan")
    objection.events.create(kind=EventKind.CONFIRMED, at=now, by=by, note=note)


def _agreement(
    objection: Objection, membership: FamilyMembership | None, claimed: int | None
) -> dict[str, Any]:
    if membership is None:
        return {"nik": "unknown", "claimed_village": claimed}
    return {
        "nik": "agrees",
        "birth_date": _compare(objection.birth_date, membership.birth_date),
        "village": _compare(claimed, membership.family.village_id),
        "claimed_village": claimed,
    }


def _compare(said: Any, recorded: Any) -> str:
    if said is None:
        return "not_said"
    if recorded is None:
        return "not_recorded"
    return "agrees" if said == recorded else "differs"
