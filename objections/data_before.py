"""What the registry says of a family now and what it said before, fact by fact, for the case page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from recipients import codebook, family_page, proposable
from recipients.models import Family, RegistryRelease, WelfareSnapshot

OF_FAMILY = tuple(name for name, fact in proposable.FACTS.items() if not fact.of_person)


@dataclass(frozen=True)
class Changed:
    label: str
    now: Any
    before: Any


@dataclass(frozen=True)
class Registry:
    """`now_from` is the release in which this stands since; `before` the one that said otherwise, if any."""

    housing: list[tuple[Any, Any]]
    has: list[Any]
    livestock: list[tuple[Any, int]]
    now_from: RegistryRelease
    before: RegistryRelease | None
    changed: list[Changed]


def of(family: Family) -> Registry | None:
    now = family_page.standing_snapshot(family)
    if now is None:
        return None
    ended = family.snapshots.published().filter(until_release__isnull=False).exclude(pk=now.pk)
    past = ended.select_related("from_release").order_by("-from_release_id").first()
    return Registry(
        housing=codebook.housing(now),
        has=codebook.assets(now)[0],
        livestock=codebook.livestock(now),
        now_from=now.from_release,
        before=past.from_release if past else None,
        changed=_changed(now, past) if past else [],
    )


def _changed(now: WelfareSnapshot, past: WelfareSnapshot) -> list[Changed]:
    facts = [(name, proposable.FACTS[name]) for name in OF_FAMILY]
    return [
        Changed(str(fact.label).capitalize(), fact.say(getattr(now, name)), fact.say(getattr(past, name)))
        for name, fact in facts
        if getattr(now, name) != getattr(past, name)
    ]
