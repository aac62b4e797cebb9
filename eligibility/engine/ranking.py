"""Who of those that wait is next: one statement, total, and the same whatever order the rows come in.

Lowest decile first, then families with an elder alone, a disability or an infant, then who waits longest; the last
tie is a draw by the key of the quota, made once and kept, so that anybody can draw again (domain.md 5). Never by name.
The registry brings no score yet. A quota is the nearest one: of the village, of its sub-district, or of the district.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from bansos.common import db
from eligibility.engine.standing import decision_stands

INFANT, ELDER = "2 years", "60 years"

_QUOTAS = """
quotas AS (
  SELECT DISTINCT ON (programme_id, region_id) id, programme_id, region_id, amount, draw_key
    FROM recipients_quota WHERE period <= %(period)s ORDER BY programme_id, region_id, period DESC),
placed AS (
  SELECT e.id, e.programme_id, e.family_id, e.person_id, e.state, e.since, q.id AS quota_id, q.amount, q.draw_key
    FROM recipients_enrolment e JOIN recipients_family f ON f.id = e.family_id
    JOIN recipients_region v ON v.id = f.village_id LEFT JOIN recipients_region d ON d.id = v.parent_id
    JOIN LATERAL (SELECT * FROM quotas q WHERE q.programme_id = e.programme_id
                  AND q.region_id IN (v.id, v.parent_id, d.parent_id)
                  ORDER BY CASE q.region_id WHEN v.id THEN 0 WHEN v.parent_id THEN 1 ELSE 2 END LIMIT 1) q ON true
   WHERE e.state <> 'EXITED'),
used AS (SELECT quota_id, count(*) FILTER (WHERE state <> 'WAITLISTED') AS used,
                count(*) FILTER (WHERE state = 'WAITLISTED') AS waiting FROM placed GROUP BY quota_id)
"""

_STANDING = (
    "{0}.from_release_id <= %(release)s "
    "AND ({0}.until_release_id IS NULL OR {0}.until_release_id > %(release)s)"
)

RANKED = f"""
WITH {_QUOTAS}, ranked AS (
  SELECT p.id AS enrolment_id, p.programme_id, p.family_id, p.person_id, p.quota_id, p.amount, s.decile,
         coalesce(m.vulnerable, 0) AS vulnerable, p.since, md5(p.draw_key || ':' || p.id) AS draw,
         row_number() OVER (PARTITION BY p.quota_id ORDER BY s.decile NULLS LAST, coalesce(m.vulnerable, 0) DESC,
                            p.since, md5(p.draw_key || ':' || p.id), p.id) AS place
    FROM placed p
    LEFT JOIN recipients_welfaresnapshot s ON s.family_id = p.family_id AND {_STANDING.format("s")}
    LEFT JOIN LATERAL (
      SELECT bool_or(m.has_disability IS TRUE)::int
             + bool_or(m.birth_date > %(as_of)s::date - interval '{INFANT}')::int
             + (count(*) = 1 AND bool_or(m.birth_date <= %(as_of)s::date - interval '{ELDER}'))::int AS vulnerable
        FROM recipients_familymembership m WHERE m.family_id = p.family_id AND {_STANDING.format("m")}) m ON true
   WHERE p.state = 'WAITLISTED'
     AND EXISTS (SELECT FROM eligibility_eligibilitydecision d WHERE d.programme_id = p.programme_id
                 AND {decision_stands("d")} AND d.verdict = 'ELIGIBLE' AND d.family_id = p.family_id
                 AND d.person_id IS NOT DISTINCT FROM p.person_id))
SELECT r.*, greatest(r.amount - u.used, 0) AS free FROM ranked r JOIN used u ON u.quota_id = r.quota_id
"""

# The findings' shape of it: the waiting who fit in what is free, in our own programmes; the centre fills its own.
NEXT_IN_LINE = f"""
SELECT 'enrolment:' || n.enrolment_id AS subject_key, n.family_id, n.person_id, n.programme_id,
       n.quota_id::text AS facts,
       jsonb_build_object('enrolment', n.enrolment_id, 'place', n.place, 'decile', n.decile,
                          'vulnerable', n.vulnerable, 'since', n.since, 'draw', left(n.draw, 8)) AS evidence
  FROM ({RANKED}) n JOIN recipients_programme p ON p.id = n.programme_id
 WHERE p.is_local AND n.place <= n.free
"""

_USE = f"""
WITH {_QUOTAS}
SELECT q.id, q.programme_id, q.region_id, q.amount, coalesce(u.used, 0), coalesce(u.waiting, 0)
  FROM quotas q LEFT JOIN used u ON u.quota_id = q.id ORDER BY q.programme_id, q.region_id
"""


@dataclass(frozen=True)
class QuotaUse:
    quota_id: int
    programme_id: int
    region_id: int
    amount: int
    used: int
    waiting: int

    @property
    def free(self) -> int:
        return max(self.amount - self.used, 0)


@dataclass(frozen=True)
class Waiting:
    """One who waits, with what the place follows from."""

    enrolment_id: int
    family_id: int
    person_id: int | None
    decile: int | None
    vulnerable: int
    since: date
    draw: str
    place: int
    free: int

    @property
    def is_next(self) -> bool:
        return self.place <= self.free


def period_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quota_use(*, as_of: date) -> list[QuotaUse]:
    """Every quota of the newest period begun, with how many use it and how many wait."""
    return [QuotaUse(*row) for row in db.fetch(_USE, {"period": period_of(as_of)})]


def ladder(*, quota_id: int, as_of: date, release_id: int, most: int) -> list[Waiting]:
    """Those who wait for one quota, in their order."""
    columns = "enrolment_id, family_id, person_id, decile, vulnerable, since, draw, place, free"
    rows = db.fetch(
        f"SELECT {columns} FROM ({RANKED}) n WHERE quota_id = %(quota)s ORDER BY place LIMIT %(most)s",
        _params(as_of, release_id) | {"quota": quota_id, "most": most},
    )
    return [Waiting(*row) for row in rows]


def next_in_line(*, as_of: date, release_id: int) -> set[int]:
    """The enrolments of our own programmes that fit in what is free at this moment."""
    rows = db.fetch(
        f"SELECT (evidence->>'enrolment')::bigint FROM ({NEXT_IN_LINE}) n", _params(as_of, release_id)
    )
    return {int(pk) for (pk,) in rows}


def place_of(*, enrolment_id: int, as_of: date, release_id: int) -> tuple[int, int] | None:
    """The place of one who waits, and how many wait for the same quota; None for who does not wait or has no quota."""
    rows = db.fetch(
        "SELECT place, total FROM (SELECT n.enrolment_id, n.place, count(*) OVER (PARTITION BY n.quota_id) AS total "
        f"FROM ({RANKED}) n) p WHERE enrolment_id = %(enrolment)s",
        _params(as_of, release_id) | {"enrolment": enrolment_id},
    )
    return (int(rows[0][0]), int(rows[0][1])) if rows else None


def _params(as_of: date, release_id: int) -> dict[str, Any]:
    return {"as_of": as_of, "release": release_id, "period": period_of(as_of)}
