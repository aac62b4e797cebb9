"""What everything else that changes a fact calls: the mark that makes its family be decided again."""

from __future__ import annotations

from collections.abc import Iterable

from bansos.common import db
from recipients.models import FamilyMembership
from recipients.signals import facts_changed


def mark_subject(*, family_id: int, person_id: int | None, reason: str) -> None:
    """Mark the family, and for a fact about one person every family they stand in or stood in last."""
    mark_subjects([(family_id, person_id)], reason=reason)


def mark_subjects(subjects: Iterable[tuple[int, int | None]], *, reason: str) -> None:
    """The same for many, (family, person or none) each."""
    rows = list(subjects)
    people = [person for _family, person in rows if person is not None]
    others: Iterable[int] = ()
    if people:
        stood_in = FamilyMembership.objects.known().filter(person__in=people)
        others = stood_in.values_list("family", flat=True)
    mark_families([*(family for family, _person in rows), *others], reason=reason)


def mark_families(family_ids: Iterable[int], *, reason: str) -> None:
    """Say that the facts of these families changed; call it in the transaction that changes them."""
    wanted = sorted(set(family_ids))
    if not wanted:
        return
    db.run(
        """INSERT INTO recipients_factschange (family_id, subdistrict_id)
           SELECT f.id, v.parent_id FROM recipients_family f JOIN recipients_region v ON v.id = f.village_id
            WHERE f.id = ANY(%s)""",
        [wanted],
    )
    facts_changed.send(sender=None, reason=reason)
