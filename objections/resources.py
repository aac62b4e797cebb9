"""Days off as a table that goes out and comes in, like the other small tables."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from import_export import fields
from import_export.widgets import DateWidget, Widget

from objections.models import Holiday
from recipients.resources import SmallTable

_WORDS = {"ya": True, "tidak": False}


class YesNo(Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        word = str(value or "").strip().lower()
        if word not in _WORDS:
            raise ValueError(_("Kolom libur berisi %s. Tulis ya atau tidak.") % (word or _("kosong")))
        return _WORDS[word]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "ya" if value else "tidak"


class Day(DateWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            day = super().clean(value, row, **kwargs)
        except ValueError:
            day = None
        if day is None:
            raise ValueError(_("Kolom hari berisi %s. Tulis tahun-bulan-hari, misalnya 2026-03-20.") % value)
        return day


class HolidayTable(SmallTable):
    day = fields.Field("day", column_name="hari", widget=Day("%Y-%m-%d"))
    name = fields.Field("name", column_name="nama")
    is_off = fields.Field("is_off", column_name="libur", widget=YesNo())
    decree = fields.Field("decree", column_name="dasar")

    class Meta:
        model = Holiday
        fields = ("day", "name", "is_off", "decree")
        import_id_fields = ("day",)
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True
