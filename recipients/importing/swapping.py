"""NIK and card number back in their own columns, once a person said that this file has them swapped (domain.md 10).

By itself only a woman's NIK shows that it stands among the card numbers: no card was issued on a day from 41 to 71. Of
the other rows the known card numbers tell, those of the registry and of the family file beside it: a row is turned
round when what stands as its NIK is one of them, and what stands as its card is not. A row that was right stays so.
"""

from __future__ import annotations

import numpy as np

from bansos.common import db, vault
from recipients.importing import identifiers, layouts

_PREFIX = (
    "('x' || encode(substr({0}, 1, 8), 'hex'))::bit(64)::bigint"  # of an index; 8 bytes tell cards apart
)


class Swapping:
    """Holds 8 bytes for every known card, and only where the fix stands."""

    def __init__(self, header: list[str], families: str) -> None:
        """`families`: the staging table of the family file."""
        self._nik, self._card_no = header.index(layouts.NIK), header.index(layouts.CARD_NO)
        cards = db.copy_out(
            f"SELECT {_PREFIX.format('index')} FROM recipients_familycardnumber "
            f"UNION SELECT {_PREFIX.format('number_index')} FROM {families} ORDER BY 1"
        )
        self._cards = np.fromstring(cards, dtype=np.int64, sep="\n")

    def righted(self, row: list[str]) -> list[str]:
        """The row with its numbers in place; the same row when they are, or when nobody can tell."""
        if len(row) <= max(self._nik, self._card_no):
            return row
        if self._is_card(row[self._card_no]) or not self._is_card(row[self._nik]):
            return row
        turned = list(row)
        turned[self._nik], turned[self._card_no] = row[self._card_no], row[self._nik]
        return turned

    def _is_card(self, cell: str) -> bool:
        index = vault.blind_index(vault.CARD_NO, identifiers.tidy(cell))
        wanted = int.from_bytes(index[:8], "big", signed=True)
        at = int(np.searchsorted(self._cards, wanted))
        return at < len(self._cards) and int(self._cards[at]) == wanted
