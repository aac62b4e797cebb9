"""One hash over everything that an import and its decisions leave behind, free of surrogate ids and clocks."""

from __future__ import annotations

import hashlib

from bansos.common import db

_CONTENT = {
    "families": """
        SELECT c.index, v.code, f.label, u.label, w.decile, w.head_name, w.address, w.power, w.asset_car, w.row_key
          FROM recipients_welfaresnapshot w JOIN recipients_familycardnumber c USING (family_id)
          JOIN recipients_region v ON v.id = w.village_id JOIN recipients_registryrelease f ON f.id = w.from_release_id
          LEFT JOIN recipients_registryrelease u ON u.id = w.until_release_id""",
    "members": """
        SELECT n.index, c.index, f.label, u.label, m.name, m.birth_date, m.relation, m.has_disability
          FROM recipients_familymembership m JOIN recipients_personnik n USING (person_id)
          JOIN recipients_familycardnumber c ON c.family_id = m.family_id
          JOIN recipients_registryrelease f ON f.id = m.from_release_id
          LEFT JOIN recipients_registryrelease u ON u.id = m.until_release_id""",
    "changes": """
        SELECT c.index, r.label, d.before, d.after, d.direction, d.crossed_ceilings
          FROM recipients_decilechange d JOIN recipients_familycardnumber c USING (family_id)
          JOIN recipients_registryrelease r ON r.id = d.release_id""",
    "decisions": """
        SELECT c.index, n.index, p.code, s.version, d.verdict, g.findings, d.superseded_at IS NULL, r.label
          FROM eligibility_eligibilitydecision d JOIN recipients_familycardnumber c USING (family_id)
          LEFT JOIN recipients_personnik n USING (person_id) JOIN recipients_programme p ON p.id = d.programme_id
          JOIN eligibility_ruleset s ON s.id = d.rule_set_id JOIN eligibility_grounds g ON g.id = d.grounds_id
          LEFT JOIN recipients_registryrelease r ON r.id = d.release_id""",
    "enrolments": """
        SELECT c.index, p.code, e.state, e.since, e.until, v.state_after
          FROM recipients_enrolment e JOIN recipients_familycardnumber c USING (family_id)
          JOIN recipients_programme p ON p.id = e.programme_id
          JOIN recipients_enrolmentevent v ON v.enrolment_id = e.id""",
    "marks": """
        SELECT c.index, r.code FROM recipients_factschange f JOIN recipients_region r ON r.id = f.subdistrict_id
          LEFT JOIN recipients_familycardnumber c USING (family_id)""",
    "pointer": """
        SELECT r.label FROM recipients_currentrelease p JOIN recipients_registryrelease r ON r.id = p.release_id""",
}


def digest() -> dict[str, str]:
    """Per kind of content a count and a hash, so that a difference says where it is."""
    return {name: _hash(query) for name, query in _CONTENT.items()}


def _hash(query: str) -> str:
    rows = sorted(text for (text,) in db.fetch(f"SELECT q::text FROM ({query}) q"))
    return f"{len(rows)} {hashlib.sha256(chr(10).join(rows).encode()).hexdigest()[:16]}"
