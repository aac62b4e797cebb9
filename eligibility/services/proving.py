"""What a night need not compare again: sub-districts of which nothing was written since they were last found in order.

A proof is no trust in a mark. The night run looks at the version of every row that deciding reads or writes; only where
each of them is the one that was compared, by the same rules, release and code, do the decisions stand proven, and whose
facts the calendar may have changed is decided again. Everywhere else everyone is compared. docs/decisions/0039.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings

from eligibility.engine import proof
from eligibility.engine.aging import list_aging
from eligibility.engine.decide import Counts, Found, RuleInForce, Shard, decide
from eligibility.engine.proof import Digest
from eligibility.engine.retire import ENDED
from eligibility.models import ReverificationRun, RuleSet, ShardProof, ShardResult


def note_digests(run: ReverificationRun) -> None:
    """Before anything of the run is read: what every sub-district rests on, and which stand proven."""
    if not run.is_nightly or run.looks_back:
        return
    proofs = ShardProof.objects.in_bulk()
    ShardResult.objects.bulk_create(
        ShardResult(
            run=run, subdistrict_id=pk, digest=digest.to_json(), **_taken_over(proofs.get(pk), digest, run)
        )
        for pk, digest in proof.digests(rules=_rules(run)).items()
    )


def _rules(run: ReverificationRun) -> str:
    """As they stand written: one that cannot be read stops no start, its sub-districts say so."""
    rules = RuleSet.objects.filter(pk__in=run.rule_sets).order_by("pk")
    told = rules.values_list("pk", "programme_id", "programme__unit", "conditions")
    return proof.hashed(run.release_id, list(told))


def _taken_over(standing: ShardProof | None, digest: Digest, run: ReverificationRun) -> dict[str, Any]:
    """What the run knows of a proven sub-district; a copy, so that nothing that becomes of the proof can stop it."""
    oldest = run.as_of - timedelta(days=settings.COMPARE_EVERY_DAYS)
    if standing is None or standing.digest != digest.to_json():
        return {}
    if not oldest < standing.compared_on or standing.proven_on > run.as_of:
        return {}
    return {
        "proven_since": standing.compared_on,
        "proven_on": standing.proven_on,
        "standing": standing.subjects,
        "standing_by_programme": standing.by_programme,
    }


def decide_aging(
    proven: Mapping[int, ShardResult], shard: Shard, rules: list[RuleInForce], *, write: bool
) -> Found:
    """Decide again, in all these proven sub-districts, whose facts the calendar may have changed."""
    list_aging(shard, rules, since=min(row.proven_on for row in proven.values() if row.proven_on))
    found = decide(shard, rules, is_everyone=False, write=write, is_traced=write)
    return {pk: _with_the_proven(counts, proven[pk]) for pk, counts in found.items()}


def _with_the_proven(counts: Counts, row: ShardResult) -> Counts:
    """Those who were not looked at count among those who stand decided."""
    everyone = {
        pk: {**moves, "subjects": row.standing_by_programme.get(str(pk), 0)}
        for pk, moves in counts.moves.items()
    }
    return replace(counts, moves=everyone, proven=max(row.standing - counts.subjects, 0))


def keep_proofs(run: ReverificationRun, found: Mapping[int, Counts]) -> None:
    """These sub-districts are in order as of the run's day: keep what they rest on now, with what the run wrote.

    Not where another version of the code took the digest than the one that decided here.
    """
    rows = run.results.filter(subdistrict__in=found, digest__code=proof.CODE)
    ShardProof.objects.bulk_create(
        [_proof(run, row, found[row.subdistrict_id]) for row in rows],
        update_conflicts=True,
        unique_fields=["subdistrict"],
        update_fields=["digest", "proven_on", "compared_on", "subjects", "by_programme"],
    )


def _proof(run: ReverificationRun, row: ShardResult, counts: Counts) -> ShardProof:
    digest = Digest.from_json(row.digest)
    is_compared = row.proven_since is None
    compared = {str(pk): _standing(moves) for pk, moves in counts.moves.items()}
    return ShardProof(
        subdistrict_id=row.subdistrict_id,
        digest=replace(digest, decisions=digest.decisions + counts.drift).to_json(),
        proven_on=run.as_of,
        compared_on=row.proven_since or run.as_of,
        subjects=counts.subjects if is_compared else row.standing,
        by_programme=compared if is_compared else row.standing_by_programme,
    )


def _standing(moves: Mapping[str, int]) -> int:
    ended = sum(count for move, count in moves.items() if move.endswith(f">{ENDED}"))
    return moves["subjects"] - ended
