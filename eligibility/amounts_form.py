"""What a rule set pays, as a form: one amount for all, or one a component with a cap of persons; or nothing said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.rules.amounts import MOST_RUPIAH
from eligibility.wording import COMPONENTS
from eligibility.wording.amount_words import PERIODS

MOST_PERSONS = 20


class AmountsForm(forms.Form):
    """Has a cell for each component that the rule, or its amounts as they stand, name."""

    period = forms.ChoiceField(
        label=gettext_lazy("Dibayar"),
        choices=[("", gettext_lazy("jumlahnya tidak ditulis")), *PERIODS.items()],
        required=False,
    )
    basis = forms.CharField(label=gettext_lazy("Dasar jumlahnya"), max_length=300, required=False)
    flat = forms.IntegerField(
        label=gettext_lazy("Jumlah yang sama untuk semua (rupiah)"),
        min_value=1,
        max_value=MOST_RUPIAH,
        required=False,
    )
    most_persons = forms.IntegerField(
        label=gettext_lazy("Paling banyak berapa orang dihitung dalam satu keluarga"),
        min_value=1,
        max_value=MOST_PERSONS,
        required=False,
    )

    def __init__(self, parts: Mapping[str, Any], data: Any = None) -> None:
        """`parts`: the tables of the draft's text."""
        amounts = _dict(parts.get("amounts"))
        each = _dict(amounts.get("components"))
        initial = {**amounts, **{f"each_{name}": value for name, value in each.items()}}
        super().__init__(data, prefix="jumlah", initial=initial)
        self.components = list(dict.fromkeys([*_named(parts), *each]))
        for name in self.components:
            label = _("%s (rupiah seorang)") % capfirst(COMPONENTS.get(name, name))
            self.fields[f"each_{name}"] = forms.IntegerField(
                label=label, min_value=1, max_value=MOST_RUPIAH, required=False
            )
        if not self.components:
            del self.fields["most_persons"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors or not any(data.values()):
            return data
        if not data.get("period"):
            self.add_error("period", _("Pilih kapan dibayar, atau kosongkan semua jumlahnya."))
        if not data.get("basis"):
            self.add_error("basis", _("Tulis dasar hukum atau sumber jumlahnya."))
        each = self._each(data)
        if bool(data.get("flat")) == bool(each):
            self.add_error(
                "flat", _("Isi salah satu: jumlah yang sama untuk semua, atau jumlah tiap komponen.")
            )
        if each and not data.get("most_persons"):
            self.add_error("most_persons", _("Tulis paling banyak berapa orang, 1 sampai %d.") % MOST_PERSONS)
        return data

    def table(self) -> dict[str, Any]:
        """As a rule set keeps it; empty where nothing is said."""
        data = self.cleaned_data
        if not data.get("period"):
            return {}
        told = {name: data[name] for name in ("period", "basis")}
        each = self._each(data)
        return (
            {**told, "most_persons": data["most_persons"], "components": each}
            if each
            else {**told, "flat": data["flat"]}
        )

    def _each(self, data: Mapping[str, Any]) -> dict[str, int]:
        return {name: data[f"each_{name}"] for name in self.components if data.get(f"each_{name}")}


def _named(parts: Mapping[str, Any]) -> list[str]:
    """The components of the conditions, whatever a half-written text holds."""
    conditions = parts.get("conditions")
    rows = [_dict(row).get("components") for row in conditions] if isinstance(conditions, list) else []
    named = [_dict(one).get("name") for row in rows if isinstance(row, list) for one in row]
    return [name for name in named if isinstance(name, str)]


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
