"""A list that stopped or is not wanted, and the rows that a person has to look at."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from bansos.common.models import Job, JobState
from recipients.enums import ListState
from recipients.importing.issues import printable
from recipients.models import ListDelivery, ListRow
from recipients.services.lists.steps import OPEN, ListRefused, refuse_list


@transaction.atomic
def withdraw_list(*, delivery: ListDelivery, reason: str) -> None:
    """Refuse a list by hand before it is applied, or when applying gave up."""
    if not db.try_lock_until_commit(f"list:{delivery.pk}"):
        raise ListRefused(_("Daftar ini sedang dikerjakan. Tunggu sebentar, lalu tolak lagi."))
    delivery.refresh_from_db()
    if delivery.state not in OPEN and not (
        delivery.state == ListState.APPROVED and stopped_list_job(delivery)
    ):
        raise ListRefused(_("Daftar ini sudah disetujui atau selesai, jadi tidak bisa ditolak lagi."))
    refuse_list(delivery, reason)


def list_job(delivery: ListDelivery) -> Job | None:
    """The newest job of this list."""
    keys = Job.objects.filter(kind__startswith="lists.", params__list=delivery.pk)
    return keys.order_by("-pk").first()


def stopped_list_job(delivery: ListDelivery) -> Job | None:
    job = list_job(delivery)
    return job if job and job.state == JobState.DEAD else None


@transaction.atomic
def retry_list(*, delivery: ListDelivery) -> None:
    job = stopped_list_job(delivery)
    if job is None or not jobs.retry(job):
        raise ListRefused(_("Tidak ada langkah yang berhenti pada daftar ini."))


def settle_row(*, row: ListRow, by: User, now: datetime, note: str) -> None:
    """Somebody looked at a row that matched nobody and says what came of it."""
    if not note.strip():
        raise ListRefused(_("Tulis hasilnya, misalnya: NIK diperbaiki desa, dikirim ulang."))
    settled = ListRow.objects.filter(pk=row.pk, is_work=True, settled_at=None).update(
        settled_at=now, settled_by=by, settled_note=printable(note.strip())[:300]
    )
    if not settled:
        raise ListRefused(_("Baris ini sudah ditangani."))
