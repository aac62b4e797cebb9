"""One sub-district of a run, measured or decided: its effect, counts and completion are one transaction."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from bansos.common import db
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
from eligibility.engine.retire import retire
from eligibility.models import DecidedShard, ReverificationRun, Scope, ShardResult
from eligibility.services import runs
from eligibility.services.inputs import hold_published_release, pinned_rules, release_in_force, rules_in_force


def measure_shard(*, run_id: int, subdistrict_id: int, village_id: int | None = None) -> None:
    """Say what the shard would write. One that would write nothing is done: its inputs are pinned."""
    run = ReverificationRun.objects.get(pk=run_id)
    if not run.takes_shards:
        return
    with transaction.atomic():
        counts = _read(run, subdistrict_id, village_id, write=False)
        if counts.written:
            transaction.set_rollback(True)  # to the savepoint: the marks stay for whoever decides
    runs.hold_runs()
    _note(run, subdistrict_id, counts, measured_at=Now())
    if not counts.written:
        _count(run, subdistrict_id, counts)
    runs.after_measuring(run)


def decide_shard(*, run_id: int, subdistrict_id: int, village_id: int | None = None) -> None:
    """Decide one sub-district for a run; call it inside the transaction that completes the job."""
    run = ReverificationRun.objects.get(pk=run_id)
    if not run.takes_shards:
        return
    counts = _read(run, subdistrict_id, village_id, write=True)
    runs.hold_runs()
    _note(run, subdistrict_id, counts)
    _count(run, subdistrict_id, counts)
    runs.close_if_done(run)


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
    shard = Shard(subdistrict_id, run.as_of, release_id, village_id, flags_of)
    retired = retire(shard, rules, write=write)
    if looks_back:
        return retired + _decide_looking_back(shard, rules, write=write)
    if run.scope == Scope.ALL:
        return retired + _decide_everyone(shard, rules, write=write)
    return retired + _decide_stale(shard, rules, write=write)


def _decide_everyone(shard: Shard, rules: list[RuleInForce], *, write: bool) -> Counts:
    """At pinned inputs. The marks stay: they may speak of facts that came after the pin, and cost a look-up later."""
    list_everyone(shard)
    counts = decide(shard, rules, write=write)
    if shard.village_id is None:
        _remember(shard, rules)
    return counts


def _decide_stale(shard: Shard, rules: list[RuleInForce], *, write: bool) -> Counts:
    take_marks(shard)
    is_whole = is_everyone_marked(shard) or _is_wholly_stale(shard, rules)
    (list_everyone if is_whole else list_marked)(shard)
    counts = decide(shard, rules, is_everyone=is_whole, write=write)
    if is_whole and shard.village_id is None:
        _remember(shard, rules)
    if shard.release_id is not None:
        DecidedShard.objects.filter(
            Q(release=None) | Q(release__lt=shard.release_id), subdistrict=shard.subdistrict_id
        ).update(release=shard.release_id)
    return counts


def _decide_looking_back(shard: Shard, rules: list[RuleInForce], *, write: bool) -> Counts:
    """An older release than the published one: marks stay, and the shard is stale as a whole for the next run."""
    list_everyone(shard)
    DecidedShard.objects.filter(subdistrict=shard.subdistrict_id).delete()
    return decide(shard, rules, write=write)


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
                subdistrict_id=shard.subdistrict_id,
                programme_id=rule.programme_id,
                rule_set_id=rule.rule_set_id,
                release_id=shard.release_id,
            )
            for rule in rules
        ],
        update_conflicts=True,
        unique_fields=["subdistrict", "programme"],
        update_fields=["rule_set", "release"],
    )


def _note(run: ReverificationRun, subdistrict_id: int, counts: Counts, **more: object) -> None:
    moves = {str(programme): found for programme, found in counts.moves.items()}
    ShardResult.objects.update_or_create(
        run=run,
        subdistrict_id=subdistrict_id,
        defaults={
            "subjects": counts.subjects,
            "decided": counts.decided,
            "written": counts.written,
            "moves": moves,
            **more,
        },
    )


def _count(run: ReverificationRun, subdistrict_id: int, counts: Counts) -> None:
    ShardResult.objects.filter(run=run, subdistrict=subdistrict_id).update(done_at=Now())
    ReverificationRun.objects.filter(pk=run.pk).update(
        subjects=F("subjects") + counts.subjects,
        decided=F("decided") + counts.decided,
        written=F("written") + counts.written,
        shards_done=F("shards_done") + 1,
    )
