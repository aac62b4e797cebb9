"""What a run reads: release, rule sets and flags of a day, for a run over everyone pinned when it starts.

Why pinned, and what that means for marks: docs/decisions/0009-night-run.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.db.models.functions import Now

from bansos.common import db
from eligibility.engine.beside import pin_flags
from eligibility.engine.decide import RuleInForce
from eligibility.models import DecidedShard, EligibilityDecision, ReverificationRun, RuleSet, Scope
from eligibility.rules.parse import parse_conditions
from eligibility.services import proving
from recipients.models import Programme, RegistryRelease


def hold_published_release() -> int | None:
    """The published release, held as it is until commit: an import publishes before this shard or after it."""
    rows = db.fetch("SELECT release_id FROM recipients_currentrelease FOR SHARE")
    return rows[0][0] if rows else None


def release_in_force(as_of: date, published_id: int | None) -> RegistryRelease | None:
    """The latest release of data from that day or before, up to the published one."""
    return RegistryRelease.objects.filter(as_of__lte=as_of, pk__lte=published_id or 0).order_by("pk").last()


def rules_in_force(as_of: date) -> list[RuleInForce]:
    return _read(RuleSet.objects.in_force(as_of))


def pinned_rules(run: ReverificationRun) -> list[RuleInForce]:
    return _read(RuleSet.objects.filter(pk__in=run.rule_sets))


def _read(rule_sets: Iterable[RuleSet]) -> list[RuleInForce]:
    return [
        RuleInForce(
            programme_id=rule.programme_id,
            unit=rule.programme.unit,
            rule_set_id=rule.pk,
            conditions=parse_conditions(str(rule), rule.conditions, rule.programme.unit),
        )
        for rule in rule_sets.select_related("programme").order_by("programme")  # type: ignore[attr-defined]
    ]


def programmes_without_rule_set(as_of: date) -> tuple[str, ...]:
    """Nothing is decided for them, and nothing stands (engine/retire.py)."""
    return tuple(unruled(as_of).order_by("code").values_list("code", flat=True))


def unruled(as_of: date) -> QuerySet[Programme]:
    """The programmes that no rule set holds for on that day."""
    return Programme.objects.exclude(pk__in=RuleSet.objects.in_force(as_of).values("programme"))


def pin(run: ReverificationRun) -> None:
    """Write down what the run's shards will read, and whether it is measured before it writes."""
    published_id = hold_published_release()
    values: dict[str, object] = {"is_guarded": _is_guarded(run)}
    if run.scope == Scope.ALL:
        release = release_in_force(run.as_of, published_id)
        values |= {
            "release": release,
            "looks_back": (release.pk if release else None) != published_id,
            "rule_sets": list(RuleSet.objects.in_force(run.as_of).values_list("pk", flat=True)),
            "pinned_at": Now(),
        }
    ReverificationRun.objects.filter(pk=run.pk).update(**values)
    run.refresh_from_db()
    if run.scope == Scope.ALL:
        # The digests come before the copy of the flags: one that comes in between must not count as seen.
        proving.note_digests(run)
        pin_flags(run_id=run.pk, as_of=run.as_of)


def _is_guarded(run: ReverificationRun) -> bool:
    """An import was looked at and approved by two people; everything else that can change many is measured first."""
    if run.batch_id is not None or not EligibilityDecision.objects.standing().exists():
        return False
    return run.scope == Scope.ALL or _stands_decided_otherwise(run.as_of)


def _stands_decided_otherwise(as_of: date) -> bool:
    """Another rule set came into force, or a published release was taken back: whole sub-districts are stale."""
    decided = set(DecidedShard.objects.values_list("programme_id", "rule_set_id").distinct())
    in_force = set(RuleSet.objects.in_force(as_of).values_list("programme_id", "pk"))
    published_id = hold_published_release()
    return not in_force <= decided or DecidedShard.objects.filter(release__gt=published_id or 0).exists()
