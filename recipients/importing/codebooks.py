"""Which book a source's codes are written in, and how they become ours (domain.md 3.3 and 10, kinds 19 and 30).

Ours is the book of the DTSEN table. The questionnaire of Regsosek 2022 has wooden and bamboo roofs the other way round,
and another number for families that do not cook. In both 1 is yes and 2 is no. What was written is kept beside what it
means, wherever the two differ.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from recipients.enums import CodeBook
from recipients.importing.layouts import Coded

OURS = CodeBook.DTSEN
TO_OURS: dict[str, dict[str, dict[str, str]]] = {
    CodeBook.DTSEN: {},
    CodeBook.REGSOSEK: {"roof_type": {"5": "6", "6": "5"}, "cooking_fuel": {"12": "0"}},
}
# A code that only the other book has: a file with it was read with the wrong one.
FOREIGN: dict[str, tuple[str, int]] = {
    CodeBook.DTSEN: ("cooking_fuel", 12),
    CodeBook.REGSOSEK: ("cooking_fuel", 0),
}


class Reading:
    """Turns the coded cells of a row into our codes."""

    def __init__(self, book: str, coded: Sequence[Coded]) -> None:
        self._book = book
        self._changing = [
            (place, column.field, TO_OURS[book][column.field])
            for place, column in enumerate(coded)
            if column.field in TO_OURS[book]
        ]

    def ours(self, codes: str) -> tuple[str, str]:
        """Comma-joined cells in our codes, and as JSON what was written where that differs; "" where nothing does."""
        if not self._changing:
            return codes, ""
        cells, written = codes.split(","), {}
        for place, field, ours in self._changing:
            if (was := cells[place]) in ours:
                cells[place], written[field] = ours[was], int(was)
        return (",".join(cells), json.dumps({"book": self._book, **written})) if written else (codes, "")
