"""Chance that can be repeated: a draw depends on the seed and on whom it is drawn for, on nothing else.

One keyed hash gives a family all its draws at once: faster than seeding a generator for each of millions of
families, and no state to carry from one family to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from struct import Struct
from typing import TypeVar

Option = TypeVar("Option")

_founding = Struct("<32H").unpack
_quarterly = Struct("<4I24H").unpack
WHOLE = 1 << 32  # the wide draws decide whether something happens: rates go down to one in a million
TABLE_BITS = 12
TABLE_SHIFT = 16 - TABLE_BITS


def seed_key(seed: int) -> bytes:
    return str(seed).encode()


def founding_draws(key: bytes, ident: bytes) -> tuple[int, ...]:
    """32 draws of 16 bits."""
    return _founding(blake2b(ident, key=key, digest_size=64).digest())


def quarterly_draws(key: bytes, ident: bytes, quarter: int) -> tuple[int, ...]:
    """Four wide draws of 32 bits, then 24 of 16 bits."""
    return _quarterly(blake2b(ident + bytes((quarter,)), key=key, digest_size=64).digest())


def pick(options: Sequence[Option], draw: int) -> Option:
    return options[draw * len(options) >> 16]


def between(low: int, high: int, draw: int) -> int:
    """A whole number from low to high, both included."""
    return low + (draw * (high - low + 1) >> 16)


def weighted_table(weights: Sequence[float]) -> tuple[int, ...]:
    """Indexes of `weights`, each as often as it weighs; look up with `table[draw >> TABLE_SHIFT]`."""
    size, total, filled = 1 << TABLE_BITS, sum(weights), 0
    table: list[int] = []
    for index, reached in enumerate(accumulate(weights)):
        upto = round(size * reached / total)
        table += [index] * (upto - filled)
        filled = upto
    return tuple(table)


def words(text: str) -> tuple[str, ...]:
    """A list for `pick`, easier to read as lines of text."""
    return tuple(text.split())
