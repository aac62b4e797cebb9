"""Bring the worklists up to date, a kind at a time, in set statements; what is as it was is not written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bansos.common import db
from eligibility.engine.finding_kinds import Kind
from eligibility.engine.ranking import period_of
from eligibility.engine.temporary import fill

_FOUND = (
    "subject_key text, family_id bigint, person_id bigint, programme_id smallint, facts text, evidence jsonb, "
    "digest text"
)

# What a person closed or put to the centre on these very facts is theirs: should others open it again and then go back
# to these, their word stands. What was confirmed of our own programmes went away by its effect: found again, that was
# undone.
_CLOSED = """
SELECT FROM eligibility_finding c WHERE c.kind = %(kind)s AND c.subject_key = f.subject_key AND c.digest = f.digest
   AND (c.state = 'DISMISSED' OR c.state = 'CONFIRMED' AND c.outcome = 'TO_CENTRE')
"""

_OPEN = f"""
INSERT INTO eligibility_finding (kind, subject_key, family_id, person_id, programme_id, subdistrict_id, digest,
                                 evidence, state, found_at, run_id, outcome, note)
SELECT %(kind)s, f.subject_key, f.family_id, f.person_id, f.programme_id, v.parent_id, f.digest, f.evidence,
       'OPEN', now(), %(run)s, '', ''
  FROM pg_temp.found f JOIN recipients_family y ON y.id = f.family_id JOIN recipients_region v ON v.id = y.village_id
 WHERE NOT EXISTS (SELECT FROM eligibility_finding o WHERE o.kind = %(kind)s AND o.subject_key = f.subject_key
                   AND o.state IN ('OPEN', 'PROPOSED'))
   AND NOT EXISTS ({_CLOSED})
 ORDER BY f.subject_key
ON CONFLICT DO NOTHING
"""

# A proposal rested on the facts it was made for: with others it is open again, and nobody's.
_REFRESH = """
UPDATE eligibility_finding o SET digest = f.digest, evidence = f.evidence, family_id = f.family_id,
       person_id = f.person_id, state = 'OPEN', proposed_by_id = NULL, proposed_at = NULL, window_ends_on = NULL
  FROM pg_temp.found f
 WHERE o.kind = %(kind)s AND o.subject_key = f.subject_key AND o.state IN ('OPEN', 'PROPOSED') AND o.digest <> f.digest
"""

_RESOLVE = f"""
UPDATE eligibility_finding o SET state = 'RESOLVED', settled_at = now()
 WHERE o.kind = %(kind)s AND o.state IN ('OPEN', 'PROPOSED')
   AND NOT EXISTS (SELECT FROM pg_temp.found f WHERE f.subject_key = o.subject_key AND NOT EXISTS ({_CLOSED}))
"""


@dataclass(frozen=True)
class Found:
    """Rows of the kind that hold now; and how many were opened, changed and resolved."""

    standing: int
    opened: int
    changed: int
    resolved: int


def find(kind: Kind, *, as_of: date, release_id: int, run_id: int | None) -> Found:
    """Resolve what is no longer so, or is what a person closed; refresh what rests on other facts; open what is new."""
    read = f"SELECT k.*, md5(k.facts) FROM ({kind.sql}) k"
    standing = fill(
        "found", _FOUND, read, {"as_of": as_of, "release": release_id, "period": period_of(as_of)}
    )
    params = {"kind": kind.code.value, "run": run_id}
    resolved = db.run(_RESOLVE, params)
    changed = db.run(_REFRESH, params)
    return Found(standing, db.run(_OPEN, params), changed, resolved)
