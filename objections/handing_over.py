"""The photos and papers of a case travel with its proposal to the centre (recipients/evidence.py)."""

from __future__ import annotations

from collections.abc import Iterator

from objections.attachments import keeping
from objections.enums import AttachmentKind, Scan
from objections.models import Attachment
from objections.models.objection import REFERENCE
from recipients.models import UpdateProposal
from recipients.packs import Evidence

ENDINGS = {AttachmentKind.PHOTO: "jpg", AttachmentKind.PAPER: "pdf"}


def evidence_of(proposals: list[UpdateProposal]) -> Iterator[Evidence]:
    """One by one, so that no more than one file is in memory; what may hold a virus stays behind."""
    numbers = {
        proposal.reference.removeprefix(REFERENCE): proposal.number
        for proposal in proposals
        if proposal.reference.startswith(REFERENCE)
    }
    rows = Attachment.objects.filter(objection__receipt_no__in=numbers, kind__in=ENDINGS)
    rows = (
        rows.exclude(scan__in=(Scan.INFECTED, Scan.WAITING))
        .select_related("objection")
        .order_by("objection", "kind", "place")
    )
    for row in rows.iterator(chunk_size=100):
        name = f"{row.get_kind_display()}-{row.place}.{ENDINGS[AttachmentKind(row.kind)]}"
        yield Evidence(numbers[row.objection.receipt_no], name, [keeping.content(row)])  # type: ignore[union-attr]
