"""What may happen to an objection. Every verb is one transaction and leaves its event row in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common import ids, jobs, vault
from objections import codes, receipts
from objections.attachments import keeping
from objections.enums import MOVES, EventKind, State
from objections.models import Objection, ObjectionEvent
from recipients.models import FamilyMembership

# The district has 14 days for a challenge in the centre's own Cek Bansos (ux.md 0.4, G25); there silence means no,
# here it never does. To be confirmed by the office.
ANSWER_WITHIN = timedelta(days=14)
MATCH = "objections.match"
CHECK = "objections.handle_objection"
DECIDE = "objections.decide_objection"


class MoveRefused(Exception):
    """The move is not in the table, or somebody else was first."""


@dataclass(frozen=True)
class Filing:
    """One answered form. `form_key` and `pin` are drawn when the form begins, so that sending twice gives one case."""

    nik: str
    birth_date: date
    reasons: list[str]
    story: str = ""
    phone: str = ""
    village_id: int | None = None
    form_key: uuid.UUID = field(default_factory=uuid.uuid4)
    pin: str = field(default_factory=codes.new_pin)


def file(*, form: Filing, now: datetime, by: Any = None) -> Objection:
    """Take the objection in. Never asks the registry; `by` is the member of staff who keyed it for somebody."""
    found = Objection.objects.filter(form_key=form.form_key).first()
    return found or _file_new(form, now, by)


def _file_new(form: Filing, now: datetime, by: Any) -> Objection:
    values = _values_of(form, now)
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
    objection.events.create(kind=EventKind.FILED, state_after=State.SUBMITTED, at=now, by=by)
    keeping.adopt(objection)
    jobs.enqueue(kind=MATCH, key=str(objection.pk), params={"objection": objection.pk}, by=by)
    return objection


def _values_of(form: Filing, now: datetime) -> dict[str, Any]:
    phone = form.phone or None
    return {
        "pin_hash": make_password(form.pin),
        "reasons": list(form.reasons),
        "story": ids.scrub(form.story),
        "birth_date": form.birth_date,
        "nik_sealed": vault.encrypt(vault.NIK, form.nik),
        "nik_index": vault.blind_index(vault.NIK, form.nik),
        "phone_sealed": vault.encrypt(vault.PHONE, phone) if phone else None,
        "phone_index": vault.blind_index(vault.PHONE, phone) if phone else None,
        "village_id": form.village_id,
        "form_key": form.form_key,
        "filed_at": now,
        "due_on": timezone.localdate(now) + ANSWER_WITHIN,
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


def start_check(*, objection: Objection, by: Any, now: datetime, note: str = "") -> None:
    _require(by, CHECK)
    _move(objection, State.CHECKING, by=by, now=now, note=note, handled_by=by)


def uphold_here(*, objection: Objection, by: Any, now: datetime, answer: str, note: str = "") -> None:
    """It was our error, and the district may put it right."""
    _decide(objection, State.UPHELD_HERE, by=by, now=now, answer=answer, note=note)


def uphold_to_centre(*, objection: Objection, by: Any, now: datetime, answer: str, note: str = "") -> None:
    """The facts differ: the correction is proposed to the centre, which alone sets the decile."""
    _decide(objection, State.UPHELD_TO_CENTRE, by=by, now=now, answer=answer, note=note)


def reject(*, objection: Objection, by: Any, now: datetime, answer: str, note: str = "") -> None:
    _decide(objection, State.REJECTED, by=by, now=now, answer=answer, note=note)


def _decide(objection: Objection, to: State, *, by: Any, now: datetime, answer: str, note: str) -> None:
    _require(by, DECIDE)
    if not answer.strip():
        raise MoveRefused(_("Tulis jawaban untuk warga. Jawaban ini dibaca warga di halaman status."))
    if objection.events.filter(kind=EventKind.FILED, by=by).exists():
        raise MoveRefused(_("Anda yang mengisi sanggahan ini untuk warga. Petugas lain harus memutuskan."))
    _move(objection, to, by=by, now=now, note=note, answer=answer.strip(), decided_at=now)


def _require(by: Any, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied(permission)


@transaction.atomic
def _move(
    objection: Objection, to: State, *, by: Any, now: datetime, note: str, **values: Any
) -> ObjectionEvent:
    """Move from the state that was seen; zero rows means somebody else was first."""
    if to not in MOVES[State(objection.state)]:
        raise MoveRefused(
            _("Langkah ini tidak bisa dari tahap sekarang: %s.") % objection.get_state_display()
        )
    standing = Objection.objects.filter(pk=objection.pk, state=objection.state)
    if not standing.update(state=to, **values):
        raise MoveRefused(_("Petugas lain lebih dulu memindahkan sanggahan ini. Muat ulang halaman."))
    objection.refresh_from_db()
    return objection.events.create(kind=EventKind.MOVED, state_after=to, at=now, by=by, note=note.strip())


@transaction.atomic
def match(*, objection: Objection, now: datetime) -> None:
    """Look for the family in the published release. Only staff see the result, field by field.

    From here on the family's village is the area of the case: a claimed one would open somebody else's data to whoever
    knows a NIK. What the citizen claimed stays in `match`.
    """
    membership = (
        FamilyMembership.objects.standing()
        .filter(person__nik__index=objection.nik_index)
        .select_related("family")
        .first()
    )
    claimed = objection.match.get("claimed_village", objection.village_id)  # as filed, also when run again
    objection.match = _agreement(objection, membership, claimed)
    if membership is not None:
        objection.family = membership.family
        objection.village_id = membership.family.village_id
    objection.save(update_fields=["match", "family", "village"])
    objection.events.create(kind=EventKind.MATCHED, at=now)


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
