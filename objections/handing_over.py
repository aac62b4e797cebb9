"""The evidence of a case, and minutes that agreed to it, travel with its proposal (recipients/evidence.py)."""

from __future__ import annotations

from collections.abc import Iterator

from objections.attachments import keeping
from objections.enums import AttachmentKind, Scan
from objections.models import Attachment, MusdesItem
from objections.models.objection import REFERENCE
from recipients.models import UpdateProposal
from recipients.packs import Evidence

UNSAFE = (Scan.INFECTED, Scan.WAITING)
ENDINGS = {AttachmentKind.PHOTO: "jpg", AttachmentKind.PAPER: "pdf"}


def evidence_of(proposals: list[UpdateProposal]) -> Iterator[Evidence]:
    """One by one, so that no more than one file is in memory; what may hold a virus stays behind."""
    numbers = _numbers(proposals)
    yield from _of_cases(numbers)
    yield from _minutes(numbers)


def _numbers(proposals: list[UpdateProposal]) -> dict[str, str]:
    """The proposal's number by the receipt number of its case."""
    return {
        proposal.reference.removeprefix(REFERENCE): proposal.number
        for proposal in proposals
        if proposal.reference.startswith(REFERENCE)
    }


def _of_cases(numbers: dict[str, str]) -> Iterator[Evidence]:
    rows = Attachment.objects.filter(objection__receipt_no__in=numbers, kind__in=ENDINGS)
    rows = rows.exclude(scan__in=UNSAFE).select_related("objection").order_by("objection", "kind", "place")
    for row in rows.iterator(chunk_size=100):
        name = f"{row.get_kind_display()}-{row.place}.{ENDINGS[AttachmentKind(row.kind)]}"
        yield Evidence(numbers[row.objection.receipt_no], name, [keeping.content(row)])  # type: ignore[union-attr]


def _minutes(numbers: dict[str, str]) -> Iterator[Evidence]:
    """The minutes of the deliberation that agreed, beside each proposal that stands on them."""
    items = MusdesItem.objects.agreed().filter(objection__receipt_no__in=numbers)
    for item in items.select_related("objection", "musdes").order_by("pk").iterator(chunk_size=100):
        paper = keeping.minutes_of(item.musdes)
        if paper is not None and paper.scan not in UNSAFE:
            name = f"berita-acara-{item.musdes_id}.pdf"
            yield Evidence(numbers[item.objection.receipt_no], name, [keeping.content(paper)])
