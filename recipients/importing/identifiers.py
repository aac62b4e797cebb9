"""NIK and card numbers as they arrive: what is only untidy is tidied, what may be damaged is never repaired."""

from __future__ import annotations

import re

from bansos.common import ids
from recipients.importing.issues import Issue
from recipients.importing.readers import NumberText

EXACT_BELOW = 2**53  # a double keeps every whole number below; above, only even ones
_EDGE = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff'`\u2018\u2019"
_FORMULA_TEXT = re.compile(r'="(.*)"')
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+")
_MASK = re.compile(r"[0-9]{4,12}[*xX]{3,12}[0-9]{0,6}")
_NOBODY = re.compile(
    r"(?:-+|\.+|n/?a|null|nihil|kosong|tidak\s?(?:ada|punya)(?:\s?(?:nik|kk))?|belum\s?(?:ada|punya).*)",
    re.IGNORECASE,
)
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)")


def tidy(cell: str) -> str:
    """Without the signs around and between digits. A masked number keeps its mask, a number cell stays one."""
    text = cell.strip(_EDGE)
    if found := _FORMULA_TEXT.fullmatch(text):
        text = found[1].strip(_EDGE)
    if _SCIENTIFIC.fullmatch(text) or _NOBODY.fullmatch(text):
        return text
    was_float = text.endswith(".0") and text[:-2].isdecimal() and len(text) > 10
    text = ids.ungrouped(text.removesuffix(".0") if was_float else text)
    return NumberText(text) if was_float or isinstance(cell, NumberText) else text


def is_nobody(cell: str) -> bool:
    """`0`, `-`, 9999999999999999, TIDAK ADA, a number that begins with 0: no number, and never one person."""
    if cell.isdecimal():
        return len(set(cell)) == 1 or cell.startswith("0")
    return bool(_NOBODY.fullmatch(cell))


def is_masked(cell: str) -> bool:
    return bool(_MASK.fullmatch(cell))


def may_be_rounded(number: str) -> bool:
    """Whether a number cell with these digits could have lost its last one before it was stored."""
    return number.endswith("0") or (int(number) > EXACT_BELOW and int(number) % 2 == 0)


def number_issues(cell: str, column: str, shape: re.Pattern[str]) -> list[Issue]:
    """Why this tidied cell is no usable NIK or card number; values that could be one are masked. [] for a number
    cell whose digits are certain."""
    if not cell:
        return [Issue("NUMBER_EMPTY", column)]
    if _ERROR.fullmatch(cell):
        return [Issue("CELL_ERROR", column, cell)]
    if is_masked(cell):
        return [Issue("NUMBER_MASKED", column, masked(cell))]
    if is_nobody(cell):
        return [Issue("NUMBER_NONE", column, masked(cell))]
    if _SCIENTIFIC.fullmatch(cell):
        return [Issue("NUMBER_SCIENTIFIC", column, cell)]
    if not ids.SIXTEEN_DIGITS.fullmatch(cell):
        return [Issue("NUMBER_LENGTH", column, masked(cell))]
    if isinstance(cell, NumberText) and may_be_rounded(cell):
        return [Issue("NUMBER_ROUNDED", column, ids.mask(cell))]
    return [] if shape.fullmatch(cell) else [Issue("NUMBER_SHAPE", column, ids.mask(cell))]


def error_in(cell: str) -> bool:
    """Whether a spreadsheet could not work this cell out."""
    return cell.startswith("#") and bool(_ERROR.fullmatch(cell))


def masked(cell: str) -> str:
    """Keeps the length, which the message tells, and hides the middle."""
    return cell if len(cell) <= 6 else f"{cell[:4]}{'*' * (min(len(cell), 40) - 6)}{cell[-2:]}"


def are_swapped(nik: str, card_no: str) -> bool:
    """Whether each stands in the other's column: only a NIK of a woman cannot be a card number (day + 40)."""
    return bool(
        ids.NIK.fullmatch(card_no) and not ids.CARD_NO.fullmatch(card_no) and ids.CARD_NO.fullmatch(nik)
    )
