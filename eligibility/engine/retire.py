"""A programme without a rule on the day of a run has no standing answer: what stood for it is superseded, and kept.

Nothing is decided instead, so its findings resolve, its list offers nobody and pages say that no rule holds. The next
version finds nothing standing and decides everyone anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bansos.common import db
from eligibility.engine.decide import Counts, RuleInForce, Shard
from eligibility.engine.proof import VERSIONS, sum_of

ENDED = "ENDED"  # what a verdict becomes in the moves of a run

_STANDS = (
    "d.subdistrict_id = %(subdistrict)s AND d.superseded_at IS NULL AND d.programme_id = ANY(ARRAY("
    "SELECT id FROM recipients_programme WHERE id <> ALL(%(ruled)s::int[])))"
)
_OF_VILLAGE = " AND d.family_id IN (SELECT id FROM recipients_family WHERE village_id = %(village)s)"


def retire(
    shard: Shard, rules: Sequence[RuleInForce], *, write: bool = True, is_traced: bool = False
) -> Counts:
    """Supersede the shard's standing decisions of every programme but those of these rules; or only count them.

    `is_traced`: tell the drift of it.
    """
    params: dict[str, object] = {
        "subdistrict": shard.subdistrict_id,
        "village": shard.village_id,
        "as_of": shard.as_of,
        "ruled": [rule.programme_id for rule in rules],
    }
    stands = _STANDS + (_OF_VILLAGE if shard.village_id else "")
    moves: dict[int, dict[str, int]] = defaultdict(lambda: {"subjects": 0})
    for programme, verdict, count in db.fetch(
        "SELECT programme_id, verdict, count(*) FROM eligibility_eligibilitydecision d "
        f"WHERE {stands} GROUP BY 1, 2",
        params,
    ):
        moves[programme][f"{verdict}>{ENDED}"] = count
        moves[programme]["subjects"] += count
    drift = 0
    if moves and write:
        if is_traced:
            gone = db.fetch(sum_of(f"{VERSIONS} d WHERE {stands}"), params)
            drift = -sum(int(number) for _place, number in gone)
        _supersede(stands, params | {"ended": list(moves)})
    return Counts(written=sum(told["subjects"] for told in moves.values()), moves=dict(moves), drift=drift)


def _supersede(stands: str, params: dict[str, object]) -> None:
    """The shard no longer stands decided for them either: a rule that holds again decides it as a whole."""
    db.run(
        "UPDATE eligibility_eligibilitydecision d SET superseded_at = now(), superseded_as_of = %(as_of)s "
        f"WHERE {stands}",
        params,
    )
    db.run(
        "DELETE FROM eligibility_decidedshard WHERE subdistrict_id = %(subdistrict)s AND programme_id = ANY(%(ended)s)",
        params,
    )
