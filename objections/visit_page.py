"""Visits in words: what was seen beside what is recorded, and which cases under check wait for one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from bansos.common.admin import key_of
from objections import services
from objections.enums import Reason
from objections.models import FieldVisit, Objection
from recipients import proposable
from recipients.models import Family, FamilyMembership, WelfareSnapshot


@dataclass(frozen=True)
class Line:
    """One question of a visit."""

    label: str
    recorded: Any
    seen: Any
    differs: bool


@dataclass(frozen=True)
class Shown:
    visit: FieldVisit
    lines: list[Line]

    @property
    def differing(self) -> int:
        return sum(line.differs for line in self.lines)


@dataclass(frozen=True)
class Place:
    """One village of the plan with its cases, in the order of their addresses: hamlet by hamlet."""

    village: str
    cases: list[Objection]


def of_case(objection: Objection) -> list[Shown]:
    return shown(objection.visits.select_related("visitor", "done_by"))


def shown(visits: Iterable[FieldVisit]) -> list[Shown]:
    rows = list(visits)
    people = {answer["person"] for row in rows for answer in row.answers if answer["person"]}
    names = FamilyMembership.objects.standing().filter(person__in=people).names()
    return [Shown(row, [_line(answer, names) for answer in row.answers]) for row in rows]


def _line(answer: dict[str, Any], names: dict[int, str]) -> Line:
    fact = proposable.FACTS[answer["field"]]
    label = str(fact.label).capitalize()
    if answer["person"]:
        label = f"{names.get(answer['person'], _('anggota'))}: {label}"
    differs = answer["seen"] != answer["recorded"]
    return Line(label, fact.say(answer["recorded"]), fact.say(answer["seen"]), differs)


def house_lines(visit: FieldVisit) -> list[Line]:
    """What was seen of house and belongings; nothing that speaks of one person."""
    return [_line(answer, {}) for answer in visit.answers if not answer["person"]]


def initial_of(visit: FieldVisit) -> dict[str, Any]:
    """The proposal form filled in with what the visit saw otherwise; the paper is still to be named."""
    day = visit.for_day.strftime("%d-%m-%Y")
    filled: dict[str, Any] = {"note": _("Dilihat saat kunjungan %s") % day}
    for answer in visit.differing():
        value = answer["seen"]
        filled[f"{answer['field']}-{answer['person'] or 0}"] = (
            int(value) if isinstance(value, bool) else value
        )
    return filled


def initial_for(objection: Objection, visit: str) -> dict[str, Any]:
    """Of the visit that a button names; nothing for a number that is no visit of this case."""
    found = objection.visits.done().filter(pk=key_of(visit)).first()
    return initial_of(found) if found else {}


def mine(user: Any) -> list[FieldVisit]:
    """What this person still has to visit, by day, then by address."""
    rows = FieldVisit.objects.visible_to(user).waiting().filter(visitor=user)
    rows = rows.filter(objection__state__in=services.VISITED_IN).select_related("objection__village__parent")
    visits = list(rows)
    _with_heads([visit.objection for visit in visits], user)
    return sorted(visits, key=lambda visit: (visit.for_day, visit.objection.address))  # type: ignore[attr-defined]


def places(user: Any) -> list[Place]:
    """Cases under check in the user's area, by village."""
    cases = list(
        Objection.objects.visible_to(user)
        .filter(state__in=services.VISITED_IN, village__isnull=False)
        .select_related("village__parent")
        .order_by("village__parent__name", "village__name", "village", "pk")
    )
    _with_heads(cases, user)
    waiting = FieldVisit.objects.waiting().filter(objection__in=cases).select_related("visitor")
    planned = {visit.objection_id: visit for visit in waiting}
    for case in cases:
        case.planned = planned.get(case.pk)  # type: ignore[attr-defined]
    return [
        Place(f"{village}, {village.parent}", sorted(rows, key=lambda case: case.address))  # type: ignore[attr-defined]
        for village, rows in groupby(cases, key=lambda case: case.village)
        if village is not None
    ]


def _with_heads(cases: list[Objection], user: Any) -> None:
    """Head, address and reasons in words; of families that moved out of the user's area, neither name nor address."""
    families = Family.objects.visible_to(user).filter(pk__in=[case.family_id for case in cases])
    rows = WelfareSnapshot.objects.standing().filter(family__in=families)
    found = {row.family_id: row for row in rows}
    for case in cases:
        row = found.get(case.family_id or 0)
        case.head = row.head_name if row else _("belum dicocokkan")  # type: ignore[attr-defined]
        case.address = row.address if row else ""  # type: ignore[attr-defined]
        case.why = ", ".join(str(Reason(code).label) for code in case.reasons)  # type: ignore[attr-defined]
