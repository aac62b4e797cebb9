"""What the SQL of facts and of conditions share: column names, who is listed, and what an older release means."""

from __future__ import annotations

# A family on the list `todo`: one walk along an index for all, whatever the planner knows (docs/decisions/0024).
LISTED = "ANY(ARRAY(SELECT family_id FROM pg_temp.todo))"
OLDER_RELEASE = "%(release)s < (SELECT max(id) FROM recipients_registryrelease)"

# Families with their place.
FAMILIES = "recipients_family f JOIN recipients_region v ON v.id = f.village_id"


def published(alias: str) -> str:
    """What only an unpublished release brought is not there yet."""
    first = f"{alias}.first_release_id"
    return f"({first} IS NULL OR {first} <= (SELECT release_id FROM recipients_currentrelease))"


def column(at: int) -> str:
    return f"f{at}"
