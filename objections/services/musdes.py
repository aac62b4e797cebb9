"""Village deliberations: cases put on an agenda, what was said of each, and minutes that close it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bansos.common import ids
from eligibility.services.minutes import Minutes
from objections.attachments import keeping
from objections.enums import EventKind, Kind, MusdesResult, State
from objections.models import Musdes, MusdesItem, Objection, ObjectionEvent, ObjectionQuerySet
from objections.services.moving import MoveRefused, require
from recipients.models import Region
from recipients.roles import HOLD_MUSDES

DISCUSSED_IN = (State.CHECKING, State.READY, State.REEXAMINED)


@dataclass(frozen=True)
class Said:
    """What the meeting said of one family."""

    result: str
    note: str = ""


def for_agenda(*, village: Region, by: Any) -> ObjectionQuerySet:
    """Cases that a meeting of the village may speak of. Reports stay out: they would give somebody away."""
    cases = Objection.objects.visible_to(by).filter(village=village, state__in=DISCUSSED_IN)
    return cases.exclude(kind=Kind.WELL_OFF)


def minutes_of(key: int) -> Minutes | None:
    """What a decision by hand that names this deliberation is held against."""
    musdes = Musdes.objects.select_related("village").filter(pk=key).first()
    if musdes is None:
        return None
    number = musdes.minutes_no if musdes.closed_at else ""
    return Minutes(musdes.village_id, musdes.village.name, musdes.held_on, number)


@transaction.atomic
def plan_musdes(
    *, village: Region, held_on: date, place: str, cases: Iterable[int], by: Any, now: datetime
) -> Musdes:
    require(by, HOLD_MUSDES)
    chosen = list(for_agenda(village=village, by=by).filter(pk__in=list(cases)).order_by("pk"))
    if not chosen:
        raise MoveRefused(_("Centang paling sedikit satu sanggahan yang sedang dicek di desa ini."))
    if not place.strip():
        raise MoveRefused(_("Tulis tempat musyawarah."))
    made = Musdes.objects.create(
        village=village, held_on=held_on, place=place.strip(), made_by=by, made_at=now
    )
    MusdesItem.objects.bulk_create(MusdesItem(musdes=made, objection=case) for case in chosen)
    return made


@transaction.atomic
def record_musdes(
    *, musdes: Musdes, said: Mapping[int, Said], attended: int | None, minutes_no: str, by: Any, now: datetime
) -> None:
    """Results by item; they may be written piece by piece until the minutes are in."""
    require(by, HOLD_MUSDES)
    if musdes.held_on > timezone.localdate(now):
        raise MoveRefused(_("Musyawarah ini baru diadakan %s.") % date_format(musdes.held_on, "j F Y"))
    values = {"attended": attended, "minutes_no": ids.scrub(minutes_no).strip()}
    _open(musdes).update(**values)
    items = list(musdes.items.filter(pk__in=said))
    for item in items:
        told = said[item.pk]
        item.result = told.result if told.result in MusdesResult.values else ""
        item.note = ids.scrub(told.note).strip()[:300]
    MusdesItem.objects.bulk_update(items, ["result", "note"])
    musdes.refresh_from_db()


@transaction.atomic
def close_musdes(*, musdes: Musdes, minutes: bytes, by: Any, now: datetime) -> None:
    """The signed minutes are in: results stand, and every case has them in its history."""
    require(by, HOLD_MUSDES)
    if not musdes.minutes_no:
        raise MoveRefused(_("Tulis dulu nomor berita acara, lalu simpan hasilnya."))
    items = list(musdes.items.select_related("objection"))
    if left := [item.objection.receipt_no for item in items if not item.result]:
        raise MoveRefused(_("Belum ada hasil untuk: %s.") % ", ".join(left))
    _open(musdes).update(closed_at=now)
    keeping.take_minutes(data=minutes, musdes=musdes, by=by, now=now)
    ObjectionEvent.objects.bulk_create(
        ObjectionEvent(
            objection=item.objection, kind=EventKind.MUSDES, at=now, by=by, note=_note(musdes, item)
        )
        for item in items
    )
    musdes.refresh_from_db()


def _open(musdes: Musdes) -> Any:
    found = Musdes.objects.filter(pk=musdes.pk, closed_at=None)
    if not found.select_for_update().exists():
        raise MoveRefused(_("Berita acara sudah masuk: hasil musyawarah ini tidak bisa diubah lagi."))
    return found


def _note(musdes: Musdes, item: MusdesItem) -> str:
    told = {
        "day": date_format(musdes.held_on, "j F Y"),
        "no": musdes.minutes_no,
        "result": item.get_result_display(),
    }
    said = _("%(day)s, berita acara %(no)s: %(result)s") % told
    return f"{said}. {item.note}" if item.note else said
