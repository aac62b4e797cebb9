"""One number for all standing decisions: equal when the same verdicts stand for the same reasons, whatever the path."""

from __future__ import annotations

from bansos.common import db


def standing_digest() -> str:
    """Count and order-free sum of hashes; ids, moments and the days of deciding do not count."""
    rows = db.fetch(
        "SELECT count(*), coalesce(sum(hashtextextended(concat_ws('|', programme_id, family_id, "
        "coalesce(person_id, 0), subdistrict_id, d.verdict, findings, inputs, d.rule_set_id), 0)::numeric), 0) "
        "FROM eligibility_eligibilitydecision d JOIN eligibility_grounds g ON g.id = d.grounds_id "
        "WHERE superseded_at IS NULL"
    )
    return f"{rows[0][0]}:{int(rows[0][1])}"
