"""An unpublished release is taken back: its rows go, the intervals it ended stand again, nothing else was touched."""

from __future__ import annotations

from bansos.common import db
from recipients.models import RegistryRelease

INTERVALS = ("recipients_welfaresnapshot", "recipients_familymembership")
NEW_ROWS = (
    ("recipients_familycardnumber", "family_id", "recipients_family"),
    ("recipients_personnik", "person_id", "recipients_person"),
)


def take_back(release: RegistryRelease) -> None:
    """The triggers let only rows of a release above the pointer go (migration 0014)."""
    only = [release.pk]
    db.run("DELETE FROM recipients_decilechange WHERE release_id = %s", only)
    for intervals in INTERVALS:
        db.run(f"DELETE FROM {intervals} WHERE from_release_id = %s", only)
        db.run(f"UPDATE {intervals} SET until_release_id = NULL WHERE until_release_id = %s", only)
    for numbers, owner_id, owners in NEW_ROWS:
        db.run(
            f"DELETE FROM {numbers} n USING {owners} o WHERE o.id = n.{owner_id} AND o.first_release_id = %s",
            only,
        )
        db.run(f"DELETE FROM {owners} WHERE first_release_id = %s", only)
    db.run("DELETE FROM recipients_registryrelease WHERE id = %s", only)
