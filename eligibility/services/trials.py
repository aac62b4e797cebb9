"""Trials as rows: asked for by a person (for deliveries: by the sweep), answered by a job, shown from stored counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from bansos.common import db, jobs
from bansos.common.models import Job
from eligibility.engine.compare import Changed
from eligibility.models import Trial
from eligibility.rules.documents import RuleSetText
from eligibility.services.foreseeing import (
    NoLongerWaiting,
    changed_by_release,
    compare_release,
    rules_in_force,
)
from eligibility.services.outcomes import Comparison
from eligibility.services.simulating import Compared, changed_in, compare, release_to_read
from recipients.enums import BatchState
from recipients.models import ImportBatch, Region

TRIAL = "eligibility.trial"


@transaction.atomic
def ask_trial(*, compared: Sequence[Compared], as_of: date, by: Any) -> Trial:
    """Note the question and queue its answer; RuleError where a side does not resolve."""
    return _ask(compared, as_of=as_of, by=by)


@transaction.atomic
def ask_release_trial(*, batch: ImportBatch, as_of: date, by: Any = None) -> Trial | None:
    """What applying this delivery would change; None where it does not wait for approval, or no rule is in force."""
    db.lock_until_commit("release_trials")
    compared = rules_in_force(as_of)
    if batch.state != BatchState.PREVIEWED or not compared:
        return None
    asked = trials_of(batch).filter(as_of=as_of, finished_at=None).first()
    return asked or _ask(compared, as_of=as_of, by=by, batch_id=batch.pk)


def ask_due_trials(*, day: date) -> None:
    """Every delivery that waits for approval has its consequences counted."""
    known = Trial.objects.exclude(batch_id=None).values("batch_id")
    for batch in ImportBatch.objects.filter(state=BatchState.PREVIEWED).exclude(pk__in=known):
        ask_release_trial(batch=batch, as_of=day)


def _ask(compared: Sequence[Compared], *, as_of: date, by: Any, batch_id: int | None = None) -> Trial:
    for one in compared:
        one.pairing()
    trial = Trial.objects.create(
        asked_by=by,
        as_of=as_of,
        compared=[asdict(one) for one in compared],
        release=release_to_read(as_of),
        batch_id=batch_id,
    )
    jobs.enqueue(kind=TRIAL, key=_key(trial), params={"trial": trial.pk}, by=by)
    return trial


def run_trial(*, lease: jobs.Lease, now: Callable[[], datetime]) -> None:
    trial = Trial.objects.get(pk=lease.params["trial"])
    try:
        result = _answer(trial, lease).as_dict()
    except NoLongerWaiting:
        result = {}
    with lease.completing():
        Trial.objects.filter(pk=trial.pk).update(result=result, finished_at=now())


def _answer(trial: Trial, lease: jobs.Lease) -> Comparison:
    if trial.batch_id is not None:
        return compare_release(batch_id=trial.batch_id, compared=sides_of(trial), as_of=trial.as_of)
    return compare(
        compared=sides_of(trial),
        as_of=trial.as_of,
        release=trial.release,
        report=lambda done, all_of_them: lease.report(done=done, of=all_of_them),
    )


@dataclass(frozen=True)
class Number:
    """A number of a trial's page: of which programme, which change (a key of NARROWED), and of one group or of all."""

    code: str
    narrowed: str = "all"
    group: str = ""


def changed_in_trial(
    *, trial: Trial, number: Number, subdistricts: Sequence[Region], village: Region | None = None
) -> Iterator[list[Changed]]:
    """The families or persons behind a number, read anew: a sub-district at a time, of a delivery all at once.

    NoLongerWaiting where the delivery has moved on.
    """
    compared = next(one for one in sides_of(trial) if one.code == number.code)
    asked: dict[str, Any] = {
        "compared": compared,
        "as_of": trial.as_of,
        "narrowed": number.narrowed,
        "group": number.group,
    }
    if trial.batch_id is not None:
        in_them = Region.objects.villages().filter(parent__in=subdistricts).values_list("pk", flat=True)
        villages = {village.pk} if village else set(in_them)
        yield changed_by_release(batch_id=trial.batch_id, villages=villages, **asked)
        return
    for subdistrict in subdistricts:
        yield changed_in(release_id=trial.release_id, subdistrict=subdistrict, village=village, **asked)


def trials_of(batch: ImportBatch) -> QuerySet[Trial]:
    return Trial.objects.filter(batch_id=batch.pk)


def trials_of_draft(document: RuleSetText, most: int = 3) -> list[Trial]:
    """The newest trials of just these conditions and amounts: a draft that was changed since was not tried out."""
    of_programme = Trial.objects.filter(batch_id=None, compared__contains=[{"code": document.programme.code}])
    tried = (document.programme.code, document.raw_conditions, document.raw_amounts)
    found = [
        trial
        for trial in of_programme.select_related("asked_by")[:50]
        if tried in [(one.code, one.after.conditions, one.after.amounts) for one in sides_of(trial)]
    ]
    return found[:most]


def sides_of(trial: Trial) -> list[Compared]:
    return [Compared.from_dict(one) for one in trial.compared]


def job_of(trial: Trial) -> Job | None:
    return Job.objects.filter(kind=TRIAL, key=_key(trial)).first()


def _key(trial: Trial) -> str:
    return f"trial={trial.pk}"
