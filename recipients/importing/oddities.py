"""Families of a delivery that cannot be as the file has them, counted with the preview (domain.md 10, kind 28).

Only families of which the delivery says something new: of the others, what there is to ask was asked before. Once the
release is in force the same families stand on worklists, one by one (eligibility/engine/family_kinds.py).
"""

from __future__ import annotations

from bansos.common import db
from recipients.enums import FamilyOddity, FileKind
from recipients.importing import apply
from recipients.importing.staging import table_name
from recipients.models import ImportBatch

MOST_MEMBERS = 15  # more on one card is rare enough to ask

_MEMBERS = "SELECT family_id, relation FROM recipients_familymembership w WHERE w.until_release_id IS NULL"


def counts(batch: ImportBatch) -> dict[str, int]:
    """Families by oddity, as they would stand after this delivery; what is nowhere is left out."""
    families = table_name(batch.pk, FileKind.FAMILY)
    ((dropped,),) = db.fetch(f"SELECT count(*) FROM {families}_gone")
    found = {FamilyOddity.DROPPED.value: int(dropped)}
    if batch.member_sha256:
        ((without, two, differing, large),) = db.fetch(_composition(batch), {"most": MOST_MEMBERS})
        found |= {
            FamilyOddity.NO_HEAD.value: int(without),
            FamilyOddity.TWO_HEADS.value: int(two),
            FamilyOddity.COUNT_DIFFERS.value: int(differing),
            FamilyOddity.LARGE.value: int(large),
        }
    return {code: count for code, count in found.items() if count}


def _composition(batch: ImportBatch) -> str:
    """Touched families that stay, with their members of tomorrow: those of the file, and those that stand on."""
    families, members = (table_name(batch.pk, kind) for kind in (FileKind.FAMILY, FileKind.MEMBER))
    return f"""
        WITH touched AS MATERIALIZED ({apply.touched_families(batch)}),
             member AS (
                 SELECT family_id, said_relation AS relation FROM {members}_match
                 UNION ALL
                 {_MEMBERS} AND w.family_id IN (SELECT family_id FROM touched)
                    AND NOT EXISTS (SELECT FROM {members}_match m WHERE m.standing_id = w.id)
                    AND NOT EXISTS (SELECT FROM {members}_gone g WHERE g.standing_id = w.id)
             ),
             counted AS (
                 SELECT family_id, count(*) AS n, count(*) FILTER (WHERE relation = 1) AS heads,
                        count(*) FILTER (WHERE relation IS NULL) AS unsaid
                   FROM member GROUP BY 1
             ),
             stated AS (
                 SELECT t.family_id, COALESCE(m.stated, w.member_count) AS n
                   FROM touched t LEFT JOIN {families}_match m ON m.family_id = t.family_id
                   LEFT JOIN recipients_welfaresnapshot w ON w.family_id = t.family_id AND w.until_release_id IS NULL
                                                        AND m.family_id IS NULL
                  WHERE (m.family_id IS NOT NULL OR w.id IS NOT NULL)
                    AND NOT EXISTS (SELECT FROM {families}_gone g WHERE g.family_id = t.family_id)
             )
        SELECT count(*) FILTER (WHERE c.heads = 0 AND c.unsaid = 0), count(*) FILTER (WHERE c.heads > 1),
               count(*) FILTER (WHERE s.n <> COALESCE(c.n, 0)),
               count(*) FILTER (WHERE greatest(s.n, c.n) > %(most)s)
          FROM stated s LEFT JOIN counted c ON c.family_id = s.family_id
        """
