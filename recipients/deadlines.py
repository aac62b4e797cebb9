"""How long the centre still takes what is typed: one sentence for each schedule in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recipients.models import SubmissionWindow

MONTHS_AHEAD = 12


@dataclass(frozen=True)
class Countdown:
    name: str
    opens_on: date
    closes_on: date
    today: date

    @property
    def is_open(self) -> bool:
        return self.opens_on <= self.today

    @property
    def days(self) -> int:
        return ((self.closes_on if self.is_open else self.opens_on) - self.today).days

    @property
    def is_near(self) -> bool:
        return self.is_open and self.days <= 3

    @property
    def sentence(self) -> str:
        words = (
            _("Ketik di %(name)s paling lambat %(day)s: %(left)s.")
            if self.is_open
            else _("%(name)s dibuka lagi %(day)s: %(left)s.")
        )
        day = date_format(self.closes_on if self.is_open else self.opens_on, "j F")
        return words % {"name": self.name, "day": day, "left": left_words(self.days)}


def left_words(days: int) -> str:
    return _("hari ini") if days == 0 else ngettext("%d hari lagi", "%d hari lagi", days) % days


def countdowns(today: date) -> list[Countdown]:
    found = [_next(row, today) for row in SubmissionWindow.objects.in_force_until_later(today)]
    return sorted((each for each in found if each), key=lambda each: each.closes_on)


def _next(row: SubmissionWindow, today: date) -> Countdown | None:
    for ahead in range(MONTHS_AHEAD + 1):
        years, month = divmod(today.month - 1 + ahead, 12)
        opens, closes = row.in_month(today.year + years, month + 1)
        if closes >= today and row.holds_on(max(opens, today)):
            return Countdown(row.name, opens, closes, today)
    return None
