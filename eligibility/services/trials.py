"""Trials as rows: asked for by a person, answered by a job, shown from the stored counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bansos.common import jobs
from bansos.common.models import Job
from eligibility.models import Trial
from eligibility.services.simulating import Compared, compare, release_to_read

TRIAL = "eligibility.trial"


@transaction.atomic
def ask_trial(*, compared: Sequence[Compared], as_of: date, by: Any) -> Trial:
    """Note the question and queue its answer; RuleError where a side does not resolve."""
    for one in compared:
        one.pairing()
    trial = Trial.objects.create(
        asked_by=by,
        as_of=as_of,
        compared=[asdict(one) for one in compared],
        release=release_to_read(as_of),
    )
    jobs.enqueue(kind=TRIAL, key=_key(trial), params={"trial": trial.pk}, by=by)
    return trial


def run_trial(*, lease: jobs.Lease, now: Callable[[], datetime]) -> None:
    trial = Trial.objects.get(pk=lease.params["trial"])
    found = compare(
        compared=sides_of(trial),
        as_of=trial.as_of,
        release=trial.release,
        report=lambda done, all_of_them: lease.report(done=done, of=all_of_them),
    )
    with lease.completing():
        Trial.objects.filter(pk=trial.pk).update(result=found.as_dict(), finished_at=now())


def sides_of(trial: Trial) -> list[Compared]:
    return [Compared.from_dict(one) for one in trial.compared]


def job_of(trial: Trial) -> Job | None:
    return Job.objects.filter(kind=TRIAL, key=_key(trial)).first()


def _key(trial: Trial) -> str:
    return f"trial={trial.pk}"
