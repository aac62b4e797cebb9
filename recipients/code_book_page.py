"""What the page of the code books shows, put in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from recipients import codebook
from recipients.importing import codebooks
from recipients.models import CodeBook

LINES = 8  # blank lines of the form; a longer book is made by and by, version by version


def choices() -> list[tuple[str, str]]:
    """For an upload: the newest version of each source, ours first."""
    newest = sorted(codebooks.in_use().values(), key=lambda one: one.source != "DTSEN")
    return [(one.code, _said(one)) for one in newest]


def _said(book: codebooks.Book) -> str:
    """`REGSOSEK-2022 (Atap: 5 bambu, 6 kayu atau sirap; ...)`."""
    columns: dict[str, list[str]] = {}
    for line in differences(book):
        columns.setdefault(str(line["column"]), []).append(f"{line['written']} {line['meaning']}")
    told = "; ".join(f"{column}: {', '.join(lines)}" for column, lines in columns.items())
    return f"{book.code} ({told})" if told else book.code


def differences(book: codebooks.Book) -> list[dict[str, Any]]:
    """By column: the number in the file, and what it means in our words."""
    return [
        {"field": field, "column": _label(field), "written": int(written), "ours": ours,
         "meaning": codebook.say(_words(field), int(ours))}
        for field, changes in book.to_ours.items()
        for written, ours in sorted(changes.items(), key=lambda pair: int(pair[0]))
    ]  # fmt: skip


def _label(field: str) -> Any:
    return codebook.HOUSING[field][0] if field in codebook.HOUSING else codebook.ASSETS.get(field, field)


def _words(field: str) -> dict[int, Any]:
    return (codebook.HOUSING[field][1] or {}) if field in codebook.HOUSING else codebook.YES_NO


def meanings() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Every meaning that a number of another book can have, by column: `roof_type:6` is bamboo."""
    fields = [field for field, (_name, book) in codebook.HOUSING.items() if book] + list(codebook.ASSETS)
    return [
        (_label(field), [(f"{field}:{code}", words) for code, words in _words(field).items()])
        for field in fields
    ]


def page(based_on: str = "") -> dict[str, Any]:
    books, newest = codebooks.books(), codebooks.in_use()
    made = {one.code: one for one in CodeBook.objects.select_related("made_by")}
    base = books.get(based_on)
    lines = (
        [(str(one["written"]), f"{one['field']}:{one['ours']}") for one in differences(base)] if base else []
    )
    return {
        "title": _("Buku kode"),
        "books": [
            {
                "book": one,
                "is_newest": one.code in newest,
                "made": made.get(one.code),
                "lines": differences(one),
            }
            for one in books.values()
        ],
        "meanings": meanings(),
        "source": base.source if base else "",
        "lines": lines + [("", "")] * LINES,
    }
