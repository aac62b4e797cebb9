"""Runs: who is decided again, shard by shard, one run at a time per scope. Jobs carry the work, rows carry the truth.

A request while a run of its scope goes on becomes a waiting run and starts when that one ends, so facts that change
during a run are never left out. Marks are taken in the transaction that decides them; a kill loses neither.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from bansos.common import db, jobs
from bansos.common.models import Job, JobState
from eligibility.engine.decide import (
    Counts,
    RuleInForce,
    Shard,
    decide,
    is_everyone_marked,
    list_everyone,
    list_marked,
    take_marks,
)
from eligibility.models import DecidedShard, ReverificationRun, RuleSet, RunState, Scope
from eligibility.rules.parse import parse_conditions
from recipients import services as recipients_services
from recipients.enums import RegionLevel
from recipients.models import Programme, Region, RegistryRelease

DECIDE_SHARD = "eligibility.decide_shard"


class RunFailed(RuntimeError):
    """A run ended without having decided everyone; the text is the error of its shards."""


@dataclass(frozen=True)
class Verified:
    """What a finished run did (the meaning of the counts: ReverificationRun)."""

    run_id: int
    subjects: int
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
    _hold_runs(scope)
    _settle(scope)
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
        _start_next(scope, by=by)
    run.refresh_from_db()
    return run


def verify(*, scope: str, as_of: date, region: Region | None = None, reason: str, by: Any = None) -> Verified:
    """Ask for a run and help doing it until it is done; RunFailed where a shard could not be decided."""
    started = time.monotonic()
    run = queue_verify(scope=scope, as_of=as_of, region=region, reason=reason, by=by)
    _work_until_finished(run)
    if run.state == RunState.FAILED:
        raise RunFailed(run.error)
    return Verified(
        run_id=run.pk,
        subjects=run.subjects,
        decided=run.decided,
        written=run.written,
        seconds=round(time.monotonic() - started, 3),
        release=run.release.label if run.release else None,
        without_rule_set=programmes_without_rule_set(as_of),
    )


def _work_until_finished(run: ReverificationRun) -> None:
    """Share the jobs of the run, and before them those of the run it waits for."""
    while run.state in (RunState.WAITING, RunState.RUNNING):
        for going in ReverificationRun.objects.filter(scope=run.scope, state=RunState.RUNNING):
            jobs.drain(list(_jobs_of(going).unfinished().values_list("pk", flat=True)))
        settle_runs()
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


def _hold_runs(scope: str) -> None:
    db.lock_until_commit(f"runs:{scope}")


def _jobs_of(run: ReverificationRun) -> Any:
    return Job.objects.filter(kind=DECIDE_SHARD, key__startswith=f"run={run.pk}:")


def _start_next(scope: str, *, by: Any = None) -> None:
    """Start the oldest waiting run, unless one of the scope goes on."""
    runs = ReverificationRun.objects.filter(scope=scope)
    if runs.filter(state=RunState.RUNNING).exists():
        return
    run = runs.filter(state=RunState.WAITING).order_by("pk").first()
    if run is None:
        return
    shards = list(_shards(run.region))
    ReverificationRun.objects.filter(pk=run.pk).update(
        state=RunState.RUNNING, started_at=Now(), shards=len(shards)
    )
    for subdistrict in shards:
        params = {"run": run.pk, "subdistrict": subdistrict.pk, "village": _village(run.region)}
        jobs.enqueue(kind=DECIDE_SHARD, key=f"run={run.pk}:shard={subdistrict.code}", params=params, by=by)
    if not shards:
        _close(run)


def _shards(region: Region | None) -> QuerySet[Region]:
    """The sub-districts that the region is, holds or lies in."""
    subdistricts = Region.objects.subdistricts().order_by("code")
    if region is None:
        return subdistricts
    return subdistricts.filter(Q(pk=region.pk) | Q(parent=region) | Q(children=region)).distinct()


def _village(region: Region | None) -> int | None:
    return region.pk if region is not None and region.level == RegionLevel.VILLAGE else None


def decide_shard(*, run_id: int, subdistrict_id: int, village_id: int | None = None) -> None:
    """Decide one sub-district for a run; call it inside the transaction that completes the job."""
    run = ReverificationRun.objects.get(pk=run_id)
    db.lock_until_commit(f"decide:{subdistrict_id}")
    published_id = _hold_published_release()
    release = release_in_force(run.as_of, published_id)
    shard = Shard(subdistrict_id, run.as_of, release.pk if release else None, village_id)
    rules = rules_in_force(run.as_of)
    if shard.release_id == published_id:
        counts = _decide_now(run.scope, shard, rules)
    else:
        counts = _decide_looking_back(shard, rules)
    _count_shard(run, counts, release)


def _decide_now(scope: str, shard: Shard, rules: list[RuleInForce]) -> Counts:
    take_marks(shard)
    is_whole = scope == Scope.ALL or is_everyone_marked(shard) or _is_wholly_stale(shard, rules)
    (list_everyone if is_whole else list_marked)(shard)
    counts = decide(shard, rules)
    if is_whole and shard.village_id is None:
        _remember(shard, rules)
    if shard.release_id is not None:
        DecidedShard.objects.filter(
            Q(release=None) | Q(release__lt=shard.release_id), subdistrict=shard.subdistrict_id
        ).update(release=shard.release_id)
    return counts


def _decide_looking_back(shard: Shard, rules: list[RuleInForce]) -> Counts:
    """An older release than the published one: marks stay, and the shard is stale as a whole for the next run."""
    list_everyone(shard)
    DecidedShard.objects.filter(subdistrict=shard.subdistrict_id).delete()
    return decide(shard, rules)


def _is_wholly_stale(shard: Shard, rules: list[RuleInForce]) -> bool:
    """Another rule set is in force than the one decided, or the published release was moved back."""
    decided = {row.programme_id: row for row in DecidedShard.objects.filter(subdistrict=shard.subdistrict_id)}
    rows = [(rule, decided.get(rule.programme_id)) for rule in rules]
    return any(
        row is None or row.rule_set_id != rule.rule_set_id or (row.release_id or 0) > (shard.release_id or 0)
        for rule, row in rows
    )


def _remember(shard: Shard, rules: list[RuleInForce]) -> None:
    for rule in rules:
        DecidedShard.objects.update_or_create(
            subdistrict_id=shard.subdistrict_id,
            programme_id=rule.programme_id,
            defaults={"rule_set_id": rule.rule_set_id, "release_id": shard.release_id},
        )


def _count_shard(run: ReverificationRun, counts: Counts, release: RegistryRelease | None) -> None:
    """Add to the run's row, and close the run with its last shard."""
    _hold_runs(run.scope)
    ReverificationRun.objects.filter(pk=run.pk).update(
        subjects=F("subjects") + counts.subjects,
        decided=F("decided") + counts.decided,
        written=F("written") + counts.written,
        shards_done=F("shards_done") + 1,
        release=release,
    )
    run.refresh_from_db()
    if run.shards_done >= run.shards:
        _close(run)


def _close(run: ReverificationRun) -> None:
    ReverificationRun.objects.filter(pk=run.pk).update(state=RunState.DONE, finished_at=Now(), error="")
    run.refresh_from_db()
    if run.batch_id is not None and run.finished_at is not None:
        recipients_services.mark_decided(batch_id=run.batch_id, written=run.written, at=run.finished_at)
    _start_next(run.scope)


@transaction.atomic
def settle_runs() -> None:
    """Close runs whose shards gave up, and start those that wait for them."""
    for scope in Scope.values:
        _hold_runs(scope)
        _settle(scope)


def _settle(scope: str) -> None:
    for run in ReverificationRun.objects.filter(scope=scope, state=RunState.RUNNING):
        if not _jobs_of(run).unfinished().exists():
            dead = _jobs_of(run).filter(state__in=[JobState.DEAD, JobState.CANCELLED]).order_by("key")
            error = "\n".join(f"{job.key}: {job.error}" for job in dead)
            ReverificationRun.objects.filter(pk=run.pk).update(
                state=RunState.FAILED, finished_at=Now(), error=error or "Pekerjaan kecamatan hilang"
            )
    _start_next(scope)


def _hold_published_release() -> int | None:
    """The published release, held as it is until commit: an import publishes before this shard or after it."""
    rows = db.fetch("SELECT release_id FROM recipients_currentrelease FOR SHARE")
    return rows[0][0] if rows else None


def release_in_force(as_of: date, published_id: int | None) -> RegistryRelease | None:
    """The latest release of data from that day or before, up to the published one."""
    return RegistryRelease.objects.filter(as_of__lte=as_of, pk__lte=published_id or 0).order_by("pk").last()


def rules_in_force(as_of: date) -> list[RuleInForce]:
    in_force = RuleSet.objects.in_force(as_of).select_related("programme").order_by("programme")
    return [
        RuleInForce(
            programme_id=rule.programme_id,
            unit=rule.programme.unit,
            rule_set_id=rule.pk,
            conditions=parse_conditions(str(rule), rule.conditions, rule.programme.unit),
        )
        for rule in in_force
    ]


def programmes_without_rule_set(as_of: date) -> tuple[str, ...]:
    """Their standing decisions stay as they are: without a rule nothing can be decided."""
    ruled = RuleSet.objects.in_force(as_of).values("programme")
    return tuple(Programme.objects.exclude(pk__in=ruled).order_by("code").values_list("code", flat=True))
