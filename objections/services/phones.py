"""Whose phone it is: proven by a typed code, confirmed by staff, ended by either (docs/decisions/0036)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import vault
from objections import notices, phone_notices
from objections.enums import EventKind, PhoneHow
from objections.models import Objection, PhoneConfirmation
from objections.moves import DECIDE, FILE_FOR_OTHERS, HANDLE
from objections.services.matching import match
from objections.services.moving import MoveRefused, require

MAY_END = (HANDLE, DECIDE, FILE_FOR_OTHERS)
TIED = gettext_lazy("Anda menulis bahwa ini keluarga Anda. Petugas lain yang memastikan HP-nya.")


def may_end(user: Any) -> bool:
    return any(user.has_perm(one) for one in MAY_END)


def is_tied(objection: Objection, by: Any) -> bool:
    """Who wrote it down for the own family does not vouch for its phone, at the desk or in the office."""
    return objection.filed_by_id == by.pk and bool(objection.conflicts)


def standing(objection: Objection, *, now: datetime) -> PhoneConfirmation | None:
    """What lets the phone of this case open its family now."""
    return PhoneConfirmation.objects.standing(now).filter(objection=objection).first()


def families_of_phone(objection: Objection, *, now: datetime, phone: str = "") -> int:
    """For how many other families the case's number, or this one, is confirmed: a broker's phone, or a helper's own."""
    index = vault.blind_index(vault.PHONE, phone) if phone else objection.phone_index
    same = PhoneConfirmation.objects.standing(now).filter(phone_index=index)
    return same.exclude(family=objection.family_id).values("family").distinct().count()


@transaction.atomic
def prove(*, objection: Objection, now: datetime) -> None:
    """Who has number and PIN, or sits beside staff, typed what the phone received. That alone opens nothing."""
    kept = PhoneConfirmation.objects.kept().filter(objection=objection)
    if kept.filter(proven_at__gt=now - PhoneConfirmation.GOOD_FOR).exists():
        return
    PhoneConfirmation.objects.filter(objection=objection, ended_at=None).update(ended_at=now)
    PhoneConfirmation.objects.create(
        objection=objection, phone_index=bytes(objection.phone_index or b""), proven_at=now
    )
    objection.events.create(kind=EventKind.PROVEN, at=now)


@transaction.atomic
def confirm_phone(*, objection: Objection, how: str, shown_as: str, by: Any, now: datetime) -> None:
    """The office, which has confirmed the family of the case, says that the phone is theirs and how that is known.

    `shown_as` is the phone that it looked at: one that took its place meanwhile is not confirmed unseen.
    """
    require(by, HANDLE)
    if objection.match_confirmed_at is None:
        raise MoveRefused(_("Pastikan dulu keluarganya, baru HP-nya."))
    if is_tied(objection, by):
        raise MoveRefused(str(TIED))
    if how not in PhoneHow.values:
        raise MoveRefused(_("Pilih bagaimana Anda tahu bahwa HP ini milik keluarga itu."))
    if how == PhoneHow.VISIT and not objection.visits.done().filter(not_met="").exists():
        raise MoveRefused(_("Belum ada kunjungan yang bertemu keluarga ini. Pilih cara lain."))
    proven = _proven(objection, now)
    if proven is not None and not constant_time_compare(proven.shown_as, shown_as):
        raise MoveRefused(
            _(
                "HP di sanggahan ini berganti sejak halaman tadi dibuka. Muat ulang halaman dan periksa HP-nya lagi."
            )
        )
    _confirm(objection, proven, how, by, now)


@transaction.atomic
def confirm_beside(*, objection: Objection, by: Any, now: datetime) -> None:
    """Staff beside the person, whose identity card they saw: the match is theirs to vouch for, with their own name."""
    require(by, FILE_FOR_OTHERS)
    if why := why_not_beside(objection, by=by, now=now):
        raise MoveRefused(why)
    _confirm(objection, _proven(objection, now), PhoneHow.DESK, by, now)


def why_not_beside(objection: Objection, *, by: Any, now: datetime, phone: str = "") -> str:
    """What bars this helper from confirming the case's phone, or this other one; empty when nothing does."""
    if not objection.is_about_own_family:
        return _(
            "Untuk jenis sanggahan ini HP tidak bisa dipakai membuka data. Tunjukkan datanya di layar saja."
        )
    if is_tied(objection, by):
        return str(TIED)
    if families_of_phone(objection, now=now, phone=phone) >= PhoneConfirmation.MOST_FAMILIES:
        words = _(
            "Nomor HP ini sudah dipastikan untuk %d keluarga lain. Warga bisa minta kode sendiri di halaman status, "
            "lalu Verifikator Dinas Sosial yang memastikan."
        )
        return words % PhoneConfirmation.MOST_FAMILIES
    return ""


def _proven(objection: Objection, now: datetime) -> PhoneConfirmation | None:
    """What waits to be confirmed."""
    fresh = PhoneConfirmation.objects.kept().filter(proven_at__gt=now - PhoneConfirmation.GOOD_FOR)
    return fresh.filter(objection=objection, confirmed_at=None).first()


def _confirm(
    objection: Objection, proven: PhoneConfirmation | None, how: str, by: Any, now: datetime
) -> None:
    if not objection.is_about_own_family or objection.family_id is None:
        raise MoveRefused(
            _("Sanggahan ini belum punya keluarga yang dipastikan, atau jenisnya tidak memakai HP.")
        )
    values = {"family_id": objection.family_id, "how": how, "confirmed_by": by, "confirmed_at": now}
    waiting = PhoneConfirmation.objects.filter(pk=proven and proven.pk, confirmed_at=None, ended_at=None)
    if not waiting.update(**values):
        raise MoveRefused(
            _("HP ini sudah dipastikan, atau warga belum mengetik kodenya. Muat ulang halaman.")
        )
    event = objection.events.create(kind=EventKind.PHONE_OK, at=now, by=by, note=str(PhoneHow(how).label))
    phone_notices.tell(event, notices.address_of(objection), now=now)


@transaction.atomic
def end_phone(*, objection: Objection, by: Any, now: datetime) -> bool:
    """From now on the phone opens nothing; `by` is None for the family itself. False when it opened nothing before."""
    if by is not None and not may_end(by):
        raise PermissionDenied(", ".join(MAY_END))
    ended = PhoneConfirmation.objects.filter(objection=objection, ended_at=None)
    if not ended.update(ended_at=now, ended_by=by):
        return False
    event = objection.events.create(kind=EventKind.PHONE_END, at=now, by=by)
    phone_notices.tell(event, notices.address_of(objection), now=now)
    return True


@transaction.atomic
def change_phone(*, objection: Objection, phone: str, by: Any, now: datetime) -> None:
    """Another number, given by the person beside staff. The old one opens nothing any more, and is told."""
    require(by, FILE_FOR_OTHERS)
    old, index = notices.address_of(objection), vault.blind_index(vault.PHONE, phone)
    if old is not None and old.index == index:
        return
    PhoneConfirmation.objects.filter(objection=objection, ended_at=None).update(ended_at=now, ended_by=by)
    objection.phone_index, objection.phone_sealed = index, vault.encrypt(vault.PHONE, phone, index)
    objection.save(update_fields=["phone_index", "phone_sealed"])
    event = objection.events.create(kind=EventKind.NEW_PHONE, at=now, by=by)
    phone_notices.tell(event, old, now=now)


@transaction.atomic
def case_beside(*, receipt_no: str, nik: str, family: Any, now: datetime) -> Objection | None:
    """The case with this number that the holder of this NIK filed, if it is about this family."""
    index = vault.blind_index(vault.NIK, nik)
    objection = Objection.objects.filter(receipt_no=receipt_no, nik_index=index).first()
    if objection is not None and objection.family_id is None:
        match(objection=objection, now=now)  # the job that looks for it may not have run yet
    is_theirs = objection is not None and family is not None and objection.family_id == family.pk
    return objection if is_theirs else None
