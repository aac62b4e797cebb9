"""One sub-district of a run, measured or decided: its effect, counts and completion are one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from bansos.common import db
from eligibility.engine.decide import (
    Counts,
    Found,
    RuleInForce,
    Shard,
    decide,
    is_everyone_marked,
    list_everyone,
    list_marked,
    take_marks,
)
from eligibility.engine.retire import retire
from eligibility.models import DecidedShard, ReverificationRun, Scope, ShardResult
from eligibility.services import proving, runs
from eligibility.services.inputs import hold_published_release, pinned_rules, release_in_force, rules_in_force

_COUNTED = ("subjects", "proven", "decided", "written")


def measure_shard(*, run_id: int, subdistrict_id: int, village_id: int | None = None) -> None:
    """Say what the shard would write. One that would write nothing is done: its inputs are pinned."""
    run = ReverificationRun.objects.get(pk=run_id)
    if not run.takes_shards:
        return
    with transaction.atomic():
        counts = _read(run, subdistrict_id, village_id, write=False)
        if counts.written:
            transaction.set_rollback(True)  # to the savepoint: the marks stay for whoever decides
    _measured(run, {subdistrict_id: counts})


def decide_shard(*, run_id: int, subdistrict_id: int, village_id: int | None = None) -> None:
    """Decide one sub-district for a run; call it inside the transaction that completes the job."""
    run = ReverificationRun.objects.get(pk=run_id)
    if not run.takes_shards:
        return
    _decided(run, {subdistrict_id: _read(run, subdistrict_id, village_id, write=True)})


def measure_proven(*, run_id: int) -> None:
    """Of all sub-districts that stand proven, say what the calendar would write."""
    run = ReverificationRun.objects.get(pk=run_id)
    if run.takes_shards:
        _measured(run, _read_proven(run, write=False))


def decide_proven(*, run_id: int) -> None:
    run = ReverificationRun.objects.get(pk=run_id)
    if run.takes_shards:
        _decided(run, _read_proven(run, write=True))


def _measured(run: ReverificationRun, found: Found) -> None:
    runs.hold_runs()
    _note(run, found, measured_at=Now())
    _count(run, {pk: counts for pk, counts in found.items() if not counts.written})
    runs.after_measuring(run)


def _decided(run: ReverificationRun, found: Found) -> None:
    runs.hold_runs()
    _note(run, found)
    _count(run, found)
    runs.close_if_done(run)


def _read_proven(run: ReverificationRun, *, write: bool) -> Found:
    left = run.results.exclude(proven_since=None).filter(done_at=None)
    proven = {row.subdistrict_id: row for row in left.order_by("subdistrict")}
    shard = Shard(tuple(proven), run.as_of, run.release_id, flags_of=run.pk)
    db.lock_until_commit(*(f"decide:{pk}" for pk in shard.subdistrict_ids))
    hold_published_release()
    rules = pinned_rules(run)
    found = proving.decide_aging(proven, shard, rules, write=write)
    in_order = tuple(pk for pk, counts in found.items() if write or not counts.written)
    _remember(replace(shard, subdistrict_ids=in_order), rules)
    return found


def _read(run: ReverificationRun, subdistrict_id: int, village_id: int | None, *, write: bool) -> Counts:
    db.lock_until_commit(f"decide:{subdistrict_id}")
    published_id = hold_published_release()
    if run.scope == Scope.ALL:
        release_id, rules = run.release_id, pinned_rules(run)
        looks_back = run.looks_back
    else:
        release = release_in_force(run.as_of, published_id)
        release_id, rules = release.pk if release else None, rules_in_force(run.as_of)
        looks_back = release_id != published_id
        ReverificationRun.objects.filter(pk=run.pk).update(release=release)
    flags_of = run.pk if run.scope == Scope.ALL else None
    shard = Shard((subdistrict_id,), run.as_of, release_id, village_id, flags_of)
    retired = retire(shard, rules, write=write, is_traced=run.is_nightly)
    if looks_back:
        return retired + _decide_looking_back(shard, rules, write=write)
    if run.scope == Scope.ALL:
        return retired + _decide_everyone(run, shard, rules, write=write)
    return retired + _decide_stale(shard, rules, write=write)


def _decide_everyone(
    run: ReverificationRun, shard: Shard, rules: list[RuleInForce], *, write: bool
) -> Counts:
    """At pinned inputs. The marks stay: they may speak of facts that came after the pin, and cost a look-up later."""
    list_everyone(shard)
    found = decide(shard, rules, write=write, is_traced=run.is_nightly)
    if shard.village_id is None:
        _remember(shard, rules)
    return found[shard.subdistrict_id]


def _decide_stale(shard: Shard, rules: list[RuleInForce], *, write: bool) -> Counts:
    take_marks(shard)
    is_whole = is_everyone_marked(shard) or _is_wholly_stale(shard, rules)
    (list_everyone if is_whole else list_marked)(shard)
    found = decide(shard, rules, is_everyone=is_whole, write=write)
    if is_whole and shard.village_id is None:
        _remember(shard, rules)
    if shard.release_id is not None:
        DecidedShard.objects.filter(
            Q(release=None) | Q(release__lt=shard.release_id), subdistrict=shard.subdistrict_id
        ).update(release=shard.release_id)
    return found[shard.subdistrict_id]


def _decide_looking_back(shard: Shard, rules: list[RuleInForce], *, write: bool) -> Counts:
    """An older release than the published one: marks stay, and the shard is stale as a whole for the next run."""
    list_everyone(shard)
    DecidedShard.objects.filter(subdistrict=shard.subdistrict_id).delete()
    return decide(shard, rules, write=write)[shard.subdistrict_id]


def _is_wholly_stale(shard: Shard, rules: list[RuleInForce]) -> bool:
    """Another rule set is in force than the one decided, or the published release was moved back."""
    decided = {row.programme_id: row for row in DecidedShard.objects.filter(subdistrict=shard.subdistrict_id)}
    rows = [(rule, decided.get(rule.programme_id)) for rule in rules]
    return any(
        row is None or row.rule_set_id != rule.rule_set_id or (row.release_id or 0) > (shard.release_id or 0)
        for rule, row in rows
    )


def _remember(shard: Shard, rules: list[RuleInForce]) -> None:
    DecidedShard.objects.bulk_create(
        [
            DecidedShard(
                subdistrict_id=pk,
                programme_id=rule.programme_id,
                rule_set_id=rule.rule_set_id,
                release_id=shard.release_id,
            )
            for pk in shard.subdistrict_ids
            for rule in rules
        ],
        update_conflicts=True,
        unique_fields=["subdistrict", "programme"],
        update_fields=["rule_set", "release"],
    )


def _note(run: ReverificationRun, found: Found, **more: Any) -> None:
    ShardResult.objects.bulk_create(
        [
            ShardResult(
                run=run,
                subdistrict_id=pk,
                moves={str(programme): moves for programme, moves in counts.moves.items()},
                **{name: getattr(counts, name) for name in _COUNTED},
                **more,
            )
            for pk, counts in found.items()
        ],
        update_conflicts=True,
        unique_fields=["run", "subdistrict"],
        update_fields=[*_COUNTED, "moves", *more],
    )


def _count(run: ReverificationRun, done: Found) -> None:
    """These sub-districts are in order for the run."""
    run.results.filter(subdistrict__in=done).update(done_at=Now())
    total = {name: F(name) + sum(getattr(counts, name) for counts in done.values()) for name in _COUNTED}
    ReverificationRun.objects.filter(pk=run.pk).update(**total, shards_done=F("shards_done") + len(done))
    proving.keep_proofs(run, done)
