"""What a citizen reads of a case (ux.md 5.3): five stages, who holds it, by when. Never the result of the match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objections.enums import EventKind, Reason, State
from objections.models import Objection

STAGES = [
    gettext_lazy("Sudah masuk"),
    gettext_lazy("Sedang dicek"),
    gettext_lazy("Keputusan"),
    gettext_lazy("Menunggu pusat"),
    gettext_lazy("Selesai"),
]


@dataclass(frozen=True)
class Words:
    stage: int
    label: Any
    sentence: Any
    holder: Any


WORDS = {
    State.SUBMITTED: Words(
        1,
        gettext_lazy("Sudah masuk"),
        gettext_lazy("Sanggahan Anda sudah masuk. Petugas akan membacanya."),
        gettext_lazy("Dinas Sosial"),
    ),
    State.CHECKING: Words(
        2,
        gettext_lazy("Sedang dicek"),
        gettext_lazy("Petugas sedang mengecek data Anda. Petugas bisa datang ke rumah."),
        gettext_lazy("Petugas Dinas Sosial"),
    ),
    State.UPHELD_HERE: Words(
        5,
        gettext_lazy("Selesai: disetujui"),
        gettext_lazy("Sanggahan Anda disetujui. Data di kabupaten kami perbaiki."),
        "",
    ),
    State.UPHELD_TO_CENTRE: Words(
        4,
        gettext_lazy("Menunggu pusat"),
        gettext_lazy(
            "Sanggahan Anda disetujui di kabupaten. Perbaikan data kami usulkan ke pusat. "
            "Pusat yang menentukan desil. Bantuan belum tentu langsung cair."
        ),
        gettext_lazy("Pusat"),
    ),
    State.REJECTED: Words(
        5,
        gettext_lazy("Selesai: tidak disetujui"),
        gettext_lazy("Sanggahan Anda tidak disetujui. Alasannya ada di bawah ini."),
        "",
    ),
}
_STEPS = {
    State.SUBMITTED: gettext_lazy("Sanggahan sudah masuk."),
    State.CHECKING: gettext_lazy("Petugas mulai mengecek."),
    State.UPHELD_HERE: gettext_lazy("Dinas Sosial memutuskan: disetujui."),
    State.UPHELD_TO_CENTRE: gettext_lazy("Dinas Sosial memutuskan: disetujui, lalu diusulkan ke pusat."),
    State.REJECTED: gettext_lazy("Dinas Sosial memutuskan: tidak disetujui."),
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
    now = WORDS[State(objection.state)].stage
    skipped = {4} if objection.state in (State.UPHELD_HERE, State.REJECTED) else set()
    return [
        {"name": name, "is_now": number == now, "is_past": number < now}
        for number, name in enumerate(STAGES, start=1)
        if number not in skipped
    ]


def steps(objection: Objection) -> list[dict[str, str]]:
    """What happened, with dates and without names; how the match went is not told."""
    events = objection.events.filter(kind__in=[EventKind.FILED, EventKind.MOVED])
    return [{"at": moment(event.at), "what": str(_STEPS[State(event.state_after)])} for event in events]


def deadline(objection: Objection, today: date) -> dict[str, str]:
    """By when we answer, or that we are late. Lateness never means no."""
    if objection.decided_at:
        return {"kind": "decided", "text": ""}
    if objection.due_on >= today:
        text = _("Kami memberi jawaban paling lambat %s.") % day(objection.due_on)
        return {"kind": "due", "text": text}
    text = _(
        "Kami terlambat. Batas kami %s. Sanggahan Anda tetap kami periksa. Terlambat bukan berarti tidak."
    )
    return {"kind": "late", "text": text % day(objection.due_on)}
