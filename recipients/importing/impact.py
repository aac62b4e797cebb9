"""Village by village, what a delivery would make of the standing release: a few numbers each, kept with the preview.

The shares are of decile 1, the poorest: they move the most assistance, and a village whose share jumps was more likely
listed wrongly than changed overnight.
"""

from __future__ import annotations

from dataclasses import dataclass

from bansos.common import db
from recipients.enums import FileKind, Limit
from recipients.importing.staging import table_name

ENOUGH = 30  # families before: shares of fewer say nothing


@dataclass(frozen=True)
class Place:
    """Families before and after, those in decile 1, and those whose decile moves."""

    before: int = 0
    poorest_before: int = 0
    after: int = 0
    poorest_after: int = 0
    moved: int = 0

    def __add__(self, other: Place) -> Place:
        return Place(
            self.before + other.before,
            self.poorest_before + other.poorest_before,
            self.after + other.after,
            self.poorest_after + other.poorest_after,
            self.moved + other.moved,
        )

    @property
    def share_before(self) -> float:
        return 100 * self.poorest_before / self.before if self.before else 0

    @property
    def share_after(self) -> float:
        return 100 * self.poorest_after / self.after if self.after else 0

    @property
    def points(self) -> float:
        return self.share_after - self.share_before

    @property
    def growth(self) -> float:
        """Percent more families, or fewer."""
        return 100 * (self.after - self.before) / self.before if self.before else 0

    def is_odd(self, limits: dict[str, int]) -> bool:
        """Beyond what the office tolerates: its number of families, or its share in decile 1."""
        if self.before < ENOUGH:
            return False
        if abs(self.growth) >= limits[Limit.VILLAGE_ROWS_SHARE]:
            return True
        return self.after > 0 and abs(self.points) >= limits[Limit.VILLAGE_POINTS]


def by_village(batch_id: int) -> dict[str, list[int]]:
    """The fields of `Place` by the village's id. One pass over the standing snapshots, one over what changes."""
    staged = table_name(batch_id, FileKind.FAMILY)
    found = db.fetch(
        f"""
        WITH standing AS (
            SELECT village_id, count(*) AS n, count(*) FILTER (WHERE decile = 1) AS poorest
              FROM recipients_welfaresnapshot WHERE until_release_id IS NULL GROUP BY 1
        ), change AS (
            SELECT village_id, sum(n) AS n, sum(poorest) AS poorest, sum(moved) AS moved FROM (
                SELECT village_id, count(*) AS n, count(*) FILTER (WHERE after = 1) AS poorest,
                       count(*) FILTER (WHERE standing_id IS NOT NULL AND before IS DISTINCT FROM after) AS moved
                  FROM {staged}_match GROUP BY 1
                UNION ALL
                SELECT w.village_id, -count(*), -count(*) FILTER (WHERE w.decile = 1), 0
                  FROM {staged}_match m JOIN recipients_welfaresnapshot w ON w.id = m.standing_id GROUP BY 1
                UNION ALL
                SELECT village_id, -count(*), -count(*) FILTER (WHERE before = 1), 0 FROM {staged}_gone GROUP BY 1
            ) d GROUP BY 1
        )
        SELECT COALESCE(s.village_id, c.village_id), COALESCE(s.n, 0), COALESCE(s.poorest, 0),
               COALESCE(s.n, 0) + COALESCE(c.n, 0), COALESCE(s.poorest, 0) + COALESCE(c.poorest, 0),
               COALESCE(c.moved, 0)
          FROM standing s FULL JOIN change c ON c.village_id = s.village_id
        """
    )
    return {str(village): [int(number) for number in numbers] for village, *numbers in found}
