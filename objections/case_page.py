"""One case for staff: what the person says, what the data say, what happened. Built after the look was logged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from bansos.common import vault
from objections import data_before, notices, own_data, services, visit_page
from objections.clock import Clock
from objections.enums import EventKind, Kind, NoticeBy, Reason, State
from objections.models import Attachment, Objection
from objections.stages import OPEN, PAUSED
from recipients import decile_story
from recipients.addressing import STAFF
from recipients.models import (
    CurrentRelease,
    Family,
    FamilyCardNumber,
    Region,
    RegistryRelease,
    WelfareSnapshot,
)
from recipients.roles import SEE_REPORTER, named

FIELDS = {"nik": "NIK", "birth_date": _("Tanggal lahir"), "village": _("Desa")}
AGREEMENT = {
    "agrees": _("sama dengan data"),
    "differs": _("berbeda dari data"),
    "unknown": _("belum ada di data"),
    "not_said": _("tidak diisi warga"),
    "not_recorded": _("kosong di data"),
}


@dataclass(frozen=True)
class DataSide:
    """What the registry and the rules hold of the matched family."""

    family_id: int
    card_no: str
    head_name: str
    address: str
    village: str
    member_count: int | None
    release: RegistryRelease | None
    decile: int | None
    change: str
    programmes: list[own_data.ProgrammeView]


def visible_family(objection: Objection, user: Any) -> Family | None:
    """The matched family where it lies in the user's area: families move, and a case keeps its village."""
    return Family.objects.visible_to(user).filter(pk=objection.family_id).first()


def of(objection: Objection, today: date, user: Any) -> dict[str, Any]:
    family = visible_family(objection, user)
    is_outside = objection.family_id is not None and family is None
    hides = hides_reporter(objection, user)
    is_open = objection.state in OPEN
    may_check = user.has_perm(services.CHECK) and is_open
    events = list(objection.events.select_related("by"))
    return {
        "objection": objection,
        "hides_reporter": hides,
        "is_report": objection.kind == Kind.WELL_OFF,
        "nik": "" if hides else objection.masked_nik(),
        "phone": "" if hides else _masked_phone(objection),
        "told_by": "" if hides else _told_by(objection),
        "ways_to_tell": _ways_to_tell(objection, user),
        "reasons": reasons(objection),
        "holder": holder(objection),
        "days_left": days_left(objection, today, Clock.load()),
        "claimed_village": _claimed_village(objection),
        "is_outside": is_outside,
        "agreement": [] if is_outside or hides else _agreement(objection),
        "may_confirm": may_check and family is not None and objection.match_confirmed_at is None,
        "may_set_target": may_check and objection.kind == Kind.WELL_OFF,
        "registry": data_before.of(family) if family else None,
        "visited_in": services.VISITED_IN,
        "visits": [] if is_outside else visit_page.of_case(objection),
        "data": _data_side(family, today),
        "ties": services.ties(objection=objection),
        "second_look": services.told_of_second_look(objection),
        "others": [] if hides else _others(objection, user),
        "people_of_phone": 0 if hides else _people_of_phone(objection),
        "events": events,
        "evidence_removed_at": next((event.at for event in events if event.kind == EventKind.REMOVED), None),
        "evidence": list(Attachment.objects.filter(objection=objection).select_related("by")),
        "may_add_evidence": user.has_perm(services.CHECK),
    }


def hides_reporter(objection: Objection, user: Any) -> bool:
    """Who reported a well-off recipient is known to the head and the auditor, not to whoever checks the report."""
    return objection.kind == Kind.WELL_OFF and not user.has_perm(SEE_REPORTER)


def reasons(objection: Objection) -> list[Any]:
    return [Reason(code).label for code in objection.reasons]


def holder(objection: Objection) -> str:
    """Who has it; a late case has gone up to the head, and stays in the hands of the one who works on it."""
    name = named(objection.handled_by) if objection.handled_by else _("belum dipegang")
    if objection.escalated_at:
        return _("Kepala Dinas Sosial (terlambat, dari: %s)") % name
    return str(name)


def days_left(objection: Objection, today: date, clock: Clock) -> dict[str, str]:
    """In words, with a kind that a colour may follow; never a colour alone."""
    if objection.due_on is None:
        waits = objection.state == State.UPHELD_TO_CENTRE
        return {"kind": "done", "text": str(_("menunggu pusat") if waits else _("sudah selesai"))}
    if objection.state in PAUSED:
        words = (
            _("menunggu warga sampai %s") if objection.due_on >= today else _("warga belum menjawab sejak %s")
        )
        return {"kind": "paused", "text": words % date_format(objection.due_on, "j M")}
    left = (objection.due_on - today).days
    if left < 0:
        return {"kind": "late", "text": _("terlambat %d hari") % -left}
    if left == 0:
        return {"kind": "soon", "text": str(_("hari ini"))}
    if clock.is_nearly_late(objection, today):
        return {"kind": "soon", "text": _("hampir lewat: sisa %d hari") % left}
    return {"kind": "fine", "text": _("sisa %d hari") % left}


def _masked_phone(objection: Objection) -> str:
    if objection.phone_sealed is None or objection.phone_index is None:
        return ""
    phone = vault.decrypt(vault.PHONE, objection.phone_sealed, objection.phone_index)
    return f"{phone[:4]}{'*' * (len(phone) - 7)}{phone[-3:]}"


def _told_by(objection: Objection) -> str:
    """How they hear of the case; who reported somebody gets no letter."""
    if notices.told_at(objection) is not None:
        return objection.get_notice_by_display()
    return str(_("melihat sendiri dengan nomor dan PIN") if objection.kind == Kind.WELL_OFF else _("surat"))


def may_choose_notice(objection: Objection, user: Any) -> bool:
    return services.may_choose_for(user) and not hides_reporter(objection, user)


def _ways_to_tell(objection: Objection, user: Any) -> list[tuple[str, str]]:
    """Nothing to choose where no phone is known; empty for who may not choose for somebody."""
    if objection.phone_index is None or not may_choose_notice(objection, user):
        return []
    return [(way, notices.way_in_words(way, objection.kind)) for way in NoticeBy.values]


def _agreement(objection: Objection) -> list[dict[str, Any]]:
    return [
        {"field": label, "kind": objection.match[name], "words": AGREEMENT[objection.match[name]]}
        for name, label in FIELDS.items()
        if name in objection.match
    ]


def _people_of_phone(objection: Objection) -> int:
    """How many people name this phone in their cases, where that is unusual: a broker's phone, or a helper's own."""
    if objection.phone_index is None:
        return 0
    people = Objection.objects.people_of_phone(bytes(objection.phone_index))
    return people if people >= Objection.MANY_PEOPLE else 0


def _claimed_village(objection: Objection) -> Region | None:
    claimed = objection.match.get("claimed_village", objection.village_id)
    return Region.objects.select_related("parent").filter(pk=claimed).first()


def _others(objection: Objection, user: Any) -> list[Objection]:
    """Other open cases of the same NIK in the user's area: one answer may do."""
    same = Objection.objects.visible_to(user).open().filter(nik_index=objection.nik_index)
    return list(same.exclude(pk=objection.pk)[:5])


def _data_side(family: Family | None, today: date) -> DataSide | None:
    if family is None:
        return None
    standing = WelfareSnapshot.objects.standing().filter(family=family).select_related("village__parent")
    snapshot = standing.first()
    story = decile_story.of_family(family.pk)
    return DataSide(
        family_id=family.pk,
        card_no=FamilyCardNumber.objects.get(family=family).masked(),
        head_name=snapshot.head_name if snapshot else "",
        address=snapshot.address if snapshot else "",
        village=f"{snapshot.village}, {snapshot.village.parent}" if snapshot else "",
        member_count=snapshot.member_count if snapshot else None,
        release=CurrentRelease.get(),
        decile=story.now,
        change=story.sentence(STAFF),
        programmes=own_data.programmes(family.pk, today, STAFF),
    )
