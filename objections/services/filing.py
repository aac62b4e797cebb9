"""How an objection comes in, and how its owner comes back to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common import ids, jobs, vault
from objections import codes, notices, receipts
from objections.attachments import keeping
from objections.clock import Clock
from objections.enums import Channel, EventKind, Kind, NoticeBy, Reason, State
from objections.models import Objection
from objections.moves import FILE_FOR_OTHERS
from objections.services.moving import MoveRefused

MATCH = "objections.match"
_KIND_BY_REASON = {Reason.NOT_DEAD: Kind.NOT_DEAD, Reason.NIK_MISUSED: Kind.NIK_MISUSED}


@dataclass(frozen=True)
class Filing:
    """One answered form. `form_key` and `pin` are drawn when the form begins, so that sending twice gives one case."""

    nik: str
    birth_date: date
    reasons: list[str]
    story: str = ""
    phone: str = ""
    notice_by: str = NoticeBy.SMS
    village_id: int | None = None
    kind: str = ""  # read from the reasons when the form did not ask
    channel: str = Channel.ONLINE
    consent: str = ""
    conflicts: tuple[str, ...] = ()  # as declared by who files for somebody
    paper_on: date | None = None  # written on the form that is keyed
    programme_id: int | None = None
    release_id: int | None = None
    form_key: uuid.UUID = field(default_factory=uuid.uuid4)
    pin: str = field(default_factory=codes.new_pin)


def file(*, form: Filing, now: datetime, by: Any = None) -> Objection:
    """Take the objection in. Never asks the registry; `by` is the member of staff who keyed it for somebody."""
    if by is not None:
        _may_file_for_others(form, by, timezone.localdate(now))
    found = Objection.objects.filter(form_key=form.form_key).first()
    return found or _file_new(form, now, by)


def _may_file_for_others(form: Filing, by: Any, today: date) -> None:
    if not by.has_perm(FILE_FOR_OTHERS):
        raise PermissionDenied(FILE_FOR_OTHERS)
    if not form.consent or form.channel == Channel.ONLINE:
        raise MoveRefused(
            _("Pilih bagaimana warga menyetujui sanggahan ini: lisan, tertulis, atau cap jempol.")
        )
    if (form.channel == Channel.PAPER) != (form.paper_on is not None):
        raise MoveRefused(_("Tulis tanggal yang ada di formulir kertas."))
    if form.paper_on and form.paper_on > today:
        raise MoveRefused(_("Tanggal di formulir kertas belum lewat. Lihat lagi formulirnya."))


def kind_of(reasons: list[str]) -> str:
    """What the case is about, where the person ticked reasons and was not asked."""
    return next((kind for reason, kind in _KIND_BY_REASON.items() if reason in reasons), Kind.OWN_DATA)


def _file_new(form: Filing, now: datetime, by: Any) -> Objection:
    values = _values_of(form, now, by)
    year = timezone.localtime(now).year
    for length in [receipts.SHORTEST] * 3 + list(range(receipts.SHORTEST, receipts.LONGEST + 1)):
        try:
            return _insert({**values, "receipt_no": receipts.draw(year, length)}, now, by)
        except IntegrityError as error:
            found = Objection.objects.filter(form_key=form.form_key).first()
            if found:  # the same form, sent twice at once
                return found
            if "receipt_no" not in str(error):
                raise
    raise RuntimeError("no receipt number is free")


@transaction.atomic
def _insert(values: dict[str, Any], now: datetime, by: Any) -> Objection:
    objection = Objection.objects.create(**values)
    event = objection.events.create(kind=EventKind.FILED, state_after=State.SUBMITTED, at=now, by=by)
    notices.tell_step(objection, event, now=now)
    keeping.adopt(objection)
    jobs.enqueue(kind=MATCH, key=str(objection.pk), params={"objection": objection.pk}, by=by)
    return objection


def _values_of(form: Filing, now: datetime, by: Any) -> dict[str, Any]:
    phone = form.phone or None
    kind = form.kind or kind_of(form.reasons)
    return {
        "kind": kind,
        "channel": form.channel,
        "consent": form.consent,
        "filed_by": by,
        "conflicts": list(form.conflicts),
        "paper_on": form.paper_on,
        "programme_id": form.programme_id,
        "release_id": form.release_id,
        "pin_hash": make_password(form.pin),
        "reasons": list(form.reasons),
        "story": ids.scrub(form.story),
        "birth_date": form.birth_date,
        "nik_sealed": vault.encrypt(vault.NIK, form.nik),
        "nik_index": vault.blind_index(vault.NIK, form.nik),
        "phone_sealed": vault.encrypt(vault.PHONE, phone) if phone else None,
        "phone_index": vault.blind_index(vault.PHONE, phone) if phone else None,
        "notice_by": form.notice_by,
        "village_id": form.village_id,
        "form_key": form.form_key,
        "filed_at": now,
        **Clock.load().started(timezone.localdate(now), kind=kind),
    }


def open_case(*, receipt_no: str, pin: str) -> Objection | None:
    """The case this PIN opens. An unknown number costs the same work as a wrong PIN."""
    number = receipts.normalise(receipt_no)
    objection = Objection.objects.filter(receipt_no=number).first() if number else None
    pin = codes.normalise(pin)
    if objection is None:
        make_password(pin)
        return None
    return objection if check_password(pin, objection.pin_hash) else None
