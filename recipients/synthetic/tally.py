"""What was really written: counted from the rows, under the names the import uses for its own report."""

from __future__ import annotations

from dataclasses import dataclass

from recipients.importing.layouts import DECILE, FAMILY_HEADERS
from recipients.synthetic.quarters import Quarter

NOT_KEPT = frozenset(
    (
        "id_pelanggan_pln",
        "kabupaten_kota",
        "provinsi",
        "kode_provinsi",
        "kode_kabupaten_kota",
        "kode_kecamatan",
    )
)
KEPT_COLUMNS = tuple(index for index, header in enumerate(FAMILY_HEADERS) if header not in NOT_KEPT)
_decile = FAMILY_HEADERS.index(DECILE)


@dataclass(slots=True)
class Tally:
    """Counts of one release against the release before."""

    quarter: Quarter
    families_new: int = 0
    families_changed: int = 0
    families_unchanged: int = 0
    families_missing: int = 0
    decile_up: int = 0
    decile_down: int = 0
    decile_same: int = 0
    newly_ranked: int = 0
    member_rows: int = 0

    def count_new(self, row: str) -> None:
        self.families_new += 1
        if _decile_of(row.split(",")):
            self.newly_ranked += 1

    def count_same(self, is_ranked: bool) -> None:
        """The very row of the release before."""
        self.families_unchanged += 1
        self.decile_same += is_ranked

    def count_known(self, row: str, row_before: str) -> None:
        now, before = row.split(","), row_before.split(",")
        if any(now[index] != before[index] for index in KEPT_COLUMNS):
            self.families_changed += 1
        else:
            self.families_unchanged += 1
        self._count_decile(_decile_of(now), _decile_of(before))

    def _count_decile(self, now: int | None, before: int | None) -> None:
        if now is None:
            return
        if before is None:
            self.newly_ranked += 1
        elif now > before:
            self.decile_up += 1
        elif now < before:
            self.decile_down += 1
        else:
            self.decile_same += 1

    def as_json(self) -> dict[str, object]:
        rows = self.families_new + self.families_changed + self.families_unchanged
        return {
            "release": self.quarter.label,
            "as_of": self.quarter.as_of.isoformat(),
            "rows": rows,
            "member_rows": self.member_rows,
            "accepted": rows,
            "refused": 0,
            "refused_by_code": {},
            "families_new": self.families_new,
            "families_changed": self.families_changed,
            "families_unchanged": self.families_unchanged,
            "families_missing": self.families_missing,
            "decile_up": self.decile_up,
            "decile_down": self.decile_down,
            "decile_same": self.decile_same,
            "newly_ranked": self.newly_ranked,
        }


def _decile_of(cells: list[str]) -> int | None:
    text = cells[_decile].rstrip("\n")
    return int(text) if text else None
