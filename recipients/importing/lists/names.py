"""Whether two spellings may be one name: for doubts about one NIK, never to find somebody in the registry."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

SAME_ENOUGH = 65
CLEARLY_SAME = 85
_WORD = re.compile(r"[A-Z]+")
_LONG = {"MUH": "MUHAMMAD", "MOH": "MUHAMMAD", "MUHAMAD": "MUHAMMAD", "MOHAMAD": "MUHAMMAD", "MOHAMMAD": "MUHAMMAD",
         "M": "MUHAMMAD", "MHD": "MUHAMMAD", "L": "LALU", "BQ": "BAIQ"}  # fmt: skip
_TITLES = frozenset(
    {"H", "HJ", "HAJI", "HAJJAH", "ALM", "ALMH", "DRS", "DRA", "IR", "S", "SE", "SPD", "SH", "TGH", "UST"}
)
# Mother, father, grandparent of: the child's name follows.
_AFTER_A_CHILD = frozenset({"INAQ", "AMAQ", "PAPUQ", "INA", "AMA", "INAK", "AMAK"})


def plain(name: str) -> str:
    """Capitals, abbreviations written out, titles left away: a key for comparing, never shown."""
    words = [_LONG.get(word, word) for word in _WORD.findall(name.upper().replace("'", ""))]
    return " ".join(word for word in words if word not in _TITLES)


def may_be_same(written: str, known: str) -> bool:
    """No two names that differ only by custom; somebody called after a child may have any own name."""
    left, right = plain(written), plain(known)
    if not left or not right or _AFTER_A_CHILD & {left.split()[0], right.split()[0]}:
        return True
    return fuzz.token_set_ratio(left, right) >= SAME_ENOUGH or fuzz.ratio(left, right) >= SAME_ENOUGH


def is_same(written: str, known: str) -> bool:
    """Alike enough to stand for the six figures that a masked NIK hides."""
    return fuzz.token_sort_ratio(plain(written), plain(known)) >= CLEARLY_SAME
