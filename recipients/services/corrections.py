"""Correct what our own import got wrong. What the centre says is corrected by the centre: that is a proposal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from recipients import proposable
from recipients.models import FactCorrection, Family, FamilyMembership, WelfareSnapshot
from recipients.services.facts import mark_families
from recipients.services.proposals import Change

# What rules ask of and a misread cell can hold wrongly; who is married decides nothing.
CORRECTABLE = frozenset(proposable.FACTS) - {"marital_status"}


class CorrectionRefused(ValueError):
    """The fact cannot be corrected so; the message says why and what to do, in Indonesian."""


@transaction.atomic
def correct_fact(
    *,
    family: Family,
    changes: Iterable[Change],
    because: str,
    by: User,
    approved_by: User,
    now: datetime,
    reference: str = "",
) -> list[FactCorrection]:
    """Lay the right values over the standing rows; the family is decided again. Two people answer for it."""
    if not because.strip():
        raise CorrectionRefused(_("Tulis apa yang salah dibaca dan dari mana data yang benar diketahui."))
    if by.pk == approved_by.pk:
        raise CorrectionRefused(_("Yang mengusulkan dan yang menyetujui perbaikan harus dua orang."))
    signed = {
        "because": because.strip()[:300],
        "reference": reference,
        "since": localdate(now),
        "made_by": by,
        "approved_by": approved_by,
    }
    made = [_lay(right, family, signed) for right in check_correction(family=family, changes=changes)]
    mark_families([family.pk], reason="perbaikan data")
    return made


@dataclass(frozen=True)
class Right:
    """A fact as it should read: which standing row holds it, and the value as a number or a day."""

    owner: str
    row: Any
    field: str
    value: int | None
    day: date | None


def check_correction(*, family: Family, changes: Iterable[Change]) -> list[Right]:
    """What would be laid over which rows; CorrectionRefused where one of them cannot be."""
    found = [_right(family, change) for change in changes]
    if not found:
        raise CorrectionRefused(_("Pilih paling sedikit satu data yang diperbaiki."))
    return found


def _right(family: Family, change: Change) -> Right:
    fact = proposable.FACTS.get(change.field)
    if fact is None or change.field not in CORRECTABLE:
        raise CorrectionRefused(
            _("Data %s tidak bisa diperbaiki di kabupaten. Usulkan ke pusat.") % change.field
        )
    owner, row = _row(family, change, fact)
    try:
        value = fact.parse(change.value)
    except ValueError as wrong:
        raise CorrectionRefused(
            _("%(label)s tidak bisa berisi %(value)s.") % {"label": fact.label, "value": change.value}
        ) from wrong
    day = date.fromisoformat(str(value)) if fact.is_day else None
    if getattr(row, change.field) == (day or value):
        raise CorrectionRefused(
            _("%(label)s sudah tercatat %(value)s.") % {"label": fact.label, "value": fact.say(value)}
        )
    return Right(owner, row, change.field, None if day else int(value), day)


def _lay(right: Right, family: Family, signed: dict[str, Any]) -> FactCorrection:
    """The earlier correction of the same fact ends; its row stays on record."""
    where = {right.owner: right.row, "field": right.field}
    FactCorrection.objects.filter(**where, until=None).update(until=signed["since"])
    return FactCorrection.objects.create(family=family, **where, value=right.value, day=right.day, **signed)


def _row(family: Family, change: Change, fact: proposable.Fact) -> tuple[str, Any]:
    """Which standing row holds the fact, and under what name a correction refers to it."""
    if not fact.of_person:
        snapshot = WelfareSnapshot.objects.standing().filter(family=family).first()
        if snapshot is None:
            raise CorrectionRefused(_("Keluarga ini tidak ada di rilis sekarang."))
        return "snapshot", snapshot
    members = FamilyMembership.objects.standing().filter(family=family)
    member = members.filter(person_id=change.person).first() if change.person is not None else None
    if member is None:
        raise CorrectionRefused(_("Pilih anggota keluarga ini yang datanya salah."))
    return "membership", member


@transaction.atomic
def end_correction(*, correction: FactCorrection, now: datetime) -> None:
    """The registry's own value counts again from today."""
    if not FactCorrection.objects.filter(pk=correction.pk, until=None).update(until=localdate(now)):
        raise CorrectionRefused(_("Perbaikan ini sudah berakhir."))
    correction.refresh_from_db()
    mark_families([correction.family_id], reason="perbaikan data berakhir")
