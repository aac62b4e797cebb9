"""The form of a proposal: every fact with what is recorded beside it; what is left alone is not proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recipients import codebook, proposable, services
from recipients.enums import Basis
from recipients.models import Family, FamilyMembership, WelfareSnapshot
from recipients.services import Change

DAY_INPUT = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NOTE = "note"
PAPER = ("basis", "basis_ref", "basis_on")


@dataclass(frozen=True)
class Part:
    """One group of the form: a title and its bound fields; open when something in it is filled in or wrong."""

    title: Any
    fields: list[Any]

    @property
    def is_open(self) -> bool:
        return any(field.value() not in (None, "") or field.errors for field in self.fields)


class PaperForm(forms.Form):
    """The paper a proposal stands on."""

    basis = forms.ChoiceField(label=gettext_lazy("Dasar usulan"), choices=Basis.choices)
    basis_ref = forms.CharField(
        label=gettext_lazy("Nomor surat dasar"),
        max_length=80,
        error_messages={
            "required": gettext_lazy("Tulis nomor surat dasar. Tanpa itu pusat tidak memproses.")
        },
    )
    basis_on = forms.DateField(
        label=gettext_lazy("Tanggal surat dasar"), widget=DAY_INPUT, input_formats=["%Y-%m-%d"]
    )


class FactsForm(forms.Form):
    """Built for one family: a field per fact of the family and per fact of each member."""

    only: frozenset[str] = frozenset(proposable.FACTS)

    note = forms.CharField(
        label=gettext_lazy("Keterangan"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Apa yang dilihat, misalnya: lantai dapur dan kamar masih tanah"),
    )

    def __init__(
        self, family: Family | None, snapshot: WelfareSnapshot | None, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        members = FamilyMembership.objects.standing().filter(family=family).order_by("relation")
        self._members = list(members) if family else []
        self._facts: dict[str, tuple[str, int | None]] = {}
        for name, fact in proposable.FACTS.items():
            if name not in self.only:
                continue
            for row in self._members if fact.of_person else [snapshot]:
                person = row.person_id if isinstance(row, FamilyMembership) else None
                key = f"{name}-{person or 0}"
                self._facts[key] = (name, person)
                self.fields[key] = self.field_for(fact, getattr(row, name, None))

    def field_for(self, fact: proposable.Fact, recorded: Any) -> forms.Field:
        """What is recorded is not offered: only what differs can be proposed."""
        return _field(fact, recorded)

    def head(self) -> list[Any]:
        return [self[name] for name in (*PAPER, NOTE) if name in self.fields]

    def parts(self) -> Iterator[Part]:
        for title, names in (
            (_("Rumah"), (*codebook.HOUSING, "member_count")),
            (_("Barang dan tanah"), codebook.ASSETS),
            (_("Ternak"), codebook.LIVESTOCK),
        ):
            yield Part(title, [self[f"{name}-0"] for name in names if f"{name}-0" in self._facts])
        for member in self._members:
            own = [key for key, (_name, person) in self._facts.items() if person == member.person_id]
            yield Part(member.name, [self[key] for key in own])

    def filled(self) -> Iterator[tuple[str, str, int | None]]:
        """Field, value and person of what was filled in; the rest stays as recorded."""
        for key, (name, person) in self._facts.items():
            if self.cleaned_data.get(key) not in ("", None):
                yield name, _typed(self.cleaned_data[key]), person

    def changes(self) -> list[Change]:
        note = self.cleaned_data[NOTE]
        return [Change(name, value, person, note) for name, value, person in self.filled()]


class ProposalForm(PaperForm, FactsForm):
    """Facts with the paper they stand on."""


class CorrectionForm(FactsForm):
    """What our own import misread; the note says how that is known."""

    only = services.CORRECTABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[NOTE].required = True
        self.fields[NOTE].label = _("Apa yang salah dibaca, dan dari mana data yang benar diketahui")
        self.fields[NOTE].help_text = ""


def _typed(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _field(fact: proposable.Fact, recorded: Any) -> forms.Field:
    options = [(code, words) for code, words in (fact.book or {}).items() if code != recorded]
    return field_of(fact, recorded, [("", _("tetap seperti tercatat")), *options])


def field_of(fact: proposable.Fact, recorded: Any, options: list[tuple[Any, Any]]) -> forms.Field:
    """The field of one fact with what is recorded beside it; `options` where it takes codes."""
    told = _("Tercatat: %s") % fact.say(recorded)
    common: dict[str, Any] = {"label": fact.label, "required": False, "help_text": told}
    if fact.is_day:
        return forms.DateField(widget=DAY_INPUT, input_formats=["%Y-%m-%d"], **common)
    if fact.book is None:
        return forms.IntegerField(min_value=0, max_value=proposable.MOST, **common)
    return forms.ChoiceField(choices=options, **common)


class KeyedForm(forms.Form):
    on = forms.DateField(label=gettext_lazy("Diketik tanggal"), widget=DAY_INPUT, input_formats=["%Y-%m-%d"])
    reference = forms.CharField(label=gettext_lazy("Nomor dari SIKS-NG"), max_length=60)
