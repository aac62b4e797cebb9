"""How many persons a programme would count for money if everyone who meets its rule were enrolled: by village.

The second reading of rules/amounts.py, over the facts table of a side and the members as they stand there: each member
once, for the dearest component they bring, and the dearest persons of a family up to the cap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bansos.common import db
from eligibility.engine.columns import column
from eligibility.engine.compare import Facts, verdict_of
from eligibility.engine.facts import members_query
from eligibility.rules.amounts import Amounts, dearest_first
from eligibility.rules.conditions import Component, Condition
from eligibility.rules.verdict import ELIGIBLE

FLAT = ""  # the component of an amount that is the same for all


@dataclass(frozen=True)
class Counted:
    """So many persons of a component (of a flat amount: subjects) in a village, among those who meet the rule."""

    village_id: int
    component: str
    persons: int


def count_paid(
    conditions: Sequence[Condition],
    amounts: Amounts,
    facts: Facts,
    *,
    as_of: date,
    release_id: int | None,
) -> list[Counted]:
    """Read while the tables of the side are the visible ones, for the members are read anew."""
    if amounts.components is None:
        return _subjects(conditions, facts)
    components = dearest_first(amounts, conditions)
    if not components:
        return []
    verdict, params = verdict_of(conditions, facts)
    members = members_query([one.fact for one in components], as_of=as_of, release_id=release_id or 0)
    rows = db.fetch(
        f"SELECT t.village_id, p.place, count(*) FROM ({_first_of(components, members.text, facts, verdict)}) p "
        f"JOIN todo t ON t.family_id = p.family_id WHERE p.rank <= {amounts.most_persons:d} GROUP BY 1, 2",
        {**params, **members.params},
    )
    return [Counted(village_id, components[place].name, count) for village_id, place, count in rows]


def _subjects(conditions: Sequence[Condition], facts: Facts) -> list[Counted]:
    verdict, params = verdict_of(conditions, facts)
    rows = db.fetch(
        f"SELECT t.village_id, count(*) FROM {facts.table} f JOIN todo t ON t.family_id = f.family_id "
        f"WHERE {verdict} = '{ELIGIBLE}' GROUP BY 1",
        params,
    )
    return [Counted(village_id, FLAT, count) for village_id, count in rows]


def _first_of(components: Sequence[Component], members: str, facts: Facts, verdict: str) -> str:
    """Members of families that meet the rule: the place of their component in the list, their rank in the family."""
    places = " ".join(f"WHEN m.{column(at)} THEN {at}" for at in range(len(components)))
    eligible = f"SELECT f.family_id FROM {facts.table} f WHERE {verdict} = '{ELIGIBLE}'"
    placed = (
        f"SELECT m.family_id, CASE {places} END AS place FROM ({members}) m "
        f"JOIN ({eligible}) e ON e.family_id = m.family_id"
    )
    return (
        "SELECT x.family_id, x.place, row_number() OVER (PARTITION BY x.family_id ORDER BY x.place) AS rank "
        f"FROM ({placed}) x WHERE x.place IS NOT NULL"
    )
