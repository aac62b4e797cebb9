"""Jobs of an import or a list, one a stage. Each finds its batch's stage in the database and does nothing twice."""

from datetime import datetime

from django.utils import timezone

from bansos.common import jobs
from recipients import services
from recipients.models import ImportBatch, ListDelivery
from recipients.services import dropping, lists


def _batch(lease: jobs.Lease) -> ImportBatch:
    return ImportBatch.objects.get(pk=lease.params["batch"])


@jobs.keeps_due
def discard_unowned_uploads(now: datetime) -> None:
    services.discard_unowned_uploads(now=now)


@jobs.keeps_due
def look_into_the_drop_folder(now: datetime) -> None:
    dropping.queue_dropped(now=now)


@jobs.handles(dropping.TAKE)
def take_dropped(lease: jobs.Lease) -> None:
    dropping.take_dropped(name=lease.params["folder"], lease=lease, now=timezone.now())


@jobs.handles("imports.validate")
def validate(lease: jobs.Lease) -> None:
    services.validate_batch(_batch(lease), lease=lease, clock=timezone.now)


@jobs.handles("imports.preview")
def preview(lease: jobs.Lease) -> None:
    services.preview_batch(_batch(lease), lease=lease, clock=timezone.now)


@jobs.handles("imports.apply")
def apply(lease: jobs.Lease) -> None:
    services.apply_batch(_batch(lease), lease=lease, clock=timezone.now)


@jobs.handles("imports.publish")
def publish(lease: jobs.Lease) -> None:
    services.publish_batch(_batch(lease), lease=lease, clock=timezone.now)


@jobs.handles("imports.undo")
def undo(lease: jobs.Lease) -> None:
    services.undo_batch(_batch(lease), lease=lease, clock=timezone.now)


@jobs.handles("imports.discard")
def discard(lease: jobs.Lease) -> None:
    services.discard_staged(_batch(lease), lease=lease)


def _list(lease: jobs.Lease) -> ListDelivery:
    return ListDelivery.objects.get(pk=lease.params["list"])


@jobs.handles("lists.recognise")
def recognise_list(lease: jobs.Lease) -> None:
    lists.recognise_list(_list(lease), lease=lease, clock=timezone.now)


@jobs.handles("lists.check")
def check_list(lease: jobs.Lease) -> None:
    lists.check_list(_list(lease), lease=lease, clock=timezone.now)


@jobs.handles("lists.apply")
def apply_list(lease: jobs.Lease) -> None:
    lists.apply_list(_list(lease), lease=lease, clock=timezone.now)
