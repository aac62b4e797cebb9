"""Deliberations for the screen: the agenda with heads and addresses, and what a proposal may stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from objections import services
from objections.enums import Reason
from objections.models import Musdes, MusdesItem, Objection
from recipients.enums import Basis
from recipients.models import Family, Region, WelfareSnapshot


@dataclass(frozen=True)
class Line:
    """One family of an agenda; name and address only of families in the reader's own area. No decile, no number."""

    case: Objection
    head: str
    address: str
    why: str
    item: MusdesItem | None = None


def lines_of(musdes: Musdes, user: Any) -> list[Line]:
    items = list(musdes.items.select_related("objection"))
    return _lines([(item.objection, item) for item in items], user)


def lines_for(village: Region, user: Any) -> list[Line]:
    """What could be put on an agenda of this village."""
    return _lines([(case, None) for case in services.for_agenda(village=village, by=user)], user)


def _lines(rows: list[tuple[Objection, MusdesItem | None]], user: Any) -> list[Line]:
    ours = Family.objects.visible_to(user).filter(pk__in=[case.family_id for case, _item in rows])
    found = {row.family_id: row for row in WelfareSnapshot.objects.standing().filter(family__in=ours)}
    lines = [_line(case, item, found.get(case.family_id or 0)) for case, item in rows]
    return sorted(lines, key=lambda line: (line.address, line.case.receipt_no))


def _line(case: Objection, item: MusdesItem | None, snapshot: WelfareSnapshot | None) -> Line:
    why = ", ".join(str(Reason(code).label) for code in case.reasons)
    head, address = (snapshot.head_name, snapshot.address) if snapshot else ("", "")
    return Line(case, head, address, why, item)


def of_case(objection: Objection) -> list[MusdesItem]:
    return list(objection.musdes_items.select_related("musdes").order_by("-pk"))


def initial_for(objection: Objection) -> dict[str, Any]:
    """The paper of a proposal filled in from the newest minutes that agreed; nothing without such."""
    agreed = MusdesItem.objects.agreed().filter(objection=objection).select_related("musdes").last()
    if agreed is None:
        return {}
    paper = {"basis": Basis.MINUTES, "basis_ref": agreed.musdes.minutes_no, "basis_on": agreed.musdes.held_on}
    return paper | ({"note": agreed.note} if agreed.note else {})
