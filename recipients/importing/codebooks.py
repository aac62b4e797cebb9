"""Which book a source's codes are written in, and how they become ours (domain.md 3.3 and 10, kinds 19 and 30).

Ours is the book of the DTSEN table. The questionnaire of Regsosek 2022 has wooden and bamboo roofs the other way round,
and another number for families that do not cook. In both 1 is yes and 2 is no. What was written is kept beside what it
means, wherever the two differ. Versions that the office adds stand in the database (docs/decisions/0032).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from recipients.importing.layouts import Coded
from recipients.models import CodeBook
from recipients.models.code_books import OURS, REGSOSEK, Changes


@dataclass(frozen=True)
class Book:
    code: str
    source: str
    version: int
    to_ours: Changes
    basis: Any
    is_known: bool = False  # from the start, and not by somebody of the office

    def absent(self) -> list[tuple[str, int]]:
        """Numbers that this book cannot hold: a file with one was written in another."""
        if self.code == OURS:
            return [("cooking_fuel", 12)]
        return [
            (field, int(ours))
            for field, changes in self.to_ours.items()
            for ours in changes.values()
            if ours not in changes
        ]


KNOWN = (
    Book(OURS, "DTSEN", 1, {}, _("Tabel DTSEN; dipakai aturan dan layar sistem ini"), is_known=True),
    Book(
        REGSOSEK,
        REGSOSEK,
        1,
        {"roof_type": {"5": "6", "6": "5"}, "cooking_fuel": {"12": "0"}},
        _("Kuesioner Regsosek 2022-K"),
        is_known=True,
    ),
)


def books() -> dict[str, Book]:
    """Every book by its code, versions of one source in order."""
    added = (
        Book(one.code, one.source, one.version, one.to_ours, one.basis) for one in CodeBook.objects.all()
    )
    return {one.code: one for one in sorted((*KNOWN, *added), key=lambda one: (one.source, one.version))}


def in_use() -> dict[str, Book]:
    """The newest version of each source: what a delivery may be read with from now on."""
    newest = {one.source: one for one in books().values()}
    return {one.code: one for one in newest.values()}


def book(code: str) -> Book:
    known = {one.code: one for one in KNOWN}
    return known.get(code) or books()[code]


class Reading:
    """Turns the coded cells of a row into our codes."""

    def __init__(self, code: str, coded: Sequence[Coded]) -> None:
        self._book, changes = code, book(code).to_ours
        self._changing = [
            (place, column.field, changes[column.field])
            for place, column in enumerate(coded)
            if column.field in changes
        ]

    def ours(self, cells: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
        """The cells in our codes, and as JSON what was written where that differs; "" where nothing does."""
        if not self._changing:
            return cells, ""
        turned, written = list(cells), {}
        for place, field, changes in self._changing:
            if (was := _number(cells[place])) in changes:
                turned[place], written[field] = changes[was], int(was)
        return (tuple(turned), json.dumps({"book": self._book, **written})) if written else (cells, "")


def _number(cell: str) -> str:
    """`05` is 5."""
    return (cell.lstrip("0") or "0") if cell.isdecimal() else cell
