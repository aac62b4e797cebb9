"""The job of a delivery, and another try for one that gave up."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import jobs
from bansos.common.models import Job, JobState
from recipients.models import (
    ImportBatch,
)
from recipients.services.batches import ImportRefused, job_key


def job_of(batch: ImportBatch) -> Job | None:
    """The newest job of this delivery."""
    return Job.objects.filter(kind__startswith="imports.", key=job_key(batch)).order_by("-pk").first()


def stopped_job(batch: ImportBatch) -> Job | None:
    """The job that gave up on this delivery, if one did."""
    job = job_of(batch)
    return job if job and job.state == JobState.DEAD else None


@transaction.atomic
def retry_import(*, batch: ImportBatch) -> None:
    """A person says: try the stopped step again."""
    job = stopped_job(batch)
    if job is None or not jobs.retry(job):
        raise ImportRefused(_("Tidak ada langkah yang berhenti pada kiriman ini."))
