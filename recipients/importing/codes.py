"""Coded cells written in words: `Ya`, `Desil 3`, `IV`. Each becomes the code of the centre's book or stays."""

from __future__ import annotations

import re

from recipients.importing import layouts
from recipients.importing.layouts import Coded

_YES = frozenset({"ya", "y", "v", "ada", "\u2713", "\u2714", "\u221a"})
_NO = frozenset({"tidak", "tdk", "t", "tidak ada", "x"})
_UNKNOWN = frozenset({"-", "--", "n/a", "null", "kosong", "tidak tahu"})
_UNRANKED = frozenset({"0", "belum diperingkat", "belum", "tidak diperingkat", "belum ada desil"})
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_DECILE = re.compile(r"(?:(?:desil|d)[ .\-]*)?([0-9]{1,2}|[ivx]{1,4})", re.IGNORECASE)
RANGE = re.compile(
    r"(?:desil)?\s*(?:[<>]=?\s*[0-9]{1,2}|[0-9]{1,2}\s*(?:-|s/?d|\+)\s*[0-9]{0,2})", re.IGNORECASE
)


def tidy(column: Coded, cell: str) -> str:
    text = cell.removesuffix(".0")
    if text.isdecimal() and not (column.header == layouts.DECILE and text == "0"):
        return text
    word = " ".join(text.lower().split())
    if word in _UNKNOWN:
        return ""
    if column.header == layouts.DECILE:
        return _decile(word, text)
    if (column.low, column.high) == layouts.YES_NO:
        return "1" if word in _YES else "2" if word in _NO else text
    return text


def _decile(word: str, text: str) -> str:
    """Ranges stay: they cannot be followed as one value."""
    if word in _UNRANKED:
        return ""
    found = _DECILE.fullmatch(word)
    return _ROMAN.get(found[1].lower(), found[1]) if found else text
