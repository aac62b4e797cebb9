"""NIKs and card numbers that are used once, counted in arrays of one fixed size (domain.md 9).

Serials count up from 9001, which no real registration reaches in a day, and go on from 0001 only in a district of
millions. Counting in the order of families would let a later release shift the numbers of the release before; so
people who arrive in a later release, of any age, take serials from a block of that release, below 9001. Those born
and cards issued within a quarter have a day of their own quarter, so they never meet an earlier count.
"""

from __future__ import annotations

from array import array
from datetime import date, timedelta

from recipients.synthetic.quarters import MOST_RELEASES

NO_SUCH_SUBDISTRICT = "520399"
FIRST_DAY = date(1938, 1, 1)
DAYS = (date(2038, 1, 1) - FIRST_DAY).days
HIGHEST, FIRST_SERIAL = 9999, 9001
BLOCK = 60  # newcomers of one release with one birth date and sex

_dates = [FIRST_DAY + timedelta(days=day) for day in range(DAYS)]
ISO = tuple(day.isoformat() for day in _dates)
_men = tuple(f"{NO_SUCH_SUBDISTRICT}{day:%d%m%y}" for day in _dates)
_women = tuple(f"{NO_SUCH_SUBDISTRICT}{day.day + 40}{day:%m%y}" for day in _dates)
_prefixes = (_men, _women)
_serials = tuple(f"{serial:04d}" for serial in range(HIGHEST + 1))
_own_serials = HIGHEST - MOST_RELEASES * BLOCK


class NumbersExhaustedError(RuntimeError):
    """More people share one birth date and sex than there are serials."""


def day_of(moment: date) -> int:
    """A day as a number: what people here are born on."""
    return (moment - FIRST_DAY).days


def _counts() -> array[int]:
    return array("H", bytes(2 * DAYS))


class Numbers:
    """Gives each number once. The day counts from FIRST_DAY; sex is 1 or 2."""

    def __init__(self, releases: int) -> None:
        self._residents = (_counts(), _counts())
        self._newcomers = [(_counts(), _counts()) for _ in range(releases)]
        self._cards = _counts()

    def nik(self, day: int, sex: int) -> str:
        counts = self._residents[sex - 1]
        count = counts[day]
        if count >= _own_serials:
            raise NumbersExhaustedError(ISO[day])
        counts[day] = count + 1
        return _prefixes[sex - 1][day] + _serials[(FIRST_SERIAL - 1 + count) % HIGHEST + 1]

    def newcomer_nik(self, day: int, sex: int, release: int) -> str:
        counts = self._newcomers[release][sex - 1]
        count = counts[day]
        if count >= BLOCK:
            raise NumbersExhaustedError(ISO[day])
        counts[day] = count + 1
        return _prefixes[sex - 1][day] + _serials[FIRST_SERIAL - release * BLOCK + count]

    def card_no(self, day: int) -> str:
        count = self._cards[day]
        if count >= HIGHEST:
            raise NumbersExhaustedError(ISO[day])
        self._cards[day] = count + 1
        return _men[day] + _serials[(FIRST_SERIAL - 1 + count) % HIGHEST + 1]
