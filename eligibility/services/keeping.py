"""What should be under way by now: asked every minute, so that a lost message costs a minute and nothing else."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from eligibility.models import ReverificationRun, RunState, Scope
from eligibility.services.runs import queue_verify, settle_runs
from recipients.enums import BatchState
from recipients.models import CurrentRelease, FactsChange, ImportBatch

REST_AFTER_FAILURE = timedelta(hours=1)
REST_AFTER_STOP = timedelta(hours=12)  # a person said no: the same would be held again


def queue_nightly(*, day: date, reason: str) -> ReverificationRun:
    """Tonight's run over everyone: one per day, however often it is asked for."""
    return queue_verify(scope=Scope.ALL, as_of=day, reason=reason, key=f"nightly:{day}")


def keep_runs_going(*, now: datetime) -> None:
    """Tonight's run exists; changed facts and applied files have a run that takes them up."""
    settle_runs()
    local = timezone.localtime(now)
    if local.hour >= settings.NIGHTLY_HOUR and CurrentRelease.get() is not None:
        queue_nightly(day=local.date(), reason="malam")
    if not _rests(now):
        _take_up_what_was_lost(local.date())


def _rests(now: datetime) -> bool:
    """A stale run is under way, or failed or was stopped a short while ago and would again."""
    stale = ReverificationRun.objects.filter(scope=Scope.STALE)
    failed = stale.filter(state=RunState.FAILED, finished_at__gt=now - REST_AFTER_FAILURE)
    stopped = stale.filter(state=RunState.STOPPED, finished_at__gt=now - REST_AFTER_STOP)
    return stale.unfinished().exists() or failed.exists() or stopped.exists()


def _take_up_what_was_lost(day: date) -> None:
    known = ReverificationRun.objects.exclude(state=RunState.FAILED).exclude(batch_id=None).values("batch_id")
    lost = ImportBatch.objects.filter(state=BatchState.APPLIED).exclude(pk__in=known).order_by("pk")
    for batch in lost:
        queue_verify(scope=Scope.STALE, as_of=day, reason=f"rilis {batch.release_label}", batch_id=batch.pk)
    if not lost and FactsChange.objects.exists():
        queue_verify(scope=Scope.STALE, as_of=day, reason="perubahan yang tertinggal")
