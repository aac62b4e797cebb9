"""Receipt numbers such as SGH-26-4K7Q-2: year, random characters, check character.

31 characters are left without 0, O, 1, I and U. 31 is a prime, so the weighted sum catches every single wrong
character and every two neighbours that changed places. A number cannot be guessed from the one before it.
"""

from __future__ import annotations

import re
import secrets

from bansos.common import ids

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTVWXYZ"
SHORTEST = 4  # 923,521 numbers a year; longer ones follow when a draw collides
LONGEST = 7
_WEIGHT = 3  # a primitive root of 31: thirty different weights
_SUM = 30  # every sound number has this weighted sum
_VALUE = {character: value for value, character in enumerate(ALPHABET)} | {"0": 30, "1": 29}  # 0, 1: years
_SHAPE = re.compile(rf"(?:SGH)?([0-9]{{2}})([{ALPHABET}]{{{SHORTEST},{LONGEST}}})([{ALPHABET}])")


def draw(year: int, length: int = SHORTEST) -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return compose(f"{year % 100:02d}", body)


def compose(year: str, body: str) -> str:
    return f"SGH-{year}-{body}-{check_character(year + body)}"


def check_character(text: str) -> str:
    rest = sum(pow(_WEIGHT, place, 31) * _VALUE[sign] for place, sign in enumerate(reversed(text), start=1))
    return ALPHABET[(_SUM - rest) % 31]


def normalise(typed: str) -> str | None:
    """The number a person meant, as it is stored; None when no such number can exist.

    Case, spaces and dashes do not matter. O and I, read where the year's digits stand, are 0 and 1.
    """
    text = ids.ungrouped(typed.upper())[:40].removeprefix("SGH")
    text = text[:2].translate(str.maketrans("OIL", "011")) + text[2:]
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    year, body, check = match.groups()
    return compose(year, body) if check_character(year + body) == check else None
