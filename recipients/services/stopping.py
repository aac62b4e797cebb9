"""A delivery is stopped by a person at any stage before it stands in the registry, also while a step is under way."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from recipients.enums import BatchState, ImportEventKind
from recipients.importing import match
from recipients.importing.issues import printable
from recipients.models import ImportBatch
from recipients.services.batches import ImportRefused, hold, job_key, queue, record

STOPPABLE = (BatchState.RECEIVED, BatchState.VALIDATED, BatchState.PREVIEWED, BatchState.APPROVED)


@transaction.atomic
def withdraw_import(*, batch: ImportBatch, by: User, reason: str, now: datetime) -> None:
    """The delivery goes no further; its refused rows and reasons stay on record.

    A step that is under way loses its lease: it ends at its next report, at the latest when it wants to complete, and
    is rolled back whole. Who was first decides: once applying has completed, there is the undo of two people.
    """
    waiting = ImportBatch.objects.filter(pk=batch.pk, state__in=STOPPABLE)
    if not waiting.update(state=BatchState.REFUSED, refusal=printable(reason)):
        raise ImportRefused(
            _("Kiriman ini sudah diterapkan atau selesai, jadi tidak bisa dihentikan lagi. Minta pembatalan.")
        )
    batch.refresh_from_db()
    record(batch, ImportEventKind.WITHDRAWN, by=by, at=now, note=printable(reason))
    jobs.cancel(kinds="imports.", key=job_key(batch))
    if db.try_lock_until_commit(f"batch:{batch.pk}"):
        match.drop_tables(batch.pk)
    else:
        queue(batch, "imports.discard")  # once the step has let go of what it reads


def discard_staged(batch: ImportBatch, *, lease: jobs.Lease) -> None:
    """What a stopped delivery left in staging goes: it holds names."""
    with lease.completing():
        if hold(batch, BatchState.REFUSED):
            match.drop_tables(batch.pk)
