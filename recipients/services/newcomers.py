"""The families that a delivery would bring and those it no longer names, before it is approved: by name."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from recipients.importing import foresee
from recipients.importing.foresee import Foreseen
from recipients.services.foresight import hold_preview


@transaction.atomic
def named(*, batch_id: int | None, family_ids: Collection[int]) -> list[Foreseen]:
    """Those of the families that are new in the delivery; none where there is none that waits."""
    if not family_ids or batch_id is None:
        return []
    batch = hold_preview(batch_id=batch_id)
    return foresee.new_families(batch, family_ids=family_ids) if batch else []
