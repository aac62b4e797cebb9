"""Background work of objections. Queued by services in the transaction of the cause; run through job rows."""

from __future__ import annotations

from django.utils import timezone

from bansos.common import jobs
from objections import services
from objections.models import Objection


@jobs.handles(services.MATCH)
def match(lease: jobs.Lease) -> None:
    objection = Objection.objects.get(pk=lease.params["objection"])
    with lease.completing():
        services.match(objection=objection, now=timezone.now())
