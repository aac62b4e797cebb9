"""A night over families who receive, and what people do with its findings."""

from __future__ import annotations

from datetime import date, datetime

from bansos.common import jobs
from bansos.common.models import Job
from eligibility import services
from eligibility.models import Finding, Scope
from eligibility.services import notices
from recipients.enums import EnrolmentState
from recipients.models import Family, Programme, WelfareSnapshot
from recipients.services import enrol
from tests.eligibility.conftest import TODAY
from tests.factories.registry import WITA

NOW = datetime(2026, 11, 24, 9, tzinfo=WITA)
AFTER = NOW + notices.OBJECTION_WINDOW
NOTE = "Data sudah dicek di lapangan."


def programme(code="SEMBAKO", *, is_local=False):
    Programme.objects.filter(code=code).update(is_local=is_local)
    return Programme.objects.get(code=code)


def receives(family, since=date(2025, 1, 1), **more):
    state = more.pop("state", EnrolmentState.ACTIVE)
    return enrol(programme=programme(**more), family=family, state=state, since=since, by=None, now=NOW)


def night(day=TODAY):
    run = services.queue_verify(scope=Scope.ALL, as_of=day, reason="malam")
    while waiting := list(Job.objects.unfinished().values_list("pk", flat=True)):
        jobs.drain(waiting)
    run.refresh_from_db()
    return run


def kinds():
    return sorted(Finding.objects.waiting().values_list("kind", flat=True))


def lose(family):
    WelfareSnapshot.objects.filter(family=family).update(decile=9)


def print_letters(by, on=NOW):
    _, keys = services.notices_to_print(families=Family.objects.all(), most=999, today=on.date())
    services.mark_notices_printed(findings=Finding.objects.filter(pk__in=keys), by=by, now=on)


def of(finding):
    return Finding.objects.filter(pk=finding.pk)
