"""What the SQL of facts and of conditions share: column names, and what an older release means."""

from __future__ import annotations

OLDER_RELEASE = "%(release)s < (SELECT max(id) FROM recipients_registryrelease)"


def column(at: int) -> str:
    return f"f{at}"
