"""The moves of a case: each one transaction with its event row in it, refused unless the table allows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from objections import notices
from objections.clock import Clock
from objections.enums import OUTCOMES, EventKind, State
from objections.models import Objection, ObjectionEvent
from objections.moves import FILE_FOR_OTHERS, HANDLE, MOVES, Need, Who
from objections.services import second_look

NOT_PROPOSED = {"proposed_outcome": "", "proposed_answer": "", "proposed_by": None, "proposed_at": None}


class MoveRefused(Exception):
    """The move is not in the table, something it needs is missing, or somebody else was first."""


# --- the office ---------------------------------------------------------------------------------------------


def start_check(*, objection: Objection, by: Any, now: datetime, note: str = "") -> None:
    if objection.state == State.PROPOSED:
        raise MoveRefused(_("Usul keputusan sedang menunggu. Kembalikan usul itu bila perlu dicek lagi."))
    _move(objection, State.CHECKING, by=by, now=now, note=note, handled_by=by, asked_for="")


def ask_for_completion(*, objection: Objection, by: Any, now: datetime, asked: str, note: str = "") -> None:
    """The clock stands from today; whatever the citizen does or does not do, the case is not lost."""
    asked = asked.strip()
    if not asked:
        raise MoveRefused(_("Tulis apa yang perlu dilengkapi warga. Teks ini dibaca warga."))
    if "desil" in asked.casefold():
        raise MoveRefused(
            _(
                "Jangan tulis desil di sini: teks ini terbuka dengan nomor dan PIN saja. Tulis apa yang perlu dibawa."
            )
        )
    _move(objection, State.INCOMPLETE, by=by, now=now, note=note or asked, handled_by=by, asked_for=asked)


def finish_check(*, objection: Objection, by: Any, now: datetime, note: str) -> None:
    """What the check found is written down; the case is ready for a proposal."""
    _move(objection, State.READY, by=by, now=now, note=note)


def propose(
    *, objection: Objection, outcome: State, by: Any, now: datetime, answer: str, note: str = ""
) -> None:
    """One officer proposes outcome and answer; nothing is decided, and the citizen reads none of it yet."""
    if outcome not in OUTCOMES:
        raise MoveRefused(_("Pilih satu hasil: disetujui, diusulkan ke pusat, atau tidak disetujui."))
    if not answer.strip():
        raise MoveRefused(_("Tulis jawaban untuk warga. Jawaban ini dibaca warga di halaman status."))
    values = {"proposed_outcome": outcome, "proposed_answer": answer.strip()}
    _move(objection, State.PROPOSED, by=by, now=now, note=note, proposed_by=by, proposed_at=now, **values)


def approve(*, objection: Objection, by: Any, now: datetime, note: str = "") -> None:
    """A second person decides as proposed; who wants it otherwise sends it back."""
    outcome = State(objection.proposed_outcome) if objection.proposed_outcome else State.REJECTED
    _move(
        objection,
        outcome,
        by=by,
        now=now,
        note=note,
        answer=objection.proposed_answer,
        decided_by=by,
        decided_at=now,
    )


def send_back(*, objection: Objection, by: Any, now: datetime, note: str) -> None:
    if objection.state != State.PROPOSED:
        raise MoveRefused(_("Tidak ada usul keputusan yang bisa dikembalikan."))
    _move(objection, State.CHECKING, by=by, now=now, note=note, **NOT_PROPOSED)


@transaction.atomic
def merge(*, objection: Objection, into: Objection, by: Any, now: datetime, note: str = "") -> None:
    """One answer for two cases of the same person or family: this one ends, the other goes on."""
    same_family = objection.family_id is not None and objection.family_id == into.family_id
    if objection.pk == into.pk or not (same_family or bytes(objection.nik_index) == bytes(into.nik_index)):
        raise MoveRefused(_("Hanya dua sanggahan dari NIK atau keluarga yang sama yang bisa digabung."))
    if objection.kind != into.kind:
        raise MoveRefused(
            _("Jenis kedua sanggahan berbeda. Sanggahan yang berbeda jenis dijawab sendiri-sendiri.")
        )
    still_open = Objection.objects.select_for_update().open().filter(pk=into.pk)
    if not still_open.exists():
        raise MoveRefused(_("Sanggahan %s sudah selesai. Pilih sanggahan yang masih terbuka.") % into)
    _move(objection, State.MERGED, by=by, now=now, note=note or str(into), merged_into=into)
    into.events.create(kind=EventKind.MERGED_IN, at=now, by=by, note=str(objection))


# --- the citizen, or staff who keys it beside the person ------------------------------------------------------


def complete(*, objection: Objection, by: Any, now: datetime, note: str = "") -> None:
    """What was missing is there: the clock goes on, and the office reads the case again."""
    _move(objection, State.SUBMITTED, by=by, now=now, note=note)


def withdraw(*, objection: Objection, by: Any, now: datetime, note: str = "") -> None:
    _move(objection, State.WITHDRAWN, by=by, now=now, note=note)


def ask_again(*, objection: Objection, by: Any, now: datetime, note: str = "") -> None:
    """A second look by another officer; the answer given stays readable until the new one."""
    _move(
        objection,
        State.REEXAMINED,
        by=by,
        now=now,
        note=note,
        handled_by=None,
        decided_by=None,
        **NOT_PROPOSED,
    )


# --- the centre -----------------------------------------------------------------------------------------------


def close_by_centre(*, objection: Objection, changed: bool, by: Any, now: datetime, note: str = "") -> None:
    """What the next release made of a proposal; `by` is None when the release itself says so."""
    _move(objection, State.CENTRE_CHANGED if changed else State.CENTRE_KEPT, by=by, now=now, note=note)


@transaction.atomic
def explain(*, objection: Objection, by: Any, now: datetime, note: str) -> None:
    """The family was told why the centre kept its data; no clock runs any more."""
    require(by, HANDLE)
    if not note.strip():
        raise MoveRefused(_("Tulis bagaimana dan kapan warga diberi penjelasan."))
    waiting = Objection.objects.filter(pk=objection.pk, state=State.CENTRE_KEPT, due_on__isnull=False)
    if not waiting.update(due_on=None, escalated_at=None):
        raise MoveRefused(_("Sanggahan ini tidak menunggu penjelasan."))
    objection.refresh_from_db()
    objection.events.create(kind=EventKind.EXPLAINED, at=now, by=by, note=note.strip())


# --- how a move is made ---------------------------------------------------------------------------------------


@transaction.atomic
def _move(
    objection: Objection, to: State, *, by: Any, now: datetime, note: str = "", **values: Any
) -> ObjectionEvent:
    """Move from the state that was seen; zero rows means somebody else was first."""
    move = MOVES.get((State(objection.state), to))
    if move is None:
        raise MoveRefused(
            _("Langkah ini tidak bisa dari tahap sekarang: %s.") % objection.get_state_display()
        )
    _may(move.who, by)
    note = note.strip()
    if Need.REASON in move.needs and not note:
        raise MoveRefused(_("Tulis alasannya untuk petugas berikutnya."))
    if barred := second_look.why_not(objection, to, by=by):
        raise MoveRefused(barred)
    if Need.SECOND_PERSON in move.needs:
        _second_person(objection, by)
    if Need.IN_TIME in move.needs and not in_time_to_ask_again(objection, now):
        raise MoveRefused(_("Waktu untuk minta diperiksa ulang sudah lewat. Warga boleh menyanggah lagi."))
    values |= Clock.load().moved(objection, to, timezone.localdate(now))
    standing = Objection.objects.filter(pk=objection.pk, state=objection.state)
    if move.before == State.PROPOSED:  # what is approved is what was read
        standing = standing.filter(proposed_at=objection.proposed_at)
    if not standing.update(state=to, **values):
        raise MoveRefused(_("Petugas lain lebih dulu memindahkan sanggahan ini. Muat ulang halaman."))
    objection.refresh_from_db()
    event = objection.events.create(kind=EventKind.MOVED, state_after=to, at=now, by=by, note=note)
    notices.tell_step(objection, event, now=now)
    return event


def in_time_to_ask_again(objection: Objection, now: datetime) -> bool:
    if objection.state == State.CENTRE_KEPT:
        return True
    if objection.decided_at is None:
        return False
    last = Clock.load().ask_again_until(timezone.localdate(objection.decided_at))
    return timezone.localdate(now) <= last


def _may(who: frozenset[Who], by: Any) -> None:
    """`by` is None for the citizen, who proved to hold number and PIN, and for the centre's release."""
    if by is None:
        allowed = bool(who & {Who.OWNER, Who.SYSTEM})
    else:
        allowed = any(by.has_perm(one) for one in who - {Who.OWNER, Who.SYSTEM})
        allowed = allowed or (Who.OWNER in who and (by.has_perm(FILE_FOR_OTHERS) or by.has_perm(HANDLE)))
    if not allowed:
        raise PermissionDenied(", ".join(sorted(who)))


def require(by: Any, permission: str) -> None:
    if not by.has_perm(permission):
        raise PermissionDenied(permission)


def _second_person(objection: Objection, by: Any) -> None:
    """Who filed it, checked it or proposed it does not settle it."""
    if by.pk == objection.filed_by_id:
        raise MoveRefused(_("Anda yang mengisi sanggahan ini untuk warga. Petugas lain harus memutuskan."))
    checked = objection.events.filter(by=by, kind=EventKind.MOVED, state_after=State.READY)
    if by.pk == objection.proposed_by_id or checked.exists():
        raise MoveRefused(_("Anda yang mengusulkan atau mengecek. Petugas lain harus memutuskan."))
