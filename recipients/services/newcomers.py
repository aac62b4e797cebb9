"""The families that a delivery would bring and those it no longer names, by name, while it waits for approval."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from recipients.importing import foresee
from recipients.importing.foresee import COMES, GOES, Foreseen
from recipients.models import ImportBatch
from recipients.services.foresight import hold_preview

__all__ = ["COMES", "GOES", "Foreseen", "NotWaiting", "by_name", "count", "named"]


class NotWaiting(LookupError):
    """The delivery was approved, refused or withdrawn: its staged rows are gone."""


@transaction.atomic
def named(*, batch_id: int | None, family_ids: Collection[int]) -> list[Foreseen]:
    """Those of the families that are new in the delivery; none where there is none that waits."""
    if not family_ids or batch_id is None:
        return []
    batch = hold_preview(batch_id=batch_id)
    return foresee.foreseen(batch, COMES, families=family_ids) if batch else []


@transaction.atomic
def by_name(
    *, batch_id: int, comes_or_goes: str, villages: Collection[int], start: int = 0, most: int | None = None
) -> list[Foreseen]:
    """Those in these villages, or a page of them."""
    batch = _waiting(batch_id)
    return foresee.foreseen(batch, comes_or_goes, villages=villages, start=start, most=most)


@transaction.atomic
def count(*, batch_id: int, comes_or_goes: str, villages: Collection[int]) -> int:
    return foresee.count_foreseen(_waiting(batch_id), comes_or_goes, villages=villages)


def _waiting(batch_id: int) -> ImportBatch:
    batch = hold_preview(batch_id=batch_id)
    if batch is None:
        raise NotWaiting(batch_id)
    return batch
