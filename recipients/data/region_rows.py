"""The district's regions as a file: facts of Kepmendagri 300.2.2-2138/2025 (domain.md 13 and appendix).

Kemendagri codes only. BPS has codes of its own that look alike; they come from BPS and never go in this file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REGIONS_CSV = Path(__file__).with_name("regions.csv")


@dataclass(frozen=True)
class RegionRow:
    code: str  # 52.03.05.2001
    name: str
    level: str
    kind: str
    aliases: tuple[str, ...]

    @property
    def parent_code(self) -> str:
        """The sub-district of a village, the district of a sub-district, nothing for the district."""
        return self.code.rpartition(".")[0] if self.level != "DISTRICT" else ""

    @property
    def bare_code(self) -> str:
        """The code as files carry it: 5203052001."""
        return self.code.replace(".", "")


@cache
def read_regions(path: Path = REGIONS_CSV) -> tuple[RegionRow, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(_row(line) for line in csv.DictReader(lines))


def _row(line: dict[str, str]) -> RegionRow:
    aliases = tuple(alias for alias in line["aliases"].split("|") if alias)
    return RegionRow(line["code"], line["name"], line["level"], line["kind"], aliases)
