"""The closed list of facts a district may propose to the centre, with the words of each code; no decile among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from recipients import codebook

MOST = 999  # square metres of floor, head of cattle: more is a slip of the finger


@dataclass(frozen=True)
class Fact:
    """One proposable fact: its words, the codes it may take (None: a count or a day), whose it is."""

    label: Any
    book: dict[Any, Any] | None
    of_person: bool = False
    is_day: bool = False

    def parse(self, typed: str) -> int | bool | str:
        """The code as the registry keeps it. ValueError when the fact cannot have that value."""
        if self.is_day:
            return date.fromisoformat(typed.strip()).isoformat()
        value = int(typed)
        if self.book is None:
            if not 0 <= value <= MOST:
                raise ValueError(typed)
            return value
        if value not in self.book:
            raise ValueError(typed)
        return bool(value) if self.book is _YES_OR_NO else value

    def say(self, code: Any) -> Any:
        if code is None or code == "":
            return codebook.UNKNOWN
        if self.is_day:
            return date_format(code if isinstance(code, date) else date.fromisoformat(code), "j F Y")
        if self.book is None:
            return str(code)
        return codebook.say(self.book, int(code))


_YES_OR_NO = {1: _("ya"), 0: _("tidak")}
_MARITAL = {1: _("belum kawin"), 2: _("kawin"), 3: _("cerai hidup"), 4: _("cerai mati")}

FACTS: dict[str, Fact] = {
    **{name: Fact(label, book) for name, (label, book) in codebook.HOUSING.items()},
    **{name: Fact(label, codebook.YES_NO) for name, label in codebook.ASSETS.items()},
    **{name: Fact(label, None) for name, label in codebook.LIVESTOCK.items()},
    "member_count": Fact(_("Jumlah anggota keluarga"), None),
    "birth_date": Fact(_("Tanggal lahir"), None, of_person=True, is_day=True),
    "marital_status": Fact(_("Status kawin"), _MARITAL, of_person=True),
    "relation": Fact(_("Hubungan keluarga"), codebook.RELATION, of_person=True),
    "school_participation": Fact(_("Sekolah"), codebook.SCHOOL, of_person=True),
    "has_disability": Fact(_("Disabilitas"), _YES_OR_NO, of_person=True),
}


def recorded(row: Any, name: str) -> Any:
    """What a row of the registry holds, None without a row, as JSON keeps it: a day is text."""
    value = getattr(row, name, None)
    return value.isoformat() if isinstance(value, date) else value
