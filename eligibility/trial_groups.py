"""Who is touched by a trial, told apart by component and by vulnerability: from the stored counts, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from eligibility import wording
from eligibility.engine.compare import NOT_VULNERABLE
from eligibility.services.outcomes import GROUP_COUNTS, Tally
from eligibility.trial_page import Row

VULNERABLE = {
    "with_elder": gettext_lazy("lansia (60 tahun ke atas)"),
    "with_disability": gettext_lazy("anggota dengan disabilitas"),
    "with_small_child": gettext_lazy("anak di bawah 6 tahun"),
    "with_female_head": gettext_lazy("kepala keluarga perempuan"),
    NOT_VULNERABLE: gettext_lazy("tidak tercatat salah satunya"),
}
WORDS = {**wording.COMPONENTS, **VULNERABLE}


@dataclass(frozen=True)
class Group:
    """One group, with how many of it are counted under each change."""

    key: str
    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Kind:
    title: Any
    groups: list[Group]


def kinds(outcome: dict[str, Any], rows: Iterable[Row]) -> list[Kind]:
    """The groups of the villages of these rows; a programme without components has the vulnerable only."""
    villages = [village for row in rows for village in row.villages]
    found = [
        Group(name, str(WORDS.get(name, name)), _sum(counts, villages))
        for name, counts in groups_of(outcome).items()
    ]
    parts = (
        (gettext_lazy("Menurut komponen bantuan"), [one for one in found if one.key not in VULNERABLE]),
        (gettext_lazy("Menurut kerentanan"), [one for one in found if one.key in VULNERABLE]),
    )
    return [Kind(title, groups) for title, groups in parts if groups]


def groups_of(outcome: dict[str, Any]) -> dict[str, dict[str, list[int]]]:
    """By group and village; none in a trial that was counted before groups were."""
    return dict(outcome.get("groups", {}))


def of_group(outcome: dict[str, Any], group: str) -> dict[str, Any]:
    """The outcome with only the changes of one group: how many of it meet the rule is not kept."""
    villages = {
        village: asdict(Tally(**{name: value for name, value in _named(counts).items() if name != "all"}))
        for village, counts in groups_of(outcome)[group].items()
    }
    return {**outcome, "villages": villages}


def count(outcome: dict[str, Any], narrowed: str, group: str) -> int:
    """How many stand behind a number of the whole district."""
    if group:
        counts = groups_of(outcome)[group]
        return _sum(counts, counts)[narrowed]
    if narrowed == "all":
        return sum(n for move, n in outcome["moves"].items() if len(set(move.split(">"))) == 2)
    return int(outcome["total"][narrowed])


def in_words(groups: Iterable[str], *, are_vulnerable: bool) -> str:
    """The components, or the vulnerabilities, of one subject."""
    return ", ".join(str(WORDS.get(name, name)) for name in groups if (name in VULNERABLE) == are_vulnerable)


def _sum(counts: Mapping[str, list[int]], villages: Iterable[str]) -> dict[str, int]:
    rows = [counts[village] for village in villages if village in counts]
    return {name: sum(row[at] for row in rows) for at, name in enumerate(GROUP_COUNTS)}


def _named(counts: list[int]) -> dict[str, int]:
    return dict(zip(GROUP_COUNTS, counts, strict=True))
