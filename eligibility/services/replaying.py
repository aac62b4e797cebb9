"""Replay: the decisions that held on a day, made again with the rule set and release they were made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from eligibility.engine.replay import Differing, differing, held_groups
from eligibility.models import RuleSet
from eligibility.rules.parse import parse_conditions


@dataclass
class Replayed:
    """How many held that day, and which of them do not come out again."""

    as_of: date
    decisions: int = 0
    groups: int = 0
    differing: list[tuple[str, Differing]] = field(default_factory=list)


def replay(*, as_of: date) -> Replayed:
    """Only temporary tables are written; each group is read in a transaction of its own that leaves nothing."""
    told = Replayed(as_of)
    rules = {rule.pk: rule for rule in RuleSet.objects.select_related("programme")}
    for group in held_groups(as_of):
        rule = rules[group.rule_set_id]
        conditions = parse_conditions(str(rule), rule.conditions, rule.programme.unit)
        with transaction.atomic():
            found = list(differing(group, day=as_of, unit=rule.programme.unit, conditions=conditions))
        told.decisions += group.count
        told.groups += 1
        told.differing += [(str(rule), one) for one in found]
    return told
