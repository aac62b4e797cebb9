"""Enrolment: who is on a programme's list. Every step leaves its event; meeting a rule alone enrols nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bansos.common import db
from recipients.enums import EnrolmentState, ExitReason, Unit
from recipients.models import Enrolment, EnrolmentEvent, Family, FamilyMembership, Person, Programme
from recipients.services.facts import mark_subject, mark_subjects

MOVES: dict[EnrolmentState, frozenset[EnrolmentState]] = {
    EnrolmentState.WAITLISTED: frozenset({EnrolmentState.ENROLLED, EnrolmentState.EXITED}),
    EnrolmentState.ENROLLED: frozenset(
        {EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED, EnrolmentState.EXITED}
    ),
    EnrolmentState.ACTIVE: frozenset({EnrolmentState.SUSPENDED, EnrolmentState.EXITED}),
    EnrolmentState.SUSPENDED: frozenset({EnrolmentState.ACTIVE, EnrolmentState.EXITED}),
    EnrolmentState.EXITED: frozenset(),
}
# Leaving the waiting list is not a step of one person: a place is given to who is first in line (PLACE_FREE), or a list
# that two people brought in says so.
NOT_BY_HAND = frozenset({(EnrolmentState.WAITLISTED, EnrolmentState.ENROLLED)})
ADULT = 17  # the age of the first KTP (UU 23/2006)


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


def moves_from(enrolment: Enrolment) -> list[EnrolmentState]:
    """The steps that one person may take now, in the order of the states."""
    before = EnrolmentState(enrolment.state)
    return [to for to in EnrolmentState if to in MOVES[before] and (before, to) not in NOT_BY_HAND]


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


@transaction.atomic
def move_many(
    *,
    enrolment_ids: Iterable[int],
    to: EnrolmentState,
    by: User | None,
    now: datetime,
    reference: str = "",
    note: str = "",
) -> int:
    """The same step for many, in set statements; whose state does not allow it stays as it is. Not for exits."""
    allowed = [state for state, targets in MOVES.items() if to in targets]
    rows = list(
        Enrolment.objects.select_for_update()
        .filter(pk__in=list(enrolment_ids), state__in=allowed)
        .values_list("pk", "family_id", "person_id")
        .order_by("pk")
    )
    moved = [pk for pk, _family, _person in rows]
    Enrolment.objects.filter(pk__in=moved).update(state=to, updated_at=now)
    _note_many(moved, to, by=by, now=now, reference=reference, note=note)
    mark_subjects([(family, person) for _pk, family, person in rows], reason="kepesertaan")
    return len(moved)


@transaction.atomic
def enrol_many(
    *,
    subjects: Iterable[tuple[int, int, int | None]],
    state: EnrolmentState,
    since: date,
    by: User | None,
    now: datetime,
    reference: str = "",
) -> int:
    """Put many on lists at once: (programme, family, person) each; those who are on it already stay as they are."""
    wanted = list(dict.fromkeys(subjects))
    db.lock_until_commit("enrol")
    on_it = set(
        Enrolment.objects.open()
        .filter(family__in=[family for _programme, family, _person in wanted])
        .values_list("programme_id", "family_id", "person_id")
    )
    made = Enrolment.objects.bulk_create(
        [
            Enrolment(
                programme_id=programme,
                family_id=family,
                person_id=person,
                state=state,
                since=since,
                updated_at=now,
            )
            for programme, family, person in wanted
            if (programme, family, person) not in on_it
        ],
        batch_size=2000,
    )
    _note_many([row.pk for row in made], state, by=by, now=now, reference=reference, note="")
    mark_subjects([(row.family_id, row.person_id) for row in made], reason="kepesertaan")
    return len(made)


def _note_many(
    enrolment_ids: list[int],
    state: EnrolmentState,
    *,
    by: User | None,
    now: datetime,
    reference: str,
    note: str,
) -> None:
    EnrolmentEvent.objects.bulk_create(
        [
            EnrolmentEvent(enrolment_id=pk, state_after=state, at=now, by=by, reference=reference, note=note)
            for pk in enrolment_ids
        ],
        batch_size=2000,
    )


def may_take_care(*, enrolment: Enrolment, day: date) -> QuerySet[FamilyMembership]:
    """The adults of the family who are not its caretaker yet."""
    standing = FamilyMembership.objects.standing().filter(family=enrolment.family_id)
    grown = standing.filter(birth_date__lte=_years_before(day, ADULT))
    return grown.exclude(person=enrolment.caretaker_id).order_by("relation", "birth_date", "pk")


def _years_before(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if is_leap_day else day.day)


@transaction.atomic
def replace_caretaker(
    *, enrolment: Enrolment, caretaker: Person, by: User, now: datetime, note: str, reference: str = ""
) -> None:
    """Another adult of the family holds the card: the death of a caretaker ends no entitlement (domain.md 0.7)."""
    member = FamilyMembership.objects.standing().filter(family=enrolment.family_id, person=caretaker).first()
    if member is None:
        raise EnrolmentRefused(_("Pengurus baru harus anggota keluarga ini menurut data yang berlaku."))
    if member.birth_date is None or member.birth_date > _years_before(localdate(now), ADULT):
        raise EnrolmentRefused(_("Pengurus baru harus sudah 17 tahun."))
    if not note.strip():
        raise EnrolmentRefused(_("Tulis alasannya, misalnya nomor akta kematian pengurus lama."))
    changed = (
        Enrolment.objects.open()
        .filter(pk=enrolment.pk)
        .exclude(caretaker=caretaker)
        .update(caretaker=caretaker, updated_at=now)
    )
    if not changed:
        raise EnrolmentRefused(_("Orang ini sudah menjadi pengurus, atau kepesertaannya sudah berhenti."))
    enrolment.refresh_from_db()
    text = _("Pengurus diganti: %s") % note.strip()
    enrolment.events.create(state_after=enrolment.state, at=now, by=by, reference=reference, note=text[:300])
