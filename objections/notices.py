"""What the citizen is told of a case's moves and visits (ux.md 5.8): by SMS or WhatsApp, naming nobody, or by letter.

The person chose which; who left no phone hears by letter (docs/decisions/0010). The message is a row of the outbox,
written in the transaction of its cause; a case is told each step once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import outbox
from bansos.common.models import Channel
from bansos.common.office import OFFICE
from bansos.common.outbox import Address, Draft, Text
from objections.enums import OUTCOMES, EventKind, Kind, NoticeBy, State
from objections.models import Objection, ObjectionEvent
from objections.paper import posting
from objections.paper.values import LATE, NOT_MET, VISIT_PLANNED, VISITED

TEMPLATE = outbox.titled("objections.step", gettext_lazy("kabar sanggahan"))
VISITS = (VISIT_PLANNED, VISITED, NOT_MET)
ONE_PART = 160  # GSM-7 characters of one SMS
MOST_RECEIVED = 5  # messages a day to one phone that a case came in
TOLD = frozenset(
    {
        State.SUBMITTED,
        State.INCOMPLETE,
        State.UPHELD_HERE,
        State.UPHELD_TO_CENTRE,
        State.REJECTED,
        State.CENTRE_CHANGED,
        State.CENTRE_KEPT,
        State.REEXAMINED,
    }
)


def tell_step(objection: Objection, event: ObjectionEvent, *, now: datetime) -> None:
    """Post the notice of a move, if it is one the citizen waits for.

    What was decided goes to everyone as a letter with its reasons. Who is not told by phone gets the rest on paper too.
    """
    if event.state_after not in TOLD or _is_flooded(objection, event, now):
        return
    _tell([(objection, f"{event.pk}")], event.state_after, now)


def _is_flooded(objection: Objection, event: ObjectionEvent, now: datetime) -> bool:
    """Anybody may file under anybody's number: beyond a few a day the page alone says that a case came in."""
    if event.kind != EventKind.FILED or told_at(objection) is None:
        return False
    lately = Objection.objects.filter(phone_index=objection.phone_index, filed_at__gt=now - timedelta(days=1))
    return lately.count() > MOST_RECEIVED


def tell_late(objections: Iterable[Objection], *, now: datetime) -> None:
    """Say openly that the office is late; once for each day it went up."""
    day = localdate(now).isoformat()
    _tell([(objection, f"late:{day}") for objection in objections], LATE, now)


def tell_visit(step: str, events: Iterable[ObjectionEvent], *, day: date, now: datetime) -> None:
    """One visit each. Of a visit to somebody who was reported, the reporter hears nothing."""
    told = [(event.objection, f"{event.pk}") for event in events if event.objection.kind != Kind.WELL_OFF]
    _tell(told, step, now, day)


def _tell(told: list[tuple[Objection, str]], step: str, now: datetime, day: date | None = None) -> None:
    """Each case with what its notice is about: to the phone, or by letter; what was decided by letter in any case."""
    drafts = [_draft(case, step, about, address, day) for case, about in told if (address := told_at(case))]
    outbox.post_many(drafts, now=now)
    causes = [
        posting.Cause(_key(case, about), case, step, day)
        for case, about in told
        if step in OUTCOMES or told_at(case) is None
    ]
    posting.post(causes, now=now)


def _key(objection: Objection, about: str) -> str:
    return f"objection:{objection.pk}:{about}"


def _draft(objection: Objection, step: str, about: str, address: Address, day: date | None) -> Draft:
    values = {
        "step": step,
        "number": objection.receipt_no,
        "day": day.isoformat() if day else "",
        "by": objection.due_on.isoformat() if objection.due_on else "",
        "answer_by": objection.answer_by.isoformat(),
    }
    return Draft(_key(objection, about), TEMPLATE, channel_of(objection), values, address=address)


def told_at(objection: Objection) -> Address | None:
    """The phone that hears of the steps of the case; None for who left none, or wants letters only."""
    return None if objection.notice_by == NoticeBy.LETTER else address_of(objection)


def way_in_words(way: str, kind: str) -> str:
    """How they hear of the case. Who reports somebody is sent no letter: the envelope would give them away."""
    if way == NoticeBy.LETTER and kind == Kind.WELL_OFF:
        return _("Jangan kirim apa-apa, saya lihat sendiri")
    return str(NoticeBy(way).label)


def channel_of(objection: Objection) -> Channel:
    """By what the phone of the case is written to. Who wants letters only still gets an SMS of what they ask for."""
    return Channel.WHATSAPP if objection.notice_by == NoticeBy.WHATSAPP else Channel.SMS


def address_of(objection: Objection) -> Address | None:
    """The phone of the case, as the outbox takes it."""
    if objection.phone_sealed is None or objection.phone_index is None:
        return None
    return Address(bytes(objection.phone_sealed), bytes(objection.phone_index))


def write(values: dict[str, Any]) -> Text:
    """The words of one step; never longer than one SMS."""
    told = {
        State.SUBMITTED: _(
            "Dinsos Lotim: sanggahan %(number)s sudah masuk. Kami jawab paling lambat %(answer_by)s. "
            "Gratis. Cek di %(site)s"
        ),
        State.INCOMPLETE: _(
            "Dinsos Lotim: sanggahan %(number)s perlu dilengkapi paling lambat %(by)s. "
            "Lihat di %(site)s atau tanya kantor desa"
        ),
        State.UPHELD_HERE: _(
            "Dinsos Lotim: sanggahan %(number)s disetujui. Data di kabupaten sudah diperbaiki. Lihat di %(site)s"
        ),
        State.UPHELD_TO_CENTRE: _(
            "Dinsos Lotim: sanggahan %(number)s disetujui. Perbaikan data diusulkan ke pusat. "
            "Bantuan belum tentu langsung cair. Cek di %(site)s"
        ),
        State.REJECTED: _(
            "Dinsos Lotim: sanggahan %(number)s tidak disetujui. Alasan ada di surat dan di %(site)s. "
            "Boleh minta diperiksa ulang"
        ),
        State.CENTRE_CHANGED: _(
            "Dinsos Lotim: pusat sudah menjawab sanggahan %(number)s. "
            "Lihat hasilnya di %(site)s atau tanya operator desa"
        ),
        State.CENTRE_KEPT: _(
            "Dinsos Lotim: pusat sudah menjawab sanggahan %(number)s. "
            "Lihat hasilnya di %(site)s atau tanya operator desa"
        ),
        State.REEXAMINED: _(
            "Dinsos Lotim: sanggahan %(number)s diperiksa ulang oleh petugas lain. Cek di %(site)s"
        ),
        LATE: _(
            "Dinsos Lotim: kami terlambat memeriksa %(number)s. Sudah diteruskan ke atasan. Cek di %(site)s"
        ),
        VISIT_PLANNED: _(
            "Dinsos Lotim: petugas datang %(day)s untuk sanggahan %(number)s. Siapkan KTP dan KK. Gratis. "
            "Tidak bisa? Telp %(phone)s"
        ),
        VISITED: _(
            "Dinsos Lotim: petugas sudah datang %(day)s untuk sanggahan %(number)s. "
            "Ini belum keputusan. Lihat di %(site)s"
        ),
        NOT_MET: _(
            "Dinsos Lotim: petugas datang %(day)s tetapi tidak bertemu Anda. "
            "Beri tahu hari yang cocok, telp %(phone)s. No %(number)s"
        ),
    }[values["step"]] % {
        "number": values["number"],
        "by": _day(values["by"]),
        "day": _day(values.get("day", "")),
        "answer_by": _day(values["answer_by"]),
        "site": OFFICE["address"],
        "phone": OFFICE["phone"],
    }
    return Text(_("Sanggahan %s") % values["number"], told)


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "j M Y") if text else ""
