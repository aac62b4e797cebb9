"""Days off and helpers by village as tables that go out and come in, like the other small tables."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from import_export import fields
from import_export.widgets import DateWidget, Widget

from objections.enums import HelpRole
from objections.models import Holiday, VillageHelp
from recipients.models import Region
from recipients.resources import ByKey, SmallTable

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


class HelpRoleWord(Widget):
    """The word people read, not the code."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        codes = {str(label).lower(): code for code, label in HelpRole.choices}
        word = str(value or "").strip()
        if word.lower() not in codes:
            words = ", ".join(str(label) for label in HelpRole.labels)
            raise ValueError(
                _("Kolom tugas berisi %(word)s. Tulis salah satu: %(words)s.")
                % {"word": word or _("kosong"), "words": words}
            )
        return codes[word.lower()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(dict(HelpRole.choices).get(value, ""))


class VillageHelpTable(SmallTable):
    region = fields.Field("region", column_name="kode_wilayah", widget=ByKey(Region, "code"))
    role = fields.Field("role", column_name="tugas", widget=HelpRoleWord())
    name = fields.Field("name", column_name="nama")
    hours = fields.Field("hours", column_name="jam")
    office_phone = fields.Field("office_phone", column_name="telepon_kantor")
    note = fields.Field("note", column_name="keterangan")
    place = fields.Field("place", column_name="urutan")

    class Meta:
        model = VillageHelp
        fields = import_order = ("region", "role", "name", "hours", "office_phone", "note", "place")
        import_id_fields = ("region", "role", "name")
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True
