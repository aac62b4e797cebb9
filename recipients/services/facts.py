"""What everything else that changes a fact calls: the mark that makes its family be decided again."""

from __future__ import annotations

from collections.abc import Iterable

from bansos.common import db
from recipients.signals import facts_changed


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
