"""Background work of objections. Queued by services in the transaction of the cause; run through job rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from bansos.common import jobs, outbox
from objections import notices, phone_notices, services
from objections.attachments import keeping
from objections.models import Attachment, Objection

CENTRE = "objections.tell_centre_answers"
PURGE = "objections.purge_unsent_files"
REMOVE_OLD = "objections.remove_old_evidence"
PURGE_CODES = "objections.purge_phone_codes"


@jobs.handles(services.MATCH)
def match(lease: jobs.Lease) -> None:
    objection = Objection.objects.get(pk=lease.params["objection"])
    with lease.completing():
        services.match(objection=objection, now=timezone.now())


@jobs.handles(keeping.SCAN)
def scan_attachment(lease: jobs.Lease) -> None:
    attachment = Attachment.objects.get(pk=lease.params["attachment"])
    with lease.completing():
        keeping.scan_again(attachment=attachment)


@jobs.keeps_due
def purge_unsent_files_daily(now: datetime) -> None:
    jobs.enqueue(kind=PURGE, key=timezone.localdate(now).isoformat())


@jobs.handles(PURGE)
def purge_unsent_files(lease: jobs.Lease) -> None:
    with lease.completing():
        keeping.purge_unsent(now=timezone.now())


@jobs.keeps_due
def remove_old_evidence_nightly(now: datetime) -> None:
    jobs.enqueue(kind=REMOVE_OLD, key=timezone.localdate(now).isoformat())


@jobs.handles(REMOVE_OLD)
def remove_old_evidence(lease: jobs.Lease) -> None:
    with lease.completing():
        services.remove_old_evidence(now=timezone.now())


@jobs.keeps_due
def purge_phone_codes_daily(now: datetime) -> None:
    jobs.enqueue(kind=PURGE_CODES, key=timezone.localdate(now).isoformat())


@jobs.handles(PURGE_CODES)
def purge_phone_codes(lease: jobs.Lease) -> None:
    with lease.completing():
        services.purge_phone_codes(now=timezone.now())


@jobs.keeps_due
def escalate_daily(now: datetime) -> None:
    """Once a day, after midnight: a day that was missed is made up for by the next."""
    jobs.enqueue(kind=services.ESCALATE, key=timezone.localdate(now).isoformat())


@jobs.handles(services.ESCALATE)
def escalate_late(lease: jobs.Lease) -> None:
    with lease.completing():
        services.escalate_late(now=timezone.now())


@jobs.keeps_due
def tell_centre_answers_when_there_are(now: datetime) -> None:
    """Every minute a look; a job only where a published release has answered somebody who waits."""
    if services.answered_cases():
        jobs.enqueue(kind=CENTRE, key=f"{timezone.localtime(now):%Y-%m-%dT%H:%M}")


@jobs.handles(CENTRE)
def tell_centre_answers(lease: jobs.Lease) -> None:
    with lease.completing():
        services.tell_centre_answers(now=timezone.now())


@outbox.writes(notices.TEMPLATE)
def write_notice(values: dict[str, Any]) -> outbox.Text:
    return notices.write(values)


@outbox.writes(phone_notices.CODE)
def write_phone_code(values: dict[str, Any]) -> outbox.Text:
    return phone_notices.write_code(values)


@outbox.writes(phone_notices.NEWS)
def write_phone_news(values: dict[str, Any]) -> outbox.Text:
    return phone_notices.write_news(values)
