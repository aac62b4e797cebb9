"""What every step of a delivery needs: its lock, its stages, its jobs and its log of who did what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import User

from bansos.common import db, jobs
from recipients.enums import BatchState, ImportEventKind
from recipients.models import ImportBatch

REGISTRY = "recipients.registry"  # shared by who reads it for a delivery, alone for who changes it


class ImportRefused(ValueError):
    """The step is not possible now; the message says why and what to do, in Indonesian."""


def job_key(batch: ImportBatch) -> str:
    """A delivery goes through its stages once a round: another begins when it is checked again with fixes."""
    return f"batch={batch.pk}:{batch.round}"


def queue(batch: ImportBatch, kind: str) -> None:
    jobs.enqueue(kind=kind, key=job_key(batch), params={"batch": batch.pk})


def hold(batch: ImportBatch, expected: BatchState) -> bool:
    """Take the batch for one stage. False when it moved on meanwhile: then there is nothing left to do."""
    db.lock_until_commit(f"batch:{batch.pk}")
    batch.refresh_from_db()
    return batch.state == expected


def move(
    batch: ImportBatch,
    before: BatchState,
    after: BatchState,
    took: timedelta,
    stage: str,
    fields: Iterable[str] = (),
) -> None:
    """One step along the stages, only from the stage before; the seconds it took go into the batch's row."""
    batch.state = after
    batch.stage_seconds = {**batch.stage_seconds, stage: round(took.total_seconds(), 3)}
    values = {name: getattr(batch, name) for name in ("state", "stage_seconds", *fields)}
    if not ImportBatch.objects.filter(pk=batch.pk, state=before).update(**values):
        raise jobs.LeaseLost(f"batch {batch.pk} was stopped")  # by a person: services/stopping.py


def record(batch: ImportBatch, kind: ImportEventKind, *, by: User, at: datetime, note: str = "") -> None:
    batch.events.create(kind=kind, by=by, at=at, note=note[:300])
