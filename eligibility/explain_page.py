"""Why, for one family: each programme's conditions in a chain, on one day or on two days side by side."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility import services
from recipients.addressing import STAFF
from recipients.family_page import standing_snapshot
from recipients.models import ExternalFlag, Family


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class DaysForm(forms.Form):
    tanggal = _day(gettext_lazy("Keadaan pada tanggal"))
    banding = _day(gettext_lazy("Bandingkan dengan tanggal (boleh kosong)"))


def of_family(family: Family, form: DaysForm, today: date) -> dict[str, Any]:
    """Everything the page shows; a day that cannot be read is told and today is shown."""
    days = form.cleaned_data if form.is_valid() else {}
    day, other = days.get("tanggal") or today, days.get("banding")
    snapshot = standing_snapshot(family)
    found = services.explain(family=family, as_of=day, reader=STAFF)
    versus = services.explain(family=family, as_of=other, reader=STAFF) if other else None
    earlier, later = sorted([versus, found], key=lambda each: each.as_of) if versus else (None, found)
    pairs = services.compare_days(earlier, later) if earlier else []
    return {
        "title": _("Penjelasan: %s") % (snapshot.head_name if snapshot else family),
        "family": family,
        "form": form,
        "found": found,
        "earlier": earlier,
        "later": later,
        "pairs": [pair for pair in pairs if not pair.is_same],
        "same": sum(pair.is_same for pair in pairs),
        "flags": ExternalFlag.objects.filter(family=family, observed_on__lte=day),
    }
