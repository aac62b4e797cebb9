"""By when the office owes the next step. The clock stands while the citizen is asked for something, then goes on.

A case keeps four facts (since when, how many days for the answer, how long it stood, since when it stands); every date
is worked out from them, so pausing and going on can be done any number of times without a drift.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from objections.enums import Kind, State, Step
from objections.models import Holiday, Objection, ServiceTime
from objections.stages import CLOSED, PAUSED, TIMED, WORDS
from objections.workdays import Workdays

NEARLY_LATE = 0.8
RESTARTS = frozenset({State.REEXAMINED, State.CENTRE_KEPT})
_ANSWER_STEP = {State.REEXAMINED: Step.REEXAM, State.CENTRE_KEPT: Step.EXPLAIN}


@dataclass(frozen=True)
class Clock:
    workdays: Workdays
    days: dict[str, int]

    @classmethod
    def load(cls) -> Clock:
        return cls(Holiday.objects.workdays(), ServiceTime.objects.days())

    def started(self, on: date, *, kind: str = Kind.OWN_DATA) -> dict[str, Any]:
        """The clock of a case that comes in on this day."""
        answer_days = self.days[Step.DECISION]
        first = self.days[Step.URGENT if kind == Kind.PBI_URGENT else Step.TRIAGE]
        return {
            "clock_from": on,
            "answer_days": answer_days,
            "due_on": self.workdays.after(on, first),
            "answer_by": self.workdays.after(on, answer_days),
        }

    def moved(self, case: Objection, to: State, on: date) -> dict[str, Any]:
        """The clock's values when the case moves to another state on this day."""
        if to in RESTARTS:
            return self._restarted(to, on)
        stood = case.paused_days
        if case.paused_on and to not in PAUSED:
            stood += self.workdays.between(case.paused_on, on)
        values: dict[str, Any] = {
            "paused_on": (case.paused_on or on) if to in PAUSED else None,
            "paused_days": stood,
            "answer_by": self.workdays.after(case.clock_from, case.answer_days + stood),
            "escalated_at": None,
        }
        return values | {"due_on": self._due(case, to, on, stood, values["answer_by"])}

    def spent(self, case: Objection, today: date) -> int:
        """Working days the office has had the case."""
        standing = self.workdays.between(case.paused_on, today) if case.paused_on else 0
        return self.workdays.between(case.clock_from, today) - case.paused_days - standing

    def ask_again_until(self, decided_on: date) -> date:
        """The last day on which the owner may ask for a second look."""
        return self.workdays.after(decided_on, self.days[Step.ASK_AGAIN])

    def is_nearly_late(self, case: Objection, today: date) -> bool:
        """Four fifths of the time for this step are gone (ux.md G25); what the citizen took does not count."""
        if case.state not in TIMED or case.due_on is None or today > case.due_on:
            return False
        whole = self.workdays.between(case.clock_from, case.due_on) - case.paused_days
        return self.spent(case, today) >= NEARLY_LATE * whole

    def nearly_late(self, cases: Any, today: date) -> list[int]:
        """Which of these cases: read in one query, counted in working days here."""
        fields = ("state", "clock_from", "due_on", "paused_on", "paused_days")
        timed = cases.filter(state__in=TIMED, due_on__gte=today).only(*fields)
        return [case.pk for case in timed if self.is_nearly_late(case, today)]

    def _restarted(self, to: State, on: date) -> dict[str, Any]:
        answer_days = self.days[_ANSWER_STEP[to]]
        due_on = self.workdays.after(on, answer_days)
        return {
            "clock_from": on,
            "answer_days": answer_days,
            "paused_on": None,
            "paused_days": 0,
            "due_on": due_on,
            "answer_by": due_on,
            "escalated_at": None,
        }

    def _due(self, case: Objection, to: State, on: date, stood: int, answer_by: date) -> date | None:
        step = WORDS[to].step
        if to in CLOSED or step is None:
            return None
        if step is Step.COMPLETION:
            return self.workdays.after(on, self.days[step])
        if step is Step.DECISION:
            return answer_by
        if step is Step.TRIAGE and case.kind == Kind.PBI_URGENT:
            step = Step.URGENT
        return min(self.workdays.after(case.clock_from, self.days[step] + stood), answer_by)
