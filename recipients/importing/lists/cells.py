"""How one cell of a list is read: the text as COPY takes it, or CellRefused with its code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from bansos.common import ids
from recipients.importing.lists import words

Read = Callable[[str], str]
_BLANK_EDGE = " \t\r\n\u00a0\u200b\ufeff"
_QUOTED = re.compile(r'^="(.*)"$')
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DAY = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/. ]([0-9]{4})")
_ISO = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T][0-9:.]+)?")
_MONEY = re.compile(
    r"(?:rp\.?)?\s*([0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]+)(?:[.,](?:0{1,2}|-))?,?-?", re.IGNORECASE
)
_QUARTER = re.compile(
    r"(?:tahap|tw|triwulan|q)?\s*(iv|i{1,3}|[1-4])[ \-/]*(?:tahun)?\s*(20[0-9]{2})", re.IGNORECASE
)
_QUARTER_LAST = re.compile(r"(20[0-9]{2})[ \-/]*(?:tahap|tw|triwulan|q)\s*(iv|i{1,3}|[1-4])", re.IGNORECASE)
_MONTH = re.compile(r"([A-Za-z]{3,9})[ \-/]+(20[0-9]{2})")
_MONTH_NUMBER = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
_EMPTY_WORDS = frozenset({"", "-", "--", "0", "n/a", "#n/a", "null", "tidak ada", "kosong"})
MASKED = re.compile(r"([0-9]{6})[*xX]{6}([0-9]{4})")
NAME_LIMIT, TEXT_LIMIT, MOST_MONEY = 120, 200, 1_000_000_000


class CellRefused(ValueError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def tidy(cell: str) -> str:
    """Without the blanks and the signs that keep spreadsheets from reading a number."""
    text = cell.strip(_BLANK_EDGE)
    if text[:1] in ("'", "`"):
        text = text[1:].strip(_BLANK_EDGE)
    found = _QUOTED.match(text)
    return found[1] if found else text


def is_blank(cell: str) -> bool:
    return tidy(cell).lower() in _EMPTY_WORDS


def free_text(cell: str) -> str:
    """A remark: kept short, printable, and without numbers that identify."""
    return _CONTROL.sub(" ", ids.scrub(tidy(cell)))[:TEXT_LIMIT]


def name(cell: str) -> str:
    text = free_text(cell)[:NAME_LIMIT]
    return text if any(character.isalpha() for character in text) else ""


def day(cell: str) -> str:
    text = tidy(cell)
    if found := _ISO.fullmatch(text):
        return _iso(*map(int, found[1].split("-")))
    if found := _DAY.fullmatch(text):
        month = words.MONTHS.get(found[2].lower(), 0) if found[2].isalpha() else int(found[2])
        return _iso(int(found[3]), month, int(found[1]))
    raise CellRefused("LIST_DATE")


def _iso(year: int, month: int, day_of_month: int) -> str:
    try:
        found = date(year, month, day_of_month)
    except ValueError:
        raise CellRefused("LIST_DATE") from None
    if not 1890 <= found.year <= 2100:
        raise CellRefused("LIST_DATE")
    return found.isoformat()


def money(cell: str) -> str:
    found = _MONEY.fullmatch(tidy(cell).replace(" ", ""))
    amount = int(re.sub("[.,]", "", found[1])) if found else MOST_MONEY
    if amount >= MOST_MONEY:
        raise CellRefused("LIST_AMOUNT")
    return str(amount)


def period(cell: str) -> str:
    """`2026-Q1` for a quarter, `2026-01` for a month."""
    text = tidy(cell)
    if found := _MONTH_NUMBER.fullmatch(text):
        return text
    if found := _QUARTER_LAST.fullmatch(text):
        return f"{found[1]}-Q{words.QUARTERS[found[2].lower()]}"
    if found := _QUARTER.fullmatch(text):
        return f"{found[2]}-Q{words.QUARTERS[found[1].lower()]}"
    if (found := _MONTH.fullmatch(text)) and (month := words.MONTHS.get(found[1].lower())):
        return f"{found[2]}-{month:02d}"
    raise CellRefused("LIST_PERIOD")


def card_masked(cell: str) -> str:
    """An assistance card's number, never kept whole."""
    digits = re.sub(r"[^0-9*xX]", "", cell)
    return f"{'*' * max(len(digits) - 4, 0)}{digits[-4:]}"[-25:] if len(digits) >= 8 else ""


def word(table: Mapping[str, str]) -> Read:
    def read(cell: str) -> str:
        try:
            return table[words.plain(cell)]
        except KeyError:
            raise CellRefused("WORD_UNKNOWN") from None

    return read


def region_code(cell: str) -> str:
    """Kemendagri's code with its dots: 52.03.01.2001."""
    digits = tidy(cell).removesuffix(".0").replace(".", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (4, 6, 10)):
        raise CellRefused("REGION_UNKNOWN")
    parts = (digits[:2], digits[2:4], digits[4:6], digits[6:10])
    return ".".join(part for part in parts if part)


def bps_code(cell: str) -> str:
    digits = tidy(cell).removesuffix(".0").replace(".", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (4, 7, 10)):
        raise CellRefused("BPS_CODE")
    return digits
