"""A second look is taken by others: who judged a case in an earlier round does not judge it again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from objections.enums import OUTCOMES, EventKind, State
from objections.models import Objection, ObjectionEvent
from objections.moves import DECIDE, HANDLE, MOVES, Need
from objections.stages import OPEN
from recipients.roles import LABELS, ROLES, named

JUDGING = (State.INCOMPLETE, State.CHECKING, State.READY, State.PROPOSED, *OUTCOMES)
"""What somebody does who looks into a case. What is keyed for the citizen, or for the centre, is not among it."""


def judged_before(objection: Objection) -> QuerySet[Any]:
    """Who checked, proposed, sent back or decided before the citizen last asked for another look."""
    again = objection.events.filter(state_after=State.REEXAMINED).order_by("-pk")[:1]
    earlier = objection.events.filter(
        kind=EventKind.MOVED, state_after__in=JUDGING, pk__lt=again.values("pk"), by__isnull=False
    )
    return get_user_model()._default_manager.filter(pk__in=earlier.values("by")).order_by("pk")


def judged_by(cases: QuerySet[Objection], user: Any) -> QuerySet[Objection]:
    """Those of the cases that this person judged before the citizen last asked for another look."""
    events = ObjectionEvent.objects
    again = events.filter(objection=OuterRef("objection"), state_after=State.REEXAMINED).order_by("-pk")[:1]
    judging = events.filter(
        objection=OuterRef("pk"),
        kind=EventKind.MOVED,
        state_after__in=JUDGING,
        by=user,
        pk__lt=again.values("pk"),
    )
    return cases.filter(Exists(judging))


def why_not(objection: Objection, to: State, *, by: Any) -> str:
    """Why this person may not take this step in a second look; empty where they may."""
    move = MOVES.get((State(objection.state), to))
    if move is None or Need.NEW_EYES not in move.needs:
        return ""
    judges = list(judged_before(objection))
    if by not in judges:
        return ""
    return _in_words(objection, judges)


def told(objection: Objection) -> str:
    """What the page of an open case says from the start, whoever reads it."""
    judges = list(judged_before(objection)) if objection.state in OPEN else []
    return _in_words(objection, judges) if judges else ""


def _in_words(objection: Objection, judges: list[Any]) -> str:
    """Who cannot and why; and where the office has nobody else, which role has to be given to another person."""
    said = _(
        "Sanggahan %(case)s diperiksa ulang. %(who)s sudah mengecek atau memutuskan pada putaran sebelumnya, "
        "jadi petugas lain yang sekarang mengusulkan dan memutuskan."
    ) % {"case": objection, "who": _joined([named(judge) for judge in judges])}
    needed = (DECIDE,) if objection.state == State.PROPOSED else (HANDLE, DECIDE)
    roles = [_role(permission) for permission in needed if not _has_others(objection, judges, permission)]
    if not roles:
        return said
    return f"{said} " + _(
        "Belum ada orang lain yang berperan %s. Minta Admin sistem memberi peran itu kepada petugas lain."
    ) % _joined(roles)


def _has_others(objection: Objection, judges: list[Any], permission: str) -> bool:
    """Whether somebody holds the permission who neither judged before nor filed or proposed it now."""
    barred = [judge.pk for judge in judges] + [objection.filed_by_id or 0, objection.proposed_by_id or 0]
    holders = get_user_model().objects.with_perm(permission, include_superusers=False)
    return bool(holders.exclude(pk__in=barred).exists())


def _role(permission: str) -> str:
    return str(next(LABELS[name] for name, may in ROLES.items() if permission in may))


def _joined(names: list[str]) -> str:
    """A, B dan C."""
    *first, last = names
    return _("%(first)s dan %(last)s") % {"first": ", ".join(first), "last": last} if first else last
