"""What lists and the office say of a family and its members on a day: the Python reading of engine/beside.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from eligibility.models import HandDecision
from eligibility.rules.conditions import HAND_VERDICTS
from eligibility.rules.facts import ALLEGED, CONFIRMED, Records, completed_years
from recipients.enums import FlagStatus
from recipients.models import Enrolment, ExternalFlag, Family

_HAND_NUMBERS = {verdict: number for number, verdict in HAND_VERDICTS.items()}
_Row = tuple[int | None, str, int]  # the person (None: the family as a whole), the word, the number


class FamilyRecords:
    """Read once for a family; told for the family, which its standing members' rows touch too, or for one person."""

    def __init__(self, *, family: Family, standing: Iterable[int], asked: int | None, day: date) -> None:
        self._standing = set(standing)
        people = self._standing | ({asked} if asked is not None else set())
        touched = Q(family=family, person=None) | Q(person__in=people)
        self._flags = _flags(touched, day)
        self._enrolled = _enrolled(touched, day)
        self._by_hand = _by_hand(touched, day)

    def of_family(self) -> Records:
        return self._told({None, *self._standing})

    def of_person(self, person_id: int) -> Records:
        return self._told({person_id})

    def _told(self, subjects: set[int | None]) -> Records:
        return Records(
            flags=_highest(self._flags, subjects),
            enrolled=_highest(self._enrolled, subjects),
            by_hand=_highest(self._by_hand, subjects),
        )


def _flags(touched: Q, day: date) -> list[_Row]:
    rows = ExternalFlag.objects.in_force(day).filter(touched).values_list("person", "kind", "status")
    levels = {FlagStatus.ALLEGED: ALLEGED, FlagStatus.CONFIRMED: CONFIRMED}
    return [(person, kind, levels[FlagStatus(status)]) for person, kind, status in rows]


def _enrolled(touched: Q, day: date) -> list[_Row]:
    rows = Enrolment.objects.listed(day).filter(touched).values_list("person", "programme__code", "since")
    return [(person, code, completed_years(since, day) or 0) for person, code, since in rows]


def _by_hand(touched: Q, day: date) -> list[_Row]:
    rows = HandDecision.objects.in_force(day).filter(touched)
    told = rows.values_list("person", "programme__code", "verdict")
    return [(person, code, _HAND_NUMBERS[verdict]) for person, code, verdict in told]


def _highest(rows: Iterable[_Row], subjects: set[int | None]) -> dict[str, int]:
    found: dict[str, int] = {}
    for subject, word, number in rows:
        if subject in subjects:
            found[word] = max(number, found.get(word, 0))
    return found
