"""What a night need not compare again: sub-districts of which nothing was written since they were last found in order.

A proof is no trust in a mark. The night run looks at the version of every row that deciding reads or writes; only where
each of them is the one that was compared, by the same rules, release and code, do the decisions stand proven, and whose
facts the calendar may have changed is decided again. Everywhere else everyone is compared. docs/decisions/0039.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings

from eligibility.engine import proof
from eligibility.engine.aging import list_aging
from eligibility.engine.decide import Counts, Found, RuleInForce, Shard, decide
from eligibility.engine.retire import ENDED
from eligibility.models import ReverificationRun, ShardProof, ShardResult


def look(run: ReverificationRun, rules: list[RuleInForce]) -> None:
    """Before anything of the run is read: what every sub-district rests on, and which stand proven."""
    if not run.is_nightly or run.looks_back:
        return
    by = _compared_by(run, rules)
    proofs = ShardProof.objects.in_bulk()
    results = []
    for pk, seen in proof.look().items():
        digest = {"by": by, **{name: str(value) for name, value in vars(seen).items()}}
        standing = proofs.get(pk)
        is_proven = standing is not None and _holds(standing, digest, run)
        since = standing.compared_on if standing and is_proven else None
        results.append(ShardResult(run=run, subdistrict_id=pk, digest=digest, proven_since=since))
    ShardResult.objects.bulk_create(results)


def _compared_by(run: ReverificationRun, rules: list[RuleInForce]) -> str:
    told = [(rule.programme_id, rule.unit, rule.rule_set_id, rule.conditions) for rule in rules]
    return hashlib.sha256(repr((run.release_id, told, proof.code())).encode()).hexdigest()


def _holds(standing: ShardProof, digest: dict[str, str], run: ReverificationRun) -> bool:
    oldest = run.as_of - timedelta(days=settings.COMPARE_EVERY_DAYS)
    return standing.digest == digest and oldest < standing.compared_on and standing.proven_on <= run.as_of


def decide_aging(run: ReverificationRun, shard: Shard, rules: list[RuleInForce], *, write: bool) -> Found:
    """Decide again, in all these proven sub-districts, whose facts the calendar may have changed."""
    proofs = ShardProof.objects.in_bulk(shard.subdistrict_ids)
    list_aging(shard, rules, since=min(each.proven_on for each in proofs.values()))
    found = decide(shard, rules, is_everyone=False, write=write, is_traced=write)
    return {pk: _with_the_proven(counts, proofs[pk]) for pk, counts in found.items()}


def _with_the_proven(counts: Counts, standing: ShardProof) -> Counts:
    """Those who were not looked at count among those who stand decided."""
    everyone = {
        pk: {**moves, "subjects": standing.by_programme.get(str(pk), 0)} for pk, moves in counts.moves.items()
    }
    return replace(counts, moves=everyone, proven=max(standing.subjects - counts.subjects, 0))


def keep(run: ReverificationRun, found: Mapping[int, Counts]) -> None:
    """These sub-districts are in order as of the run's day: keep what they rest on now, with what the run wrote."""
    results = run.results.filter(subdistrict__in=found).exclude(digest={})
    before = ShardProof.objects.in_bulk(list(found))
    ShardProof.objects.bulk_create(
        [_proof(run, row, found[row.subdistrict_id], before) for row in results],
        update_conflicts=True,
        unique_fields=["subdistrict"],
        update_fields=["digest", "proven_on", "compared_on", "subjects", "by_programme"],
    )


def _proof(
    run: ReverificationRun, row: ShardResult, counts: Counts, before: dict[int, ShardProof]
) -> ShardProof:
    values: dict[str, Any] = {
        "compared_on": run.as_of,
        "subjects": counts.subjects,
        "by_programme": {str(pk): _standing(moves) for pk, moves in counts.moves.items()},
    }
    if row.proven_since is not None:
        values = {name: getattr(before[row.subdistrict_id], name) for name in values}
    decisions = int(row.digest["decisions"]) + counts.drift
    return ShardProof(
        subdistrict_id=row.subdistrict_id,
        digest={**row.digest, "decisions": str(decisions)},
        proven_on=run.as_of,
        **values,
    )


def _standing(moves: Mapping[str, int]) -> int:
    ended = sum(count for move, count in moves.items() if move.endswith(f">{ENDED}"))
    return moves["subjects"] - ended
