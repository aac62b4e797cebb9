"""Loading the district's regions into the database."""

from __future__ import annotations

from django.db import transaction

from recipients.data.region_rows import RegionRow, read_regions
from recipients.enums import RegionLevel
from recipients.models import Region

# Never bps_code: it does not come from this file.
KEPT_FROM_FILE = ["name", "level", "kind", "aliases", "parent"]


@transaction.atomic
def load_regions() -> int:
    """Write every region of the file, by code; one statement a level, so that parents stand first."""
    rows = read_regions()
    for level in (RegionLevel.DISTRICT, RegionLevel.SUBDISTRICT, RegionLevel.VILLAGE):
        _upsert([row for row in rows if row.level == level])
    return len(rows)


def _upsert(rows: list[RegionRow]) -> None:
    parents = dict(
        Region.objects.filter(code__in={row.parent_code for row in rows}).values_list("code", "id")
    )
    regions = [
        Region(
            code=row.code,
            name=row.name,
            level=row.level,
            kind=row.kind,
            aliases=list(row.aliases),
            parent_id=parents.get(row.parent_code),
        )
        for row in rows
    ]
    Region.objects.bulk_create(
        regions, update_conflicts=True, unique_fields=["code"], update_fields=KEPT_FROM_FILE
    )
