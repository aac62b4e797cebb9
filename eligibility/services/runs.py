"""Runs: who is decided again, one run at a time. Jobs carry the work, rows carry the truth.

A request while a run goes on becomes a waiting run and starts when that one ends, so facts that change during a run are
never left out. A guarded run measures every shard first; where more than a set share of verdicts would change, it is
held until a person lets it go on or stops it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from bansos.common.models import Job, JobState
from eligibility.models import PinnedFlag, ReverificationRun, RunState, Scope
from eligibility.services import reporting
from eligibility.services.inputs import pin, programmes_without_rule_set
from recipients import services as recipients_services
from recipients.enums import RegionLevel
from recipients.models import Region

DECIDE_SHARD = "eligibility.decide_shard"
MEASURE_SHARD = "eligibility.measure_shard"
DECIDE_PROVEN = "eligibility.decide_proven"
MEASURE_PROVEN = "eligibility.measure_proven"
FIND = "eligibility.find"


class RunFailed(RuntimeError):
    """A run ended without having decided everyone; the text is the error of its shards."""


class RunRefused(ValueError):
    """The step is not possible; the message says why, in Indonesian."""


@dataclass(frozen=True)
class Verified:
    """What a finished run did (the meaning of the counts: ReverificationRun)."""

    run_id: int
    subjects: int
    proven: int
    decided: int
    written: int
    seconds: float
    release: str | None
    without_rule_set: tuple[str, ...]


@transaction.atomic
def queue_verify(
    *,
    scope: str,
    as_of: date,
    region: Region | None = None,
    reason: str,
    by: Any = None,
    batch_id: int | None = None,
    key: str | None = None,
) -> ReverificationRun:
    """Ask for a run and return at once; workers do it. `key` and `batch_id` make at most one run each."""
    hold_runs()
    _settle()
    run = _asked_before(scope, as_of, region, batch_id, key)
    if run is None:
        run = ReverificationRun.objects.create(
            scope=scope,
            as_of=as_of,
            region=region,
            reason=reason,
            state=RunState.WAITING,
            batch_id=batch_id,
            key=key,
        )
        _start_next(by=by)
    run.refresh_from_db()
    return run


def verify(
    *,
    scope: str,
    as_of: date,
    region: Region | None = None,
    reason: str,
    by: Any = None,
    key: str | None = None,
) -> Verified:
    """Ask for a run and help doing it until it is done; RunFailed where a shard could not be decided."""
    started = time.monotonic()
    run = queue_verify(scope=scope, as_of=as_of, region=region, reason=reason, by=by, key=key)
    _work_until_finished(run)
    if run.state == RunState.FAILED:
        raise RunFailed(run.error)
    return Verified(
        run_id=run.pk,
        subjects=run.subjects,
        proven=run.proven,
        decided=run.decided,
        written=run.written,
        seconds=round(time.monotonic() - started, 3),
        release=run.release.label if run.release else None,
        without_rule_set=programmes_without_rule_set(as_of),
    )


def find_now(*, run_id: int) -> None:
    """Share the job that brings the worklists up to date, where the run asked for one."""
    asked = Job.objects.filter(kind=FIND, key=f"run={run_id}").unfinished()
    for job in jobs.drain(list(asked.values_list("pk", flat=True))):
        if job.state == JobState.DEAD:
            raise RunFailed(job.error)


def _work_until_finished(run: ReverificationRun) -> None:
    """Share the jobs of the run, and before them those of the run it waits for."""
    while run.state in (RunState.WAITING, RunState.RUNNING):
        for going in ReverificationRun.objects.filter(state=RunState.RUNNING):
            jobs.drain(list(_jobs_of(going).unfinished().values_list("pk", flat=True)))
        settle_runs()
        held = ReverificationRun.objects.filter(state=RunState.HELD).first()
        if held is not None:
            raise RunFailed(f"run {held.pk} is held: {reporting.spikes_in_words(held)}")
        run.refresh_from_db()


def _asked_before(
    scope: str, as_of: date, region: Region | None, batch_id: int | None, key: str | None
) -> ReverificationRun | None:
    runs = ReverificationRun.objects.filter(scope=scope)
    if key is not None:
        return ReverificationRun.objects.filter(key=key).first()
    if batch_id is not None:
        return runs.filter(batch_id=batch_id).exclude(state=RunState.FAILED).first()
    return runs.filter(state=RunState.WAITING, as_of=as_of, region=region).first()


def hold_runs() -> None:
    """Whoever starts, counts or ends a run does so alone, until commit."""
    db.lock_until_commit("runs")


def _jobs_of(run: ReverificationRun) -> Any:
    return Job.objects.filter(
        kind__in=[DECIDE_SHARD, MEASURE_SHARD, DECIDE_PROVEN, MEASURE_PROVEN],
        key__startswith=f"run={run.pk}:",
    )


def _start_next(*, by: Any = None) -> None:
    """Start the oldest waiting run, unless one goes on or is held."""
    if ReverificationRun.objects.under_way().exists():
        return
    PinnedFlag.objects.all().delete()  # of the run that ended, however it did
    run = ReverificationRun.objects.filter(state=RunState.WAITING).order_by("pk").first()
    if run is None:
        return
    shards = list(_shards(run.region))
    ReverificationRun.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING, started_at=Now(), shards=len(shards)
    )
    pin(run)
    _enqueue(run, shards, is_measuring=run.is_guarded, by=by)
    close_if_done(run)


def _enqueue(run: ReverificationRun, shards: list[Region], *, is_measuring: bool, by: Any = None) -> None:
    """A job a sub-district, and one for all that stand proven: there is little to do in each of them."""
    proven = set(run.results.exclude(proven_since=None).values_list("subdistrict_id", flat=True))
    if any(subdistrict.pk in proven for subdistrict in shards):
        kind = MEASURE_PROVEN if is_measuring else DECIDE_PROVEN
        jobs.enqueue(kind=kind, key=f"run={run.pk}:proven", params={"run": run.pk}, by=by)
    kind = MEASURE_SHARD if is_measuring else DECIDE_SHARD
    for subdistrict in shards:
        if subdistrict.pk in proven:
            continue
        params = {"run": run.pk, "subdistrict": subdistrict.pk, "village": _village(run.region)}
        jobs.enqueue(kind=kind, key=f"run={run.pk}:shard={subdistrict.code}", params=params, by=by)


def _shards(region: Region | None) -> QuerySet[Region]:
    """The sub-districts that the region is, holds or lies in."""
    subdistricts = Region.objects.subdistricts().order_by("code")
    if region is None:
        return subdistricts
    return subdistricts.filter(Q(pk=region.pk) | Q(parent=region) | Q(children=region)).distinct()


def _village(region: Region | None) -> int | None:
    return region.pk if region is not None and region.level == RegionLevel.VILLAGE else None


# --- the spike guard ----------------------------------------------------------------------------------------


def after_measuring(run: ReverificationRun) -> None:
    """With the last shard measured: hold the run where too many verdicts would change, else let it write."""
    run.refresh_from_db()
    if run.results.exclude(measured_at=None).count() < run.shards:
        return
    spikes = _spikes(run)
    if spikes:
        held = {"state": RunState.HELD, "held_at": Now(), "spikes": spikes}
        ReverificationRun.objects.filter(pk=run.pk).update(**held)
        run.refresh_from_db()
        reporting.alarm(run)
        return
    _let_write(run)


def _spikes(run: ReverificationRun) -> list[dict[str, Any]]:
    """Programmes in which more than the set share of all verdicts would change."""
    found = []
    for moves in reporting.moves_of(run):
        share = moves.changed / moves.subjects if moves.subjects else 0.0
        if moves.changed >= settings.SPIKE_LEAST and share > settings.SPIKE_SHARE:
            found.append(
                {
                    "programme": moves.programme.code,
                    "changed": moves.changed,
                    "subjects": moves.subjects,
                    "percent": round(100 * share, 1),
                }
            )
    return found


def _let_write(run: ReverificationRun) -> None:
    left = run.results.filter(done_at=None).values("subdistrict")
    _enqueue(run, list(Region.objects.filter(pk__in=left).order_by("code")), is_measuring=False)
    close_if_done(run)


@transaction.atomic
def release_held_run(*, run: ReverificationRun, by: User, reason: str, now: datetime) -> None:
    """A person looked at why so many would change, and lets the run write."""
    _settle_held(run, RunState.RUNNING, by=by, reason=reason, now=now)
    _let_write(run)


@transaction.atomic
def stop_held_run(*, run: ReverificationRun, by: User, reason: str, now: datetime) -> None:
    """A person found that it must not write: nothing of it stands. The next run starts with the sweep, within a minute:
    a night that starts reads the whole registry, which is nothing to wait for at a page."""
    _settle_held(run, RunState.STOPPED, by=by, reason=reason, now=now)
    ReverificationRun.objects.filter(pk=run.pk).update(finished_at=now)


def _settle_held(run: ReverificationRun, to: RunState, *, by: User, reason: str, now: datetime) -> None:
    if len(reason.strip()) < reporting.SHORTEST_REASON:
        raise RunRefused(_("Tulis alasannya, paling sedikit 10 huruf. Alasan ini dibaca auditor."))
    hold_runs()
    settled = ReverificationRun.objects.filter(pk=run.pk, state=RunState.HELD).update(
        state=to, settled_by=by, settled_at=now, settled_reason=reason.strip()[:300]
    )
    if not settled:
        raise RunRefused(_("Pemeriksaan ini sudah tidak ditahan. Muat ulang halaman."))
    run.refresh_from_db()


# --- the end of a run ---------------------------------------------------------------------------------------


def close_if_done(run: ReverificationRun) -> None:
    run.refresh_from_db()
    if run.shards_done < run.shards:
        return
    ReverificationRun.objects.filter(pk=run.pk).update(state=RunState.DONE, finished_at=Now(), error="")
    run.refresh_from_db()
    if run.batch_id is not None and run.finished_at is not None:
        recipients_services.mark_decided(batch_id=run.batch_id, written=run.written, at=run.finished_at)
    if (run.scope == Scope.ALL or run.batch_id is not None) and not run.looks_back:
        jobs.enqueue(kind=FIND, key=f"run={run.pk}", params={"run": run.pk})
    _start_next()


@transaction.atomic
def settle_runs() -> None:
    """Close runs whose shards gave up, and start those that wait for them."""
    hold_runs()
    _settle()


def _settle() -> None:
    for run in ReverificationRun.objects.filter(state=RunState.RUNNING):
        if not _jobs_of(run).unfinished().exists():
            dead = _jobs_of(run).filter(state=JobState.DEAD).order_by("key")
            error = "\n".join(f"{job.key}: {job.error}" for job in dead)
            ReverificationRun.objects.filter(pk=run.pk).update(
                state=RunState.FAILED, finished_at=Now(), error=error or "Pekerjaan kecamatan hilang"
            )
            run.refresh_from_db()
            reporting.alarm(run)
    _start_next()
