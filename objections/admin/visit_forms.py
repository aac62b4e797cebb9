"""The forms of a visit: who goes when, and what was found, each question with what is recorded beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objections import services
from objections.enums import Conflict, NotMet, Reason
from recipients import codebook, proposable
from recipients.admin.proposal_forms import DAY_INPUT, NOTE, FactsForm, Part, field_of
from recipients.models import Family, WelfareSnapshot
from recipients.roles import named

# What a reason disputes: asked first, before the rest of the house.
DISPUTED: dict[str, tuple[str, ...]] = {
    Reason.POWER_NOT_OURS: ("power", "lighting_source"),
    Reason.PROPERTY_NOT_OURS: ("asset_car", "asset_motorcycle", "asset_other_land", "asset_other_house"),
    Reason.FAMILY_SIZE: ("member_count",),
    Reason.HOUSE: ("home_ownership", "floor_type", "wall_type", "roof_type", "floor_area"),
}
STRANGER = "none"
HOUSE = (*codebook.HOUSING, "member_count")
_POINT = re.compile(r"(-?\d{1,2}(?:\.\d{1,8})?)\s*,\s*(-?\d{1,3}(?:\.\d{1,8})?)")


class PlanForm(forms.Form):
    for_day = forms.DateField(
        label=gettext_lazy("Hari kunjungan"), widget=DAY_INPUT, input_formats=["%Y-%m-%d"]
    )
    visitor = forms.ChoiceField(label=gettext_lazy("Yang berkunjung"))

    def __init__(self, visitors: list[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["visitor"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(user.pk, named(user)) for user in visitors]


class VisitForm(FactsForm):
    """One visit. Required are what ties the visitor, what was found, and whom one met or why nobody."""

    tie = forms.ChoiceField(
        label=gettext_lazy("Apakah ini keluarga atau kerabat Anda?"),
        choices=[
            (STRANGER, gettext_lazy("Bukan keluarga, bukan kerabat")),
            (Conflict.KIN.value, gettext_lazy("Kerabat saya")),
            (Conflict.OWN.value, gettext_lazy("Keluarga saya sendiri")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih satu. Kerabat dikunjungi petugas lain.")},
    )
    met_whom = forms.CharField(label=gettext_lazy("Bertemu dengan siapa"), required=False, max_length=120)
    not_met = forms.ChoiceField(
        label=gettext_lazy("Bila tidak bertemu, mengapa"),
        required=False,
        choices=[("", gettext_lazy("bertemu")), *NotMet.choices],
    )
    witness = forms.CharField(
        label=gettext_lazy("Saksi (boleh kosong)"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Nama dan jabatan, misalnya: Inaq Sri, ketua RT 02"),
    )
    finding = forms.CharField(
        label=gettext_lazy("Yang Anda temukan"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Yang dilihat dan didengar, kalimat pendek. Tanpa NIK."),
        error_messages={"required": gettext_lazy("Tulis apa yang Anda temukan, dengan kalimat pendek.")},
    )
    place = forms.CharField(
        label=gettext_lazy("Tempat dari GPS (boleh kosong)"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Lintang, bujur. Misalnya: -8.6521, 116.5302. Disimpan tersegel."),
    )
    is_check_done = forms.BooleanField(
        label=gettext_lazy("Pengecekan selesai: kasus siap diputus"), required=False
    )

    def __init__(
        self,
        family: Family | None,
        snapshot: WelfareSnapshot | None,
        reasons: list[str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self._reasons = reasons
        if family is None:
            self.only = frozenset()
        super().__init__(family, snapshot, *args, **kwargs)
        del self.fields[NOTE]

    def field_for(self, fact: proposable.Fact, recorded: Any) -> forms.Field:
        same = None if recorded is None else int(recorded) if fact.book else recorded
        options = [
            (code, _("%s (seperti tercatat)") % words if code == same else words)
            for code, words in (fact.book or {}).items()
        ]
        return field_of(fact, recorded, [("", _("belum dilihat")), *options])

    def parts(self) -> Iterator[Part]:
        """What is disputed first, once; then the rest."""
        disputed = [name for reason in self._reasons for name in DISPUTED.get(reason, ())]
        asked = [f"{name}-0" for name in dict.fromkeys(disputed) if f"{name}-0" in self._facts]
        yield Part(_("Yang disanggah"), [self[key] for key in asked])
        for part in super().parts():
            yield Part(part.title, [field for field in part.fields if field.name not in asked])

    def clean_place(self) -> tuple[float, float] | None:
        typed = self.cleaned_data["place"].strip()
        if not typed:
            return None
        found = _POINT.fullmatch(typed)
        if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
            raise forms.ValidationError(
                _("Tulis dua angka dengan koma di antaranya, misalnya: -8.6521, 116.5302. Atau kosongkan.")
            )
        return float(found[1]), float(found[2])

    def report(self) -> services.Report:
        told = self.cleaned_data
        return services.Report(
            finding=told["finding"],
            tie="" if told["tie"] == STRANGER else told["tie"],
            not_met=told["not_met"],
            met_whom=told["met_whom"],
            witness=told["witness"],
            seen=[services.Seen(name, value, person) for name, value, person in self.filled()],
            place=told["place"],
        )
