"""What a person may try out: a version, a draft, another decile limit, or the rules of another day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.models import RuleSet
from eligibility.rules.facts import RuleError
from eligibility.services import simulating
from eligibility.services.simulating import Compared, Side
from recipients.models import Programme

NOW = "now"
DAY = "j F Y"


def _day_field(label: Any, help_text: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )


class TrialForm(forms.Form):
    """Fill one way of saying what is tried; `compared` are the sides that follow."""

    programme = forms.ModelChoiceField(
        label=gettext_lazy("Program"),
        queryset=Programme.objects.all(),
        required=False,
        empty_label=gettext_lazy("semua program"),
    )
    before = forms.ChoiceField(label=gettext_lazy("Aturan pembanding"), required=False)
    decile = forms.IntegerField(
        label=gettext_lazy("Coba batas desil lain"),
        help_text=gettext_lazy(
            "Aturan yang sama, hanya batas desilnya diganti. Contoh: 5 berarti desil 1 sampai 5."
        ),
        min_value=1,
        max_value=10,
        required=False,
    )
    after = forms.ChoiceField(label=gettext_lazy("Atau coba versi aturan"), required=False)
    after_day = _day_field(
        gettext_lazy("Atau coba aturan yang berlaku pada tanggal"),
        gettext_lazy("Untuk satu program atau semua program sekaligus."),
    )
    document = forms.CharField(
        label=gettext_lazy("Atau tempel rancangan aturan (teks TOML)"),
        help_text=gettext_lazy("Program yang belum ada pun bisa dicoba. Pilihan program boleh dikosongkan."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        max_length=20_000,
        required=False,
    )
    as_of = _day_field(
        gettext_lazy("Keadaan keluarga pada tanggal"),
        gettext_lazy("Umur anggota dan data pusat dibaca untuk tanggal ini."),
        required=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = RuleSet.objects.select_related("programme")
        versions = [(str(rule.pk), _named(rule)) for rule in rules]
        self._offer("before", [(NOW, _("yang berlaku pada tanggal itu")), *versions])
        self._offer("after", [("", "-"), *versions])
        self.fields["as_of"].initial = timezone.localdate

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        ways = [name for name in ("decile", "after", "after_day", "document") if data.get(name)]
        if len(ways) != 1:
            raise forms.ValidationError(_("Isi satu cara saja: batas desil, versi, tanggal, atau rancangan."))
        try:
            data["compared"] = self._compared(data)
        except RuleError as error:
            raise forms.ValidationError(_("Aturan ini belum bisa dicoba: %s") % error) from None
        return data

    def _compared(self, data: dict[str, Any]) -> list[Compared]:
        programme = data["programme"]
        if programme is None and data["after"]:
            programme = RuleSet.objects.select_related("programme").get(pk=data["after"]).programme
        if programme is None and data["document"]:
            programme = simulating.programme_of(_("rancangan"), data["document"])
        if programme is None and not data["after_day"]:
            raise forms.ValidationError(_("Pilih satu program dulu."))
        programmes = [programme] if programme else list(Programme.objects.all())
        return [Compared.of(one, self._before(one, data), self._after(one, data)) for one in programmes]

    def _before(self, programme: Programme, data: dict[str, Any]) -> Side:
        if data["before"] in ("", NOW):
            return simulating.in_force(programme, data["as_of"])
        return self._version(programme, data["before"])

    def _after(self, programme: Programme, data: dict[str, Any]) -> Side:
        if data["after"]:
            return self._version(programme, data["after"])
        if data["after_day"]:
            return simulating.in_force(programme, data["after_day"])
        if data["document"]:
            return simulating.of_document(programme, _("rancangan"), data["document"])
        base = self._before(programme, data)
        try:
            return simulating.with_decile_limit(base, data["decile"])
        except RuleError:
            raise forms.ValidationError(
                _("Batas desil %(limit)d sudah berlaku di %(name)s, atau aturan itu tidak memakai desil.")
                % {"limit": data["decile"], "name": base.name}
            ) from None

    def _version(self, programme: Programme, pk: str) -> Side:
        rule = RuleSet.objects.select_related("programme").get(pk=pk)
        if rule.programme_id != programme.pk:
            raise forms.ValidationError(
                _("%(rule)s bukan aturan %(name)s. Pilih versi dari program yang sama.")
                % {"rule": rule, "name": programme.name}
            )
        return simulating.of_rule_set(rule)


def _named(rule: RuleSet) -> str:
    starts = date_format(rule.effective_from, DAY)
    if rule.effective_to is None:
        return _("%(rule)s (sejak %(starts)s)") % {"rule": rule, "starts": starts}
    ends = date_format(rule.effective_to, DAY)
    return _("%(rule)s (%(starts)s sampai %(ends)s)") % {"rule": rule, "starts": starts, "ends": ends}
