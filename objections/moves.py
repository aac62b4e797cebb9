"""The one table of what may happen to an objection next, by whom, and what it takes (ux.md 5.3).

What differs from ux.md stands in docs/decisions/0014-objection-states.md: a case under check may still be withdrawn,
merged, or wait for what the citizen still has to bring.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from objections.enums import OUTCOMES, State
from recipients.roles import DECIDE_OBJECTION as DECIDE
from recipients.roles import FILE_FOR_OTHERS as FILE_FOR_OTHERS
from recipients.roles import HANDLE_OBJECTION as HANDLE
from recipients.roles import RECORD_VISIT as VISIT


class Who(StrEnum):
    OWNER = "owner"  # the citizen, by number and PIN; or staff who keys it beside the person
    OFFICE = HANDLE
    FIELD = VISIT
    HEAD = DECIDE
    SYSTEM = "system"  # the next release of the centre


class Need(StrEnum):
    REASON = "reason"  # a note of staff
    ANSWER = "answer"  # what the citizen will read
    SECOND_PERSON = "second_person"  # not who filed, checked or proposed it
    NEW_EYES = "new_eyes"  # on a second look: nobody who judged it before (services/second_look.py)
    OTHER_CASE = "other_case"
    IN_TIME = "in_time"  # asked for within the time printed on the letter


@dataclass(frozen=True)
class Move:
    before: State
    after: State
    who: frozenset[Who]
    needs: frozenset[Need] = frozenset()


def _row(before: State, after: State, who: str, needs: str = "") -> Move:
    by = frozenset(Who[name] for name in who.split())
    return Move(before, after, by, frozenset(Need[name] for name in needs.split()))


TABLE: tuple[Move, ...] = (
    _row(State.SUBMITTED, State.INCOMPLETE, "OFFICE", "REASON"),
    _row(State.SUBMITTED, State.CHECKING, "OFFICE"),
    _row(State.SUBMITTED, State.MERGED, "OFFICE", "OTHER_CASE"),
    _row(State.SUBMITTED, State.WITHDRAWN, "OWNER"),
    _row(State.INCOMPLETE, State.SUBMITTED, "OWNER"),
    _row(State.INCOMPLETE, State.CHECKING, "OFFICE"),
    _row(State.INCOMPLETE, State.WITHDRAWN, "OWNER"),
    _row(State.CHECKING, State.INCOMPLETE, "OFFICE", "REASON"),
    _row(State.CHECKING, State.READY, "OFFICE FIELD", "REASON"),
    _row(State.CHECKING, State.MERGED, "OFFICE", "OTHER_CASE"),
    _row(State.CHECKING, State.WITHDRAWN, "OWNER"),
    _row(State.READY, State.PROPOSED, "OFFICE", "ANSWER NEW_EYES"),
    _row(State.PROPOSED, State.CHECKING, "HEAD", "REASON NEW_EYES"),
    *(_row(State.PROPOSED, outcome, "HEAD", "SECOND_PERSON NEW_EYES") for outcome in OUTCOMES),
    _row(State.UPHELD_TO_CENTRE, State.CENTRE_CHANGED, "OFFICE SYSTEM"),
    _row(State.UPHELD_TO_CENTRE, State.CENTRE_KEPT, "OFFICE SYSTEM"),
    _row(State.CENTRE_KEPT, State.REEXAMINED, "OWNER"),
    _row(State.REJECTED, State.REEXAMINED, "OWNER", "IN_TIME"),
    _row(State.REEXAMINED, State.PROPOSED, "OFFICE", "ANSWER SECOND_PERSON NEW_EYES"),
)
MOVES: dict[tuple[State, State], Move] = {(move.before, move.after): move for move in TABLE}
"""A move is found by where it starts and ends; nothing else is allowed."""


def from_state(state: State) -> list[State]:
    return [move.after for move in TABLE if move.before == state]
