"""Enrolment: who is on a programme's list. Every step leaves its event; meeting a rule alone enrols nobody."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from recipients.enums import EnrolmentState, ExitReason, Unit
from recipients.models import Enrolment, Family, Person, Programme
from recipients.services.facts import mark_subject

MOVES: dict[EnrolmentState, frozenset[EnrolmentState]] = {
    EnrolmentState.WAITLISTED: frozenset({EnrolmentState.ENROLLED, EnrolmentState.EXITED}),
    EnrolmentState.ENROLLED: frozenset(
        {EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED, EnrolmentState.EXITED}
    ),
    EnrolmentState.ACTIVE: frozenset({EnrolmentState.SUSPENDED, EnrolmentState.EXITED}),
    EnrolmentState.SUSPENDED: frozenset({EnrolmentState.ACTIVE, EnrolmentState.EXITED}),
    EnrolmentState.EXITED: frozenset(),
}


class EnrolmentRefused(ValueError):
    """The step is not possible; the message says why, in Indonesian."""


@transaction.atomic
def enrol(
    *,
    programme: Programme,
    family: Family,
    state: EnrolmentState,
    since: date,
    by: User | None,
    now: datetime,
    person: Person | None = None,
    reference: str = "",
    note: str = "",
) -> Enrolment:
    """Put a family, or a person of it, on the programme's list."""
    if (programme.unit == Unit.PERSON) != (person is not None):
        raise EnrolmentRefused(
            _("Program %(name)s untuk %(unit)s.")
            % {"name": programme.name, "unit": programme.get_unit_display()}
        )
    enrolment = Enrolment.objects.create(
        programme=programme, family=family, person=person, state=state, since=since, updated_at=now
    )
    enrolment.events.create(state_after=state, at=now, by=by, reference=reference, note=note)
    mark_subject(
        family_id=family.pk,
        person_id=person.pk if person else None,
        reason=f"kepesertaan {programme.code}",
    )
    return enrolment


@transaction.atomic
def move_enrolment(
    *,
    enrolment: Enrolment,
    to: EnrolmentState,
    on: date,
    by: User | None,
    now: datetime,
    exit_reason: ExitReason | None = None,
    reference: str = "",
    note: str = "",
) -> None:
    """One step from the state that was seen; zero rows means somebody else was first."""
    if to not in MOVES[EnrolmentState(enrolment.state)]:
        raise EnrolmentRefused(
            _("Langkah ini tidak bisa dari keadaan sekarang: %s.") % enrolment.get_state_display()
        )
    if (to == EnrolmentState.EXITED) != (exit_reason is not None):
        raise EnrolmentRefused(_("Sebab berhenti diisi hanya saat berhenti."))
    values = {"state": to, "updated_at": now}
    if to == EnrolmentState.EXITED:
        values |= {"until": on, "exit_reason": exit_reason}
    if not Enrolment.objects.filter(pk=enrolment.pk, state=enrolment.state).update(**values):
        raise EnrolmentRefused(_("Petugas lain lebih dulu mengubahnya. Muat ulang halaman."))
    enrolment.refresh_from_db()
    enrolment.events.create(state_after=to, at=now, by=by, reference=reference, note=note)
    mark_subject(
        family_id=enrolment.family_id,
        person_id=enrolment.person_id,
        reason=f"kepesertaan {enrolment.programme.code}",
    )
