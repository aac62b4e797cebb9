"""What a programme pays, and the estimate for a family, in words: never a promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.rules.amounts import Estimate
from eligibility.wording.registry_words import COMPONENTS

PERIODS = {
    "MONTH": gettext_lazy("sebulan"),
    "QUARTER": gettext_lazy("tiap tiga bulan"),
    "YEAR": gettext_lazy("setahun"),
    "ONCE": gettext_lazy("sekali"),
}


def rupiah(amount: int) -> str:
    return f"Rp{number_format(amount, use_l10n=True, force_grouping=True)}"


_STEPS = (
    (10**12, gettext_lazy("triliun")),
    (10**9, gettext_lazy("miliar")),
    (10**6, gettext_lazy("juta")),
)


def about_rupiah(amount: int) -> str:
    """A big sum as people say it: Rp1,5 miliar."""
    for step, word in _STEPS:
        if abs(amount) >= step:
            return (
                f"Rp{number_format(amount / step, decimal_pos=1, use_l10n=True, force_grouping=True)} {word}"
            )
    return rupiah(amount)


def signed(text: str, amount: int) -> str:
    """The words of an amount that is more, or less, than another."""
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{text}"


def amounts_in_words(amounts: Mapping[str, Any]) -> list[str]:
    """The settings of a rule set, a line an amount; none where it says none."""
    if not amounts:
        return []
    period = str(PERIODS[amounts["period"]])
    if "flat" in amounts:
        lines = [f"{rupiah(amounts['flat'])} {period}."]
    else:
        lines = [
            f"{capfirst(COMPONENTS.get(name, name))}: {rupiah(each)} {period}."
            for name, each in amounts["components"].items()
        ]
        lines.append(_("Paling banyak %s orang dalam satu keluarga.") % amounts["most_persons"])
    return [*lines, _("Dasar: %s.") % amounts["basis"]]


def estimate_in_words(estimate: Estimate) -> str:
    """What it would come to, of what, and that it is only an estimate."""
    values = {"total": rupiah(estimate.total), "period": PERIODS[estimate.period], "basis": estimate.basis}
    parts = ", ".join(
        f"{line.count} {COMPONENTS.get(line.component, line.component)} × {rupiah(line.each)}"
        for line in estimate.lines
        if line.component
    )
    said = _("Perkiraan jika terdaftar: %(total)s %(period)s.") % values
    if parts:
        said += " " + _("Hitungannya: %(parts)s, paling banyak %(most)s orang.") % {
            "parts": parts,
            "most": estimate.most_persons,
        }
    return f"{said} {_('Dasar: %(basis)s. Ini perkiraan, bukan janji.') % values}"
