"""What everything else that changes a fact calls: the mark that makes its family be decided again."""

from __future__ import annotations

from collections.abc import Iterable

from bansos.common import db
from recipients.models import FamilyMembership
from recipients.signals import facts_changed


def mark_subject(*, family_id: int, person_id: int | None, reason: str) -> None:
    """Mark the family, and for a fact about one person every family they stand in or stood in last."""
    of_person = FamilyMembership.objects.filter(person=person_id)
    stood_in = of_person.filter(until_release=None).union(of_person.filter(until_release__isnull=False))
    others = stood_in.values_list("family", flat=True) if person_id else ()
    mark_families([family_id, *others], reason=reason)


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
