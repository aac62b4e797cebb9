"""NIK and family card number: text of 16 ASCII digits from cell to column (Permendagri 102/2019; domain.md 9).

A NIK is region of first registration (6) + DDMMYY of birth, day + 40 for women (6) + serial (4).
A card number has the same shape with the day of issue, never + 40.
"""

from __future__ import annotations

import re
from datetime import date

SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")
NIK = re.compile(
    r"[1-9][0-9]{5}(?:0[1-9]|[12][0-9]|3[01]|4[1-9]|[56][0-9]|7[01])(?:0[1-9]|1[0-2])[0-9]{2}(?!0000)[0-9]{4}"
)
CARD_NO = re.compile(r"[1-9][0-9]{5}(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}(?!0000)[0-9]{4}")


LONG_NUMBER = re.compile(r"[0-9](?:[ .\-]?[0-9]){15}")


def scrub(text: str) -> str:
    """The text without identifiers that slipped in, also grouped by blanks, dots or dashes: they are masked."""
    return LONG_NUMBER.sub(lambda found: mask(re.sub(r"[^0-9]", "", found[0])), text)


def is_nik(text: str) -> bool:
    return NIK.fullmatch(text) is not None


def is_card_no(text: str) -> bool:
    return CARD_NO.fullmatch(text) is not None


def mask(number: str) -> str:
    """`520399******0001`: the form of display everywhere (domain.md 9)."""
    return f"{number[:6]}******{number[-4:]}" if len(number) == 16 else "*" * len(number)


# Between the groups of a number or a code: spaces, also those of no width, dots, every dash a phone makes of a hyphen.
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015\u2212\u200b-\u200d\u2060\ufeff]")


def ungrouped(typed: str) -> str:
    """What a person typed, a number or a code, without the spaces, dots and dashes that group it."""
    return _SEPARATORS.sub("", typed)


def nik_birth_parts(nik: str) -> tuple[int, int, int, bool]:
    """Day, month, two-digit year and whether the NIK speaks of a woman."""
    day = int(nik[6:8])
    return (day - 40 if day > 40 else day), int(nik[8:10]), int(nik[10:12]), day > 40


def agrees_with_birth_date(nik: str, born: date) -> bool:
    day, month, year, _ = nik_birth_parts(nik)
    return (day, month, year) == (born.day, born.month, born.year % 100)
