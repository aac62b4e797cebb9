"""Edges to the background: thin, and all they do is ask for a run or do one job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils import timezone

from bansos.common import jobs, outbox
from eligibility import services
from eligibility.models import ReverificationRun, Scope
from eligibility.services import trials


@jobs.handles(services.DECIDE_SHARD)
def decide_shard(lease: jobs.Lease) -> None:
    with lease.completing():
        services.decide_shard(
            run_id=lease.params["run"],
            subdistrict_id=lease.params["subdistrict"],
            village_id=lease.params["village"],
        )


@jobs.handles(trials.TRIAL)
def run_trial(lease: jobs.Lease) -> None:
    trials.run_trial(lease=lease, now=timezone.now)


@jobs.handles(services.MEASURE_SHARD)
def measure_shard(lease: jobs.Lease) -> None:
    with lease.completing():
        services.measure_shard(
            run_id=lease.params["run"],
            subdistrict_id=lease.params["subdistrict"],
            village_id=lease.params["village"],
        )


@jobs.handles(services.MEASURE_PROVEN)
def measure_proven(lease: jobs.Lease) -> None:
    with lease.completing():
        services.measure_proven(run_id=lease.params["run"])


@jobs.handles(services.DECIDE_PROVEN)
def decide_proven(lease: jobs.Lease) -> None:
    with lease.completing():
        services.decide_proven(run_id=lease.params["run"])


@jobs.handles(services.FIND)
def find(lease: jobs.Lease) -> None:
    with lease.completing():
        services.find_after(run_id=lease.params["run"])


@outbox.writes(services.MORNING_REPORT)
def write_morning_report(values: dict[str, Any]) -> outbox.Text:
    return services.morning_report_text(ReverificationRun.objects.get(pk=values["run"]))


@outbox.writes(services.RUN_ALARM)
def write_run_alarm(values: dict[str, Any]) -> outbox.Text:
    return services.alarm_text(ReverificationRun.objects.get(pk=values["run"]))


@shared_task(ignore_result=True)
def reverify_all(*, reason: str = "malam", **_later: object) -> None:
    services.queue_nightly(day=timezone.localdate(), reason=reason)


@shared_task(ignore_result=True)
def reverify_stale(*, reason: str, **_later: object) -> None:
    services.queue_verify(scope=Scope.STALE, as_of=timezone.localdate(), reason=reason)


@jobs.keeps_due
def keep_runs_going(now: datetime) -> None:
    services.keep_runs_going(now=now)


@jobs.keeps_due
def foresee_deliveries(now: datetime) -> None:
    trials.ask_due_trials(day=timezone.localtime(now).date())
