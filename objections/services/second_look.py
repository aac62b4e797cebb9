"""A second look is taken by others: who judged a case in an earlier round does not judge it again."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from objections.enums import OUTCOMES, EventKind, State
from objections.models import Objection
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
    needed = (DECIDE,) if objection.state == State.PROPOSED else (HANDLE, DECIDE)
    lacking = [_lacking(objection, judges, permission) for permission in needed]
    return " ".join([_who_may_not(objection, judges), *filter(None, lacking)])


def _who_may_not(objection: Objection, judges: list[Any]) -> str:
    return _(
        "Sanggahan %(case)s diperiksa ulang. %(who)s sudah mengecek atau memutuskan pada putaran sebelumnya, "
        "jadi tidak boleh mengusulkan, mengembalikan, atau memutuskan lagi. Petugas lain yang melakukannya."
    ) % {"case": objection, "who": ", ".join(named(judge) for judge in judges)}


def _lacking(objection: Objection, judges: list[Any], permission: str) -> str:
    """Where the office has nobody else: which role has to be given to another person."""
    barred = [judge.pk for judge in judges] + [objection.filed_by_id or 0, objection.proposed_by_id or 0]
    holders = get_user_model().objects.with_perm(permission, include_superusers=False)
    if holders.exclude(pk__in=barred).exists():
        return ""
    role = next(LABELS[name] for name, may in ROLES.items() if permission in may)
    return _("Belum ada orang lain yang berperan %s. Minta Admin sistem memberi peran itu.") % role
