"""What a delivery would change for each programme if it were applied: counted from its staged rows, before approval.

The rules in force stand on both sides; the facts are those of now and those after the delivery, of the families it
touches. Everyone else stays as they stand.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Count

from eligibility.engine.compare import Changed, Facts, Pairing, count_changes, list_changed, read_facts
from eligibility.engine.temporary import fill, plan_for_shards
from eligibility.models import EligibilityDecision, Verdict
from eligibility.services.outcomes import Comparison, Outcome
from eligibility.services.simulating import (
    Compared,
    in_force,
    price_side,
    release_to_read,
    start_outcome,
)
from recipients.models import ImportBatch, Programme
from recipients.services import foresight

NO_OUTCOMES: Mapping[int, Outcome] = {}


class NoLongerWaiting(LookupError):
    """The delivery was approved, refused or withdrawn meanwhile: its staged rows are gone."""


def rules_in_force(day: date) -> list[Compared]:
    """Every programme with a rule, under the same rule on both sides."""
    sides = [(one, in_force(one, day)) for one in Programme.objects.all()]
    return [Compared.of(one, side, side) for one, side in sides if side.conditions is not None]


@transaction.atomic
def compare_release(*, batch_id: int, compared: Sequence[Compared], as_of: date) -> Comparison:
    """The touched families before and after; NoLongerWaiting where there is nothing to foresee."""
    started = time.monotonic()
    batch, release = _hold(batch_id), release_to_read(as_of)
    outcomes = {one.programme_id: start_outcome(one, as_of) for one in compared}
    pairings = [one.pairing() for one in compared]
    subjects = 0
    for pairing, before, after in _both(batch, pairings, as_of, outcomes):
        for cell in count_changes(pairing, before, after):
            outcomes[cell.programme_id].add(cell)
            subjects += cell.count
    for programme_id, standing in _standing(as_of).items():
        if programme_id in outcomes:
            outcomes[programme_id].standing = standing
    return Comparison(
        as_of=as_of,
        release_id=release.pk if release else None,
        release=release.label if release else None,
        subjects=subjects,
        seconds=round(time.monotonic() - started, 3),
        outcomes=tuple(outcomes.values()),
    )


@transaction.atomic
def changed_by_release(
    *,
    batch_id: int,
    compared: Compared,
    as_of: date,
    villages: Collection[int],
    narrowed: str = "all",
    group: str = "",
) -> list[Changed]:
    """The families or persons behind a number, in these villages; those new to the registry are among them."""
    batch = _hold(batch_id)
    (pairing, before, after), *_none = list(_both(batch, [compared.pairing()], as_of))
    changed = list_changed(pairing, before, after, narrowed=narrowed, group=group)
    return [row for row in changed if row.village_id in villages]


def _hold(batch_id: int) -> ImportBatch:
    batch = foresight.hold_preview(batch_id=batch_id)
    if batch is None:
        raise NoLongerWaiting(batch_id)
    return batch


def _both(
    batch: ImportBatch,
    pairings: Sequence[Pairing],
    as_of: date,
    outcomes: Mapping[int, Outcome] = NO_OUTCOMES,
) -> list[tuple[Pairing, Facts, Facts]]:
    """Every pairing with the facts of now and of after the delivery; `todo` holds all the touched afterwards.

    Given outcomes, each side is priced for them while its members are the visible ones.
    """
    plan_for_shards()
    foresight.list_touched(batch=batch)
    release = release_to_read(as_of)
    columns, listed = "family_id bigint, village_id int", "SELECT family_id, village_id FROM touched"
    fill("todo", columns, f"{listed} WHERE NOT is_new", {})
    before = _side("before", pairings, as_of, release.pk if release else None, outcomes)
    fill("todo", columns, listed, {})
    tomorrow = foresight.show_as_applied(batch=batch)
    after = _side("after", pairings, as_of, tomorrow, outcomes)
    foresight.show_as_is()
    return [(one, before[one.unit], after[one.unit]) for one in pairings]


def _side(
    name: str,
    pairings: Sequence[Pairing],
    as_of: date,
    release_id: int | None,
    outcomes: Mapping[int, Outcome],
) -> dict[str, Facts]:
    """The facts of everyone on the list, by unit, as the registry shows itself at the moment."""
    facts = {
        unit: read_facts(
            pairings, unit, as_of=as_of, release_id=release_id, table=f"facts_{name}_{unit.lower()}"
        )
        for unit in dict.fromkeys(one.unit for one in pairings)
    }
    for one in pairings:
        outcome = outcomes.get(one.programme_id)
        if outcome is not None:
            price_side(outcome, one, name, facts[one.unit], as_of=as_of, release_id=release_id)
    return facts


def _standing(day: date) -> Counter[int]:
    """How many meet each programme's rule as decided now."""
    rows = EligibilityDecision.objects.standing_on(day).filter(verdict=Verdict.ELIGIBLE)
    return Counter(dict(rows.order_by().values_list("programme").annotate(n=Count("pk"))))
