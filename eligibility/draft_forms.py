"""A rule set as forms: its head, and one small form a condition. What they yield is the data of a rule set file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.amounts_form import AmountsForm
from eligibility.draft_choices import LINES, AnyOf, cells_of, component_words
from eligibility.models import RuleSet
from eligibility.rules.facts import NAMES
from eligibility.rules.parse import KINDS
from eligibility.rules.writing import write_document
from eligibility.services.drafts import LONGEST_TEXT, PROGRAMME_KEYS
from eligibility.wording import code_words, rule_words
from recipients.enums import FlagKind, Unit
from recipients.models import Programme

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_BLANK = [("", "-")]
_OF_KINDS = ("flags", "enrolled", "by_hand")  # asked for by kinds of their own
MOST_BYTES = 4 * LONGEST_TEXT
_HEAD = ("version", "effective_from", "effective_to", "legal_basis", "to_be_confirmed")


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=_DAY, input_formats=["%Y-%m-%d"], **more)


class StartForm(forms.Form):
    """Begin with a version that there is, or with a text."""

    rule_set = forms.ModelChoiceField(
        label=gettext_lazy("Salin dari aturan"),
        queryset=RuleSet.objects.select_related("programme"),
        required=False,
    )
    text = forms.CharField(
        label=gettext_lazy("Atau tempel teks aturan (TOML)"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        max_length=LONGEST_TEXT,
        required=False,
    )
    file = forms.FileField(label=gettext_lazy("Atau pilih berkas .toml"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        if data.get("file"):
            data["text"] = self._read(data["file"])
        if bool(data.get("rule_set")) == bool((data.get("text") or "").strip()):
            raise forms.ValidationError(_("Isi satu saja: aturan yang disalin, teks, atau berkas."))
        return data

    def _read(self, file: Any) -> str:
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("Berkas aturan terlalu besar. Paling besar 80 KB."))
        try:
            return str(file.read().decode("utf-8"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("Berkas ini bukan teks UTF-8. Simpan ulang sebagai teks.")
            ) from None


class HeadForm(forms.Form):
    code = forms.CharField(label=gettext_lazy("Kode program"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Nama program"), max_length=80)
    unit = forms.ChoiceField(label=gettext_lazy("Untuk"), choices=Unit.choices)
    owner = forms.CharField(label=gettext_lazy("Pemilik program"), max_length=80)
    is_local = forms.BooleanField(
        label=gettext_lazy("Milik kabupaten atau desa (daerah yang memutuskan penerimanya)"), required=False
    )
    version = forms.IntegerField(label=gettext_lazy("Versi"), min_value=1, max_value=999)
    effective_from = _day(gettext_lazy("Berlaku sejak"))
    effective_to = _day(gettext_lazy("Berlaku sampai (boleh kosong)"), required=False)
    legal_basis = forms.CharField(label=gettext_lazy("Dasar hukum"), max_length=500)
    to_be_confirmed = forms.CharField(
        label=gettext_lazy("Masih perlu dipastikan (boleh kosong)"), max_length=500, required=False
    )

    def tables(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "programme": {name: data[name] for name in PROGRAMME_KEYS},
            "rule_set": {name: data[name] or None for name in _HEAD},
        }


class ConditionForm(forms.Form):
    """One condition; cells of another kind are left out, and what does not fit is told by the check."""

    code = forms.ChoiceField(
        label=gettext_lazy("Alasan yang dibaca warga"), choices=[*_BLANK, *code_words.CODE_WORDS.items()]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis syarat"),
        choices=[*_BLANK, *((name, rule_words.KINDS[name]) for name in KINDS)],
    )
    fact = forms.ChoiceField(
        label=gettext_lazy("Data"),
        choices=[*_BLANK, *((name, rule_words.FACTS[name]) for name in NAMES if name not in _OF_KINDS)],
        required=False,
    )
    limit = forms.IntegerField(label=gettext_lazy("Batas"), min_value=0, required=False)
    values = forms.CharField(label=gettext_lazy("Nilai yang boleh, dipisah koma"), required=False)
    age = forms.IntegerField(label=gettext_lazy("Umur (tahun)"), min_value=0, max_value=150, required=False)
    age_to = forms.IntegerField(
        label=gettext_lazy("Sampai umur (tahun)"), min_value=0, max_value=150, required=False
    )
    codes = forms.CharField(label=gettext_lazy("Kode menurut buku kode, dipisah koma"), required=False)
    subject = forms.ChoiceField(
        label=gettext_lazy("Mengenai"), choices=[*_BLANK, *rule_words.SUBJECTS.items()], required=False
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Jika tidak dipenuhi"),
        choices=[("", gettext_lazy("biasa untuk jenis ini")), *rule_words.SEVERITIES.items()],
        required=False,
    )
    kinds = AnyOf(label=gettext_lazy("Tanda yang menghalangi"), required=False)
    programmes = AnyOf(label=gettext_lazy("Program"), required=False)
    components = AnyOf(label=gettext_lazy("Salah satu dari anggota ini"), required=False)

    def __init__(self, *args: Any, programmes: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: dict[str, Iterable[tuple[str, Any]]] = {
            "kinds": FlagKind.choices,
            "programmes": programmes,
            "components": [(line, component_words(line)) for line in LINES],
        }
        for name, listed in lists.items():
            field = self.fields[name]
            assert isinstance(field, AnyOf)
            field.offer(self.initial.get(name) or (), listed)

    def row(self) -> dict[str, Any]:
        data = self.cleaned_data
        row = {name: data[name] for name in cells_of(data["kind"], data["fact"])}
        row |= {name: _numbers(row[name]) for name in ("values", "codes") if name in row}
        if "components" in row:
            row["components"] = [_component(line) for line in row["components"]]
        told = {name: value for name, value in row.items() if value not in (None, "", [])}
        return {"code": data["code"], "kind": data["kind"], **told}


class _Conditions(forms.BaseFormSet):
    @cached_property
    def programmes(self) -> list[tuple[str, str]]:
        return list(Programme.objects.values_list("code", "name"))

    def get_form_kwargs(self, index: Any) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "programmes": self.programmes}

    def rows(self, programme: str) -> list[dict[str, Any]]:
        """What the district may decide by hand is this programme, whatever it is called now."""
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        own = {"programme": programme}
        return [{**form.row(), **(own if form.cleaned_data["kind"] == "by_hand" else {})} for form in kept]


ConditionFormSet = forms.formset_factory(
    ConditionForm, formset=_Conditions, extra=1, max_num=30, absolute_max=30, can_delete=True
)


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _numbers(text: str) -> list[Any]:
    """Numbers where they are; what is none stays as it was typed, for the check to tell."""
    return [int(word) if word.isascii() and word.isdecimal() else word for word in _words(text)]


def _component(line: str) -> dict[str, Any]:
    name, fact, *rest = [*line.replace(",", " ").split(), "", ""][:2] + line.replace(",", " ").split()[2:]
    row: dict[str, Any] = {"name": name, "fact": fact}
    takes = NAMES[fact].takes if fact in NAMES else ()
    values = _numbers(" ".join(rest))
    if values and takes:
        row |= dict(zip(takes, values, strict=False)) if "age" in takes else {takes[0]: values}
    return row


def parts_of(text: str) -> dict[str, Any]:
    """The tables of a text as they stand; nothing where it is no TOML at all."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def initial_of(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the forms show of a text: the head, and the conditions."""
    data = parts_of(text)
    head = {**_dict(data.get("programme")), **_dict(data.get("rule_set"))}
    rows = data.get("conditions")
    return head, [_shown(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(row)
    for name in ("values", "codes"):
        if isinstance(row.get(name), list):
            shown[name] = ", ".join(map(str, row[name]))
    for name in ("kinds", "programmes", "components"):
        value = row.get(name)
        told = value if isinstance(value, list) else [] if value is None else [value]
        shown[name] = [_component_line(one) if name == "components" else str(one) for one in told]
    return shown


def _component_line(part: Any) -> str:
    part = _dict(part)
    ages = [part[name] for name in ("age", "age_to") if name in part]
    value = ages or part.get("codes", "")
    told = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"{part.get('name', '')} {part.get('fact', '')} {told}".strip()


def written(head: HeadForm, amounts: AmountsForm, conditions: Any) -> str:
    """The text of the filled forms."""
    return write_document(
        {
            **head.tables(),
            "amounts": amounts.table(),
            "conditions": conditions.rows(head.cleaned_data["code"]),
        }
    )
