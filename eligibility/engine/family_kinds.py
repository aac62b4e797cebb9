"""Families whose card cannot be as the release has it, and families it no longer names (domain.md 10, kinds 10 and 28).

The SQL of five worklists, in the shape of finding_kinds.py. A family that the release left out is looked for, never
deleted; where its people stand now is the first thing to know.
"""

from __future__ import annotations

from recipients.importing.oddities import MOST_MEMBERS


def standing(alias: str) -> str:
    """The row stands at the published release."""
    return (
        f"{alias}.from_release_id <= %(release)s "
        f"AND ({alias}.until_release_id IS NULL OR {alias}.until_release_id > %(release)s)"
    )


def _of_family(alias: str) -> str:
    return (
        f"SELECT 'family:' || {alias}.family_id AS subject_key, {alias}.family_id, NULL::bigint AS person_id, "
        "NULL::smallint AS programme_id"
    )


_COUNTED = (
    "SELECT m.family_id, count(*) AS n FROM recipients_familymembership m "
    f"WHERE {standing('m')} GROUP BY m.family_id"
)

TWO_HEADS = f"""
{_of_family("m")}, string_agg(m.person_id::text, ',' ORDER BY m.person_id) AS facts,
       jsonb_build_object('heads', count(*)) AS evidence
  FROM recipients_familymembership m WHERE {standing("m")} AND m.relation = 1
 GROUP BY m.family_id HAVING count(*) > 1
"""

# Where the delivery brought no members at all, that there are none says nothing about the family.
MEMBER_COUNT_DIFFERS = f"""
{_of_family("s")}, concat_ws('|', s.member_count, COALESCE(c.n, 0)) AS facts,
       jsonb_build_object('stated', s.member_count, 'counted', COALESCE(c.n, 0)) AS evidence
  FROM recipients_welfaresnapshot s LEFT JOIN ({_COUNTED}) c ON c.family_id = s.family_id
 WHERE {standing("s")} AND s.member_count <> COALESCE(c.n, 0)
   AND (c.n IS NOT NULL OR EXISTS (SELECT FROM recipients_importbatch b
                                    WHERE b.release_id = s.from_release_id AND b.member_sha256 <> ''))
"""

LARGE_FAMILY = f"""
{_of_family("s")}, concat_ws('|', s.member_count, c.n) AS facts,
       jsonb_build_object('members', greatest(s.member_count, c.n)) AS evidence
  FROM recipients_welfaresnapshot s LEFT JOIN ({_COUNTED}) c ON c.family_id = s.family_id
 WHERE {standing("s")} AND greatest(s.member_count, c.n) > {MOST_MEMBERS}
"""

DROPPED_FROM_RELEASE = f"""
{_of_family("w")}, w.until_release_id::text AS facts,
       jsonb_build_object('release', r.label, 'decile', w.decile, 'elsewhere', (
           SELECT count(DISTINCT m.person_id) FROM recipients_familymembership o
             JOIN recipients_familymembership m ON m.person_id = o.person_id AND {standing("m")}
            WHERE o.family_id = w.family_id AND o.until_release_id IS NOT NULL AND m.family_id <> w.family_id
       )) AS evidence
  FROM (SELECT DISTINCT ON (h.family_id) h.family_id, h.until_release_id, h.decile
          FROM recipients_welfaresnapshot h
         WHERE h.until_release_id <= %(release)s
           AND NOT EXISTS (SELECT FROM recipients_welfaresnapshot s WHERE s.family_id = h.family_id AND {standing("s")})
         ORDER BY h.family_id, h.until_release_id DESC) w
  JOIN recipients_registryrelease r ON r.id = w.until_release_id
"""

# Somebody called after a child (AMAQ, INAQ) may have any own name; titles say nothing (importing/lists/names.py).
_AFTER_A_CHILD = "^(AMAQ|INAQ|PAPUQ|AMA|INA|AMAK|INAK) "
_LETTERS_OF = "regexp_replace(upper({}.name), '[^A-Z]', '', 'g')"


def _no_word_of(alias: str, other: str) -> str:
    """No word of three letters or more in the one name stands anywhere in the letters of the other."""
    return (
        f"NOT EXISTS (SELECT FROM regexp_split_to_table(upper({alias}.name), '[^A-Z]+') word "
        f"WHERE length(word) >= 3 AND position(word IN {_LETTERS_OF.format(other)}) > 0)"
    )


NIK_OTHER_NAME = f"""
SELECT 'person:' || m.person_id AS subject_key, m.family_id, m.person_id, NULL::smallint AS programme_id,
       concat_ws('|', o.name, m.name) AS facts, jsonb_build_object('release', r.label) AS evidence
  FROM recipients_familymembership m
  JOIN recipients_familymembership o ON o.person_id = m.person_id AND o.until_release_id = m.from_release_id
  JOIN recipients_registryrelease r ON r.id = m.from_release_id
 WHERE {standing("m")} AND m.name <> o.name
   AND upper(m.name) !~ '{_AFTER_A_CHILD}' AND upper(o.name) !~ '{_AFTER_A_CHILD}'
   AND {_no_word_of("m", "o")} AND {_no_word_of("o", "m")}
"""
