"""Dates as offices write them. Where day and month could change places, the NIK tells; it is only a hint."""

from __future__ import annotations

import re
from datetime import date, timedelta

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?")
_LOCAL = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/. ]([0-9]{4}|[0-9]{2})(?: 0?0[:.]00.*)?")
_SERIAL = re.compile(r"[1-9][0-9]{3,4}(?:\.0)?")
NO_DAY = frozenset(
    {"", "-", "0", "0000-00-00", "00-00-0000", "00/00/0000", "31/12/1899", "1899-12-31", "1900-01-00"}
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari", "feb peb februari pebruari", "mar maret", "apr april", "mei may", "jun juni", "jul juli",
            "agu agt ags agustus aug", "sep sept september", "okt oktober oct", "nov nop november nopember",
            "des desember dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


def as_iso(text: str, *, nik: str = "") -> str | None:
    """The day as yyyy-mm-dd; "" where the cell says that none is known; None for what is no day."""
    text = text.strip(" '`\u00a0")
    if text in NO_DAY:
        return ""
    if found := _ISO.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if found := _LOCAL.fullmatch(text):
        return _local(found[1], found[2], found[3], nik)
    if _SERIAL.fullmatch(text):
        day = date(1899, 12, 30) + timedelta(days=int(text.removesuffix(".0")))
        return _checked(day.year, day.month, day.day)
    return None


def _local(first: str, second: str, year_text: str, nik: str) -> str | None:
    year = int(year_text)
    if len(year_text) == 2:
        year += 2000 if year <= 25 else 1900
    if second.isalpha():
        return _checked(year, MONTHS.get(second.lower(), 0), int(first))
    usual, turned = _checked(year, int(second), int(first)), _checked(year, int(first), int(second))
    if usual and turned and _is_born(nik, turned) and not _is_born(nik, usual):
        return turned
    return usual


def _is_born(nik: str, iso: str) -> bool:
    if len(nik) != 16 or not nik.isdecimal():
        return False
    day = int(nik[6:8])
    return f"{day - 40 if day > 40 else day:02d}{nik[8:10]}" == f"{iso[8:10]}{iso[5:7]}"


def _checked(year: int, month: int, day: int) -> str | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found.isoformat() if 1890 <= year <= 2100 else None
