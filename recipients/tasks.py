"""Jobs of an import, one a stage. Each finds its batch's stage in the database and does nothing twice."""

from datetime import datetime

from django.utils import timezone

from bansos.common import jobs
from recipients import services
from recipients.models import ImportBatch


def _batch(lease: jobs.Lease) -> ImportBatch:
    return ImportBatch.objects.get(pk=lease.params["batch"])


@jobs.keeps_due
def discard_unowned_uploads(now: datetime) -> None:
    services.discard_unowned_uploads(now=now)


@jobs.handles("imports.validate")
def validate(lease: jobs.Lease) -> None:
    services.validate_batch(_batch(lease), lease=lease, clock=timezone.now)


@jobs.handles("imports.preview")
def preview(lease: jobs.Lease) -> None:
    services.preview_batch(_batch(lease), lease=lease, clock=timezone.now)


@jobs.handles("imports.apply")
def apply(lease: jobs.Lease) -> None:
    services.apply_batch(_batch(lease), lease=lease, clock=timezone.now)
