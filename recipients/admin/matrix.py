"""From which decile to which, as rows of shaded cells: for the home page and for a delivery that waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from recipients.overview import DECILES, Cell

SHADES = 5
UrlOf = Callable[[int | None, int | None], str]


@dataclass(frozen=True)
class MatrixCell:
    text: str
    words: str
    shade: str
    url: str = ""


def head() -> list[Any]:
    return [*DECILES, _("tidak ada lagi"), _("jumlah")]


def rows_of(
    cells: Counter[Cell], *, url_of: UrlOf | None = None, as_percent: bool = False
) -> list[dict[str, Any]]:
    """One row a decile before, the last for families newly ranked; None now is gone."""
    moved = [count for (was, now), count in cells.items() if was and now and was != now]
    most = max(moved, default=0)
    rows = []
    for before in [*DECILES, None]:
        total = sum(count for (was, _now), count in cells.items() if was == before)
        found = [
            _cell(cells[before, after], before, after, most, total if as_percent else 0, url_of)
            for after in [*DECILES, None]
        ]
        rows.append({"label": str(before) if before else _("baru"), "cells": found, "total": total})
    return rows


def _cell(
    count: int, before: int | None, after: int | None, most: int, total: int, url_of: UrlOf | None
) -> MatrixCell:
    text = number_format(count) if count else ""
    if total and count:
        text = number_format(round(100 * count / total, 1), 1)
    url = url_of(before, after) if count and url_of else ""
    return MatrixCell(text, _words(before, after, count), _shade(before, after, count, most), url)


def _words(before: int | None, after: int | None, count: int) -> str:
    values = {"n": number_format(count), "before": before, "after": after}
    if before is None:
        return _("%(n)s keluarga baru diperingkat, desil %(after)s") % values
    if after is None:
        return _("%(n)s keluarga dari desil %(before)s tidak ada lagi") % values
    if before == after:
        return _("%(n)s keluarga tetap di desil %(before)s") % values
    if after > before:
        return _("%(n)s keluarga dianggap lebih mampu: desil %(before)s menjadi %(after)s") % values
    return _("%(n)s keluarga dianggap kurang mampu: desil %(before)s menjadi %(after)s") % values


def _shade(before: int | None, after: int | None, count: int, most: int) -> str:
    """A CSS class: direction and one of five steps; square root, or one large cell would pale all others."""
    if before == after:
        return "same" if before else "none"
    side = "edge" if before is None or after is None else "up" if after > before else "down"
    step = 0 if not count or not most else max(1, min(SHADES, round(SHADES * (count / most) ** 0.5)))
    return f"{side} s{step}"
