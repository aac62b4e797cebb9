"""Number cells as text, exactly as stored: no digit passes through a float."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from recipients.importing.readers.tables import NUMBER

LONG = 12  # digits from which a number may be an identifier: shorter ones are codes, amounts and counts
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - a calendar, no moment
_MOST_DIGITS = 40


def number_cell(stored: str) -> str:
    """The digits of a number cell; marked when they are long enough to be an identifier."""
    if len(stored) < LONG and stored.isdecimal():
        return stored
    text = _plain(stored)
    return f"{NUMBER}{text}" if len(text) >= LONG else text


def _plain(stored: str) -> str:
    """`5.20399010101901E+15` written out, `7.0` without its point, `0.10000000000000001` as it is meant."""
    try:
        exact = Decimal(stored.strip())
    except InvalidOperation:
        return stored.strip()
    if not exact.is_finite() or abs(exact.adjusted()) > _MOST_DIGITS:
        return stored.strip()
    whole = exact.to_integral_value()
    return f"{whole:f}" if whole == exact else repr(float(exact))


def date_cell(stored: str, is_1904: bool) -> str:
    """A number cell shown as a date, as yyyy-mm-dd; a number that is no day stays a number."""
    try:
        days = float(stored)
        if not 1 <= days < 2_958_466:
            return number_cell(stored)
        # Day 60 of Excel's calendar, 29 February 1900, never was: before it the count is one day off.
        first = _EPOCH_1904 if is_1904 else _EPOCH + timedelta(days=1 if days < 60 else 0)
        return (first + timedelta(days=int(days))).date().isoformat()
    except (ValueError, OverflowError):
        return stored
