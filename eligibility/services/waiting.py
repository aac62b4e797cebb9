"""Where a family stands with the lists of recipients, for the family itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eligibility.engine.ranking import place_of
from recipients.enums import EnrolmentState
from recipients.models import CurrentRelease, Enrolment, FamilyMembership

BAND = 10  # a place is told in tens: it moves a little whenever somebody's data change


@dataclass(frozen=True)
class Standing:
    """One enrolment; `band` is the ten in which one who waits stands, and of how many."""

    programme_id: int
    person_id: int | None
    state: str
    state_label: str
    since: date
    until: date | None
    band: tuple[int, int, int] | None


def standings_of(*, family_id: int, as_of: date) -> list[Standing]:
    """The last enrolment of the family and of each of its members, by programme."""
    members = FamilyMembership.objects.standing().filter(family=family_id).values("person")
    own = Enrolment.objects.filter(family=family_id, person=None)
    rows = (own | Enrolment.objects.filter(person__in=members)).order_by("since", "pk")
    last = {(row.programme_id, row.person_id): row for row in rows}
    return [_standing(row, as_of) for row in last.values()]


def _standing(row: Enrolment, as_of: date) -> Standing:
    return Standing(
        programme_id=row.programme_id,
        person_id=row.person_id,
        state=row.state,
        state_label=row.get_state_display(),
        since=row.since,
        until=row.until,
        band=_band(row, as_of) if row.state == EnrolmentState.WAITLISTED else None,
    )


def _band(row: Enrolment, as_of: date) -> tuple[int, int, int] | None:
    release = CurrentRelease.get()
    found = place_of(enrolment_id=row.pk, as_of=as_of, release_id=release.pk if release else 0)
    if found is None:
        return None
    place, total = found
    first = (place - 1) // BAND * BAND + 1
    return first, min(first + BAND - 1, total), total


def programmes_with_a_list() -> set[int]:
    """The programmes whose list of recipients was ever brought in: of others nothing can be said."""
    return set(Enrolment.objects.order_by().values_list("programme", flat=True).distinct())
