"""`ALM.` and `ALMH.` in a name: Dukcapil is asked, and for another caretaker (domain.md 10, kind 12)."""

from __future__ import annotations

import re

_WORD = re.compile(r"\bALM(?:H|ARHUM|ARHUMAH)?\b", re.IGNORECASE)


def says_so(name: str) -> bool:
    return ("LM" in name or "lm" in name) and _WORD.search(name) is not None
