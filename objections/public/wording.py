"""What a citizen reads of a case (ux.md 5.3): five stages, who holds it, by when. Never the result of the match."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objections.enums import EventKind, Kind, Reason, State
from objections.models import Objection
from objections.stages import PAUSED, STAGES, words_of

OURS: dict[str, Any] = {
    State.UPHELD_HERE: gettext_lazy("disetujui"),
    State.UPHELD_TO_CENTRE: gettext_lazy("disetujui, perbaikan diusulkan ke pusat"),
    State.REJECTED: gettext_lazy("tidak disetujui"),
}
CENTRE: dict[State, Any] = {
    State.UPHELD_TO_CENTRE: gettext_lazy("belum ada, kami menunggu"),
    State.CENTRE_CHANGED: gettext_lazy("data Anda diubah"),
    State.CENTRE_KEPT: gettext_lazy("data Anda tidak diubah"),
}


def day(value: date) -> str:
    """9 Maret 2026"""
    return formats.date_format(value, "j F Y")


def moment(value: datetime) -> str:
    """Senin, 23 Februari 2026, 10.15 WITA"""
    return formats.date_format(timezone.localtime(value), "l, j F Y, H.i") + " WITA"


def reasons(codes: list[str]) -> list[str]:
    return [str(Reason(code).label) for code in codes]


def stages(objection: Objection) -> list[dict[str, Any]]:
    """The five stages; a case that ends in the district never waits for the centre."""
    now = words_of(objection.kind, objection.state).stage
    ends_here = {State.UPHELD_HERE, State.REJECTED, State.WITHDRAWN, State.MERGED}
    skipped = {4} if objection.state in ends_here or objection.kind == Kind.WELL_OFF else set()
    return [
        {"name": name, "is_now": number == now, "is_past": number < now}
        for number, name in enumerate(STAGES, start=1)
        if number not in skipped
    ]


def steps(objection: Objection) -> list[dict[str, str]]:
    """What happened, with dates and without names; how the match went is not told."""
    events = objection.events.filter(kind__in=[EventKind.FILED, EventKind.MOVED])
    told = [(event.at, words_of(objection.kind, event.state_after).happened) for event in events]
    return [{"at": moment(at), "what": str(what)} for at, what in told]


def outcomes(objection: Objection) -> list[tuple[str, str]]:
    """The district's decision and the centre's answer are two things, told as two (ux.md 0.1)."""
    ours = OURS.get(objection.proposed_outcome) if objection.decided_at else None
    if ours is None or objection.kind == Kind.WELL_OFF:
        return []
    told = [(_("Keputusan kabupaten"), str(ours))]
    if objection.proposed_outcome == State.UPHELD_TO_CENTRE:
        told.append(
            (_("Jawaban pusat"), str(CENTRE.get(State(objection.state), CENTRE[State.UPHELD_TO_CENTRE])))
        )
    return told


def deadline(objection: Objection, today: date) -> dict[str, str]:
    """By when we answer, or that we are late. Lateness never means no."""
    if objection.due_on is None:
        return {"kind": "decided", "text": ""}
    if objection.state in PAUSED:
        text = _("Lengkapi paling lambat %s. Lewat tanggal itu pun sanggahan Anda tidak hilang.")
        return {"kind": "asked", "text": text % day(objection.due_on)}
    if objection.due_on >= today:
        text = _("Kami memberi jawaban paling lambat %s.") % day(objection.answer_by)
        return {"kind": "due", "text": text}
    if objection.escalated_at:
        text = _(
            "Kami terlambat. Sanggahan Anda sudah diteruskan ke atasan pada %s. Terlambat bukan berarti tidak."
        )
        return {"kind": "late", "text": text % day(timezone.localdate(objection.escalated_at))}
    text = _(
        "Kami terlambat. Batas kami %s. Sanggahan Anda tetap kami periksa. Terlambat bukan berarti tidak."
    )
    return {"kind": "late", "text": text % day(objection.due_on)}
