"""Field visits: planned for many cases at once, written down once by whoever went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bansos.common import ids, vault
from objections import notices
from objections.enums import EventKind, State
from objections.models import FieldVisit, Objection, ObjectionEvent
from objections.moves import HANDLE, VISIT
from objections.services.moving import MoveRefused, finish_check, require
from recipients import proposable
from recipients.models import FamilyMembership, WelfareSnapshot
from recipients.roles import named

VISITED_IN = (State.CHECKING, State.REEXAMINED)


@dataclass(frozen=True)
class Seen:
    """What the visitor saw of one fact; `person` for facts of a member."""

    field: str
    value: str
    person: int | None = None


@dataclass(frozen=True)
class Report:
    """What a visitor brings back. Nobody met: `not_met` says why, and there are no answers.

    `tie` is what the visitor declares to be to the family; none is what a visit needs.
    """

    finding: str
    tie: str = ""
    not_met: str = ""
    met_whom: str = ""
    witness: str = ""
    seen: list[Seen] = field(default_factory=list)
    place: tuple[float, float] | None = None


@transaction.atomic
def plan_visits(*, cases: Iterable[Objection], visitor: Any, for_day: date, by: Any, now: datetime) -> int:
    """One day and one visitor for these cases, who are told; a visit still waiting is moved, not doubled."""
    require(by, VISIT)
    if visitor.pk != by.pk:
        require(by, HANDLE)
    if for_day < timezone.localdate(now):
        raise MoveRefused(_("Hari kunjungan %s sudah lewat. Pilih hari ini atau sesudahnya.") % _day(for_day))
    going = list(cases)
    keys = [case.pk for case in going]
    _may_go(visitor, keys)
    waiting = FieldVisit.objects.waiting().filter(objection__in=keys).select_for_update()
    moved = {visit.objection_id for visit in waiting}
    values = {"visitor": visitor, "for_day": for_day, "planned_by": by, "planned_at": now}
    FieldVisit.objects.waiting().filter(objection__in=moved).update(**values)
    FieldVisit.objects.bulk_create(FieldVisit(objection_id=key, **values) for key in keys if key not in moved)
    note = _("%(day)s, oleh %(who)s") % {"day": _day(for_day), "who": named(visitor)}
    events = ObjectionEvent.objects.bulk_create(
        ObjectionEvent(objection=case, kind=EventKind.PLANNED, at=now, by=by, note=note) for case in going
    )
    notices.tell_visit(notices.VISIT_PLANNED, events, day=for_day, now=now)
    return len(keys)


def _may_go(visitor: Any, keys: list[int]) -> None:
    require(visitor, VISIT)
    theirs = Objection.objects.visible_to(visitor).filter(pk__in=keys, state__in=VISITED_IN)
    if not keys or theirs.count() != len(keys):
        raise MoveRefused(
            _("Centang sanggahan yang sedang dicek dan ada di wilayah kerja petugas kunjungan itu.")
        )
    _not_tied(visitor, theirs)


def _not_tied(visitor: Any, cases: QuerySet[Objection]) -> None:
    """Who declared a tie when filing for somebody does not go and look for the office."""
    tied = cases.filter(filed_by=visitor).exclude(conflicts=[]).values_list("receipt_no", flat=True)
    if numbers := ", ".join(tied):
        told = {"who": named(visitor), "numbers": numbers}
        raise MoveRefused(
            _("%(who)s menyatakan keluarga atau kerabat di %(numbers)s. Pilih petugas lain untuk berkunjung.")
            % told
        )


@transaction.atomic
def record_visit(
    *, visit: FieldVisit, report: Report, by: Any, now: datetime, is_check_done: bool = False
) -> None:
    """Write the visit down, with what is recorded today beside what was seen, and tell the family that it took place;
    from then on nothing of it changes.
    """
    require(by, VISIT)
    case = visit.objection
    if case.state not in VISITED_IN:
        raise MoveRefused(_("Sanggahan ini tidak sedang dicek lagi: %s.") % case.get_state_display())
    _not_tied(by, Objection.objects.filter(pk=case.pk))
    values = {**_checked(report), "answers": _answers(case, report), "done_by": by, "done_at": now}
    values["place_sealed"] = _sealed(report.place, visit.pk)
    if not FieldVisit.objects.waiting().filter(pk=visit.pk).update(**values):
        raise MoveRefused(_("Kunjungan ini sudah dicatat petugas lain. Muat ulang halaman."))
    visit.refresh_from_db()
    event = case.events.create(kind=EventKind.VISITED, at=now, by=by, note=values["finding"])
    step = notices.NOT_MET if report.not_met else notices.VISITED
    notices.tell_visit(step, [event], day=timezone.localdate(now), now=now)
    if is_check_done:
        finish_check(objection=case, by=by, now=now, note=values["finding"])


def _checked(report: Report) -> dict[str, Any]:
    finding, met = ids.scrub(report.finding).strip(), ids.scrub(report.met_whom).strip()
    if report.tie:
        raise MoveRefused(
            _("Ini keluarga atau kerabat Anda. Kunjungan ini tidak dicatat: petugas lain yang harus datang.")
        )
    if not finding:
        raise MoveRefused(_("Tulis apa yang Anda temukan, dengan kalimat pendek."))
    if bool(report.not_met) == bool(met):
        raise MoveRefused(_("Tulis bertemu dengan siapa, atau pilih mengapa tidak bertemu: salah satu."))
    if report.not_met and report.seen:
        raise MoveRefused(
            _("Anda tidak bertemu keluarga ini. Kosongkan isian rumah dan barang, tulis di temuan.")
        )
    return {
        "denies_tie": True,
        "finding": finding,
        "met_whom": met,
        "not_met": report.not_met,
        "witness": ids.scrub(report.witness).strip(),
    }


def _answers(case: Objection, report: Report) -> list[dict[str, Any]]:
    """Field, person, recorded and seen; recorded is what the published release says now."""
    standing = WelfareSnapshot.objects.standing().filter(family=case.family_id).first()
    members = {
        row.person_id: row for row in FamilyMembership.objects.standing().filter(family=case.family_id)
    }
    return [_answer(seen, members.get(seen.person) if seen.person else standing) for seen in report.seen]


def _answer(seen: Seen, row: Any) -> dict[str, Any]:
    fact = proposable.FACTS.get(seen.field)
    if fact is None or row is None or fact.of_person != (seen.person is not None):
        raise MoveRefused(_("Isian kunjungan tidak cocok dengan keluarga ini. Muat ulang halaman."))
    recorded = proposable.recorded(row, seen.field)
    try:
        value = fact.parse(seen.value)
    except ValueError as wrong:
        raise MoveRefused(
            _("%(label)s tidak bisa berisi %(value)s. Pilih dari daftar, atau ketik angka 0 sampai 999.")
            % {"label": fact.label, "value": seen.value}
        ) from wrong
    return {"field": seen.field, "person": seen.person, "recorded": recorded, "seen": value}


def _sealed(place: tuple[float, float] | None, pk: int) -> bytes | None:
    return vault.seal_json(place, _purpose(pk)) if place else None


def place_of(visit: FieldVisit) -> tuple[float, float] | None:
    """Where the visitor stood. Call it only where the look was logged first."""
    if visit.place_sealed is None:
        return None
    latitude, longitude = vault.open_json(visit.place_sealed, _purpose(visit.pk))
    return latitude, longitude


def _purpose(pk: int) -> bytes:
    return b"visit place|" + str(pk).encode()


def _day(day: date) -> str:
    return date_format(day, "j F Y")
