"""What a delivery would make of the registry, before it is approved: for the apps above, which ask what follows."""

from __future__ import annotations

from django.db.models import Max

from bansos.common import db
from recipients.enums import BatchState
from recipients.importing import foresee
from recipients.models import ImportBatch, RegistryRelease
from recipients.services.batches import REGISTRY


def hold_preview(*, batch_id: int) -> ImportBatch | None:
    """The delivery, held as it is until commit; None when it does not wait for approval (any more)."""
    db.share_until_commit(f"batch:{batch_id}")
    db.share_until_commit(REGISTRY)
    return ImportBatch.objects.filter(pk=batch_id, state=BatchState.PREVIEWED).first()


def list_touched(*, batch: ImportBatch) -> None:
    """Make the temporary list `touched` (family_id, village_id, is_new)."""
    foresee.list_touched(batch)


def show_as_applied(*, batch: ImportBatch) -> int:
    """Snapshots and memberships read from here on are those of the touched families after the delivery; their
    release's number."""
    newest = RegistryRelease.objects.aggregate(newest=Max("pk"))["newest"] or 0
    foresee.show_as_applied(batch, newest + 1)
    return newest + 1


def show_as_is() -> None:
    foresee.show_as_is()
