"""What happens to a family between two releases.

Most families: nothing at all. The decile moves by the centre's ranking, whatever happens at home (domain.md 0 #3);
besides, at most one thing happens in a household in a quarter.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate

from recipients.synthetic import household
from recipients.synthetic.draws import WHOLE, quarterly_draws
from recipients.synthetic.families import DECILE_SHARES, Family, Founder
from recipients.synthetic.quarters import Quarter

USUAL_CHANGED = 0.12  # share of families whose decile changes from one release to the next
MOST_CHANGED = 0.5
NEWLY_RANKED = 0.4  # of the families not ranked so far
ARRIVALS = 0.002  # families that move into the district, per family
# Per family and quarter. A birth needs a mother, a split a grown child: about half of these find one.
EVENTS: dict[str, float] = {
    "fact": 0.010,
    "birth": 0.024,
    "death": 0.005,
    "split": 0.012,
    "move": 0.003,
    "leave": 0.002,
}
# How far a decile moves: mostly one step, a few many steps.
STEP_WEIGHTS = (0, 80, 9, 3.5, 2, 1.2, 0.8, 0.5, 0.4, 0.3)
DECILES = range(1, 11)

Event = Callable[[Founder, Family, Quarter, tuple[int, ...]], Family | None]
HAPPENS: dict[str, Event] = {
    "fact": household.another_fact,
    "birth": household.birth,
    "death": household.death,
    "split": household.split,
    "move": household.move,
    "leave": household.leave,
}


class Changes:
    """`changed` is the share of families whose decile changes; below the usual, all else happens less in proportion."""

    def __init__(self, founder: Founder, changed: float = USUAL_CHANGED) -> None:
        if not 0 <= changed <= MOST_CHANGED:
            raise ValueError(f"The share of changed families lies between 0 and {MOST_CHANGED}")
        calm = min(1.0, changed / USUAL_CHANGED)
        self._founder = founder
        self._deciles = {decile: _reached(_decile_chances(decile, changed)) for decile in DECILES}
        self._decile_limits = [int(NEWLY_RANKED * calm * WHOLE), *(self._deciles[d][-1] for d in DECILES)]
        self._events = _reached([rate * calm for rate in EVENTS.values()])
        self._event_limit = self._events[-1]
        self._arrival_limit = int(ARRIVALS * calm * WHOLE)
        self._happens = [HAPPENS[name] for name in EVENTS]

    def live_through(self, family: Family, quarter: Quarter) -> list[Family] | None:
        """Changes the family; gives the families that begin beside it, or None when nothing happened."""
        draws = quarterly_draws(self._founder.key, family.ident, quarter.index)
        ranking, event, arrival = draws[:3]
        is_ranked_anew = ranking < self._decile_limits[family.decile or 0]
        if not is_ranked_anew and event >= self._event_limit and arrival >= self._arrival_limit:
            return None
        begun: list[Family] = []
        if event < self._event_limit:
            happens = self._happens[bisect_right(self._events, event)]
            begun += filter(None, [happens(self._founder, family, quarter, draws[4:])])
        if arrival < self._arrival_limit:
            begun.append(self._founder.found(family.ident + bytes((quarter.index, 1)), quarter))
        if is_ranked_anew:
            family.decile = self._new_decile(family, ranking)
        return begun

    def _new_decile(self, family: Family, ranking: int) -> int:
        if family.decile is None:
            return family.welfare
        return bisect_right(self._deciles[family.decile], ranking) + 1


def _decile_chances(decile: int, changed: float) -> list[float]:
    """The chance of each decile to be next: as many families go one way as the other, so the shares stay."""
    everything = sum(STEP_WEIGHTS[abs(a - b)] for a in DECILES for b in DECILES)
    share = DECILE_SHARES[decile - 1]
    return [changed * STEP_WEIGHTS[abs(decile - other)] / everything / share for other in DECILES]


def _reached(chances: list[float]) -> list[int]:
    return [int(reached * WHOLE) for reached in accumulate(chances)]
