"""Flags: a list or a visit says something of somebody; a person of the office finds it true or not."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from recipients.enums import PERSON_FLAGS, FlagKind, FlagStatus
from recipients.models import ExternalFlag, Family, Person
from recipients.services.facts import mark_subject


class FlagRefused(ValueError):
    """The flag cannot be raised or settled so; the message says why, in Indonesian."""


@transaction.atomic
def raise_flag(
    *,
    family: Family,
    kind: str,
    source: str,
    observed_on: date,
    person: Person | None = None,
    valid_until: date | None = None,
    evidence: str = "",
    source_ref: str = "",
    by: User | None = None,
) -> ExternalFlag:
    """Note what a source says. One that was refuted does not return from the same source, and a known one stays."""
    if (kind in PERSON_FLAGS) != (person is not None):
        raise FlagRefused(
            _("Tanda %(kind)s untuk seorang, bukan untuk keluarga.") % {"kind": FlagKind(kind).label}
            if person is None
            else _("Tanda %(kind)s untuk seluruh keluarga.") % {"kind": FlagKind(kind).label}
        )
    flag, is_new = ExternalFlag.objects.get_or_create(
        family=family,
        person=person,
        kind=kind,
        source=source,
        defaults={
            "observed_on": observed_on,
            "valid_until": valid_until,
            "evidence": evidence,
            "source_ref": source_ref,
            "raised_by": by,
        },
    )
    if is_new:
        mark_subject(family_id=family.pk, person_id=person.pk if person else None, reason=f"tanda {kind}")
    return flag


def confirm_flag(*, flag: ExternalFlag, by: User, now: datetime, note: str, reference: str = "") -> None:
    """The office found it true: from now on it refuses where a rule says so. Who noted it does not prove it."""
    if flag.raised_by_id == by.pk:
        raise FlagRefused(_("Anda yang mencatat tanda ini, jadi orang lain yang membuktikannya."))
    _settle(flag, FlagStatus.CONFIRMED, by=by, now=now, note=note, reference=reference)


def refute_flag(*, flag: ExternalFlag, by: User, now: datetime, note: str, reference: str = "") -> None:
    """The office found it wrong: it never counts again, and the same source cannot bring it back."""
    _settle(flag, FlagStatus.REFUTED, by=by, now=now, note=note, reference=reference)


@transaction.atomic
def _settle(
    flag: ExternalFlag, to: FlagStatus, *, by: User, now: datetime, note: str, reference: str
) -> None:
    if not note.strip():
        raise FlagRefused(_("Tulis alasannya. Alasan ini dibaca saat ada sanggahan."))
    settled = (
        ExternalFlag.objects.filter(pk=flag.pk)
        .exclude(status=to)
        .update(
            status=to,
            settled_at=now,
            settled_by=by,
            settled_note=note.strip()[:300],
            settled_ref=reference,
        )
    )
    if not settled:
        raise FlagRefused(_("Tanda ini sudah diputus begitu."))
    flag.refresh_from_db()
    mark_subject(family_id=flag.family_id, person_id=flag.person_id, reason=f"tanda {flag.kind} {to.value}")
