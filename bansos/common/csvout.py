"""CSV that opens in a spreadsheet and cannot run there.

A cell that begins like a formula is given a leading apostrophe (OWASP, CSV injection); full-width look-alikes and
control characters count, because spreadsheets normalise them. django-import-export strips one `=` only (its #1543).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from bansos.common import download

FORMULA_HEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Echo:
    def write(self, value: str) -> bytes:
        return value.encode()


def neutral(value: Any) -> str:
    """The cell as text that no spreadsheet reads as a formula."""
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, str) and text.lstrip(" \u00a0\ufeff\u200b").startswith(FORMULA_HEADS):
        return "'" + text
    return text


def lines(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff".encode()  # Excel reads the file as UTF-8
    yield writer.writerow([neutral(cell) for cell in header])
    for row in rows:
        yield writer.writerow([neutral(cell) for cell in row])


def answer(name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    return download.answer(name, lines(header, rows), "text/csv; charset=utf-8")
