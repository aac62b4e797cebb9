"""What a delivery would change, before it is approved: from which decile to which, where, and what looks odd."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from recipients.admin import matrix
from recipients.enums import Limit
from recipients.importing.impact import ENOUGH, Place
from recipients.models import ImportBatch, Region
from recipients.models.tolerances import USUAL
from recipients.overview import DECILES, Cell

VILLAGES_TOLD = 25


def impact(batch: ImportBatch) -> dict[str, Any] | None:
    """None before the preview, and for the first release, which changes nothing."""
    if not batch.preview.get("previous"):
        return None
    cells, limits = _cells(batch.preview), batch.preview.get("limits", USUAL)
    found = {int(pk): Place(*numbers) for pk, numbers in batch.preview.get("villages", {}).items()}
    villages = Region.objects.filter(pk__in=found).select_related("parent").order_by("code")
    subdistricts: dict[str, Place] = {}
    odd: list[tuple[Region, Place]] = []
    for village in villages:
        place, name = found[village.pk], village.parent.name if village.parent else ""
        subdistricts[name] = subdistricts.get(name, Place()) + place
        if place.is_odd(limits):
            odd.append((village, place))
    odd.sort(key=lambda one: -max(abs(one[1].growth), abs(one[1].points)))
    return {
        "previous": batch.preview["previous"],
        "matrix": {"columns": matrix.head(), "rows": matrix.rows_of(cells)},
        "richer": sum(n for (a, b), n in cells.items() if a and b and b > a),
        "poorer": sum(n for (a, b), n in cells.items() if a and b and b < a),
        "same": sum(cells[decile, decile] for decile in DECILES),
        "subdistricts": [(name, place, _told(place)) for name, place in subdistricts.items()],
        "odd": [(village, place, _told(place)) for village, place in odd[:VILLAGES_TOLD]],
        "odd_more": max(0, len(odd) - VILLAGES_TOLD),
        "judged": sum(one.before >= ENOUGH for one in found.values()),
        "villages": len(found),
        "enough": ENOUGH,
        "points": limits[Limit.VILLAGE_POINTS],
        "rows_share": limits[Limit.VILLAGE_ROWS_SHARE],
    }


def _cells(preview: dict[str, Any]) -> Counter[Cell]:
    """As on the home page: None before is newly ranked, None now is gone or no longer ranked."""
    cells: Counter[Cell] = Counter()
    for move, count in preview["matrix"].items():
        before, after = (int(decile) or None for decile in move.split(">"))
        cells[before, after] += count
    for decile, count in preview["entered"].items():
        cells[None, int(decile) or None] += count
    for decile, count in preview["gone"].items():
        cells[int(decile) or None, None] += count
    del cells[None, None]  # never ranked, neither before nor now
    return cells


def _told(place: Place) -> dict[str, Any]:
    moved = 100 * place.moved / place.before if place.before else 0
    return {"share_before": place.share_before, "share_after": place.share_after, "moved": moved,
            "change": _signed(place.after - place.before), "points": _points(place.points)}  # fmt: skip


def _signed(count: int) -> str:
    return f"+{count}" if count > 0 else str(count)


def _points(points: float) -> str:
    text = f"{abs(points):.1f}".replace(".", ",")
    return _("%s poin lebih banyak") % text if points > 0 else _("%s poin lebih sedikit") % text
