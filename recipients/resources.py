"""Small reference tables by django-import-export, never the registry: BPS codes and aliases, quotas, areas of staff.

What goes out is neutralised by bansos.common.csvout, as on every export (django-import-export strips one `=` only).
"""

from __future__ import annotations

from typing import Any

import tablib
from django.contrib.auth.models import User
from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.results import Result
from import_export.widgets import ForeignKeyWidget, Widget

from bansos.common import csvout
from recipients.models import DecileCeiling, Programme, Quota, Region, StaffArea, Tolerance

MOST_ROWS = 5000


class TableRefused(ValueError):
    """The table cannot be read; the message says why, in Indonesian."""


class ByKey(ForeignKeyWidget):
    """A reference by its own code; an unknown one is named."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = str(value or "").strip()
        try:
            return super().clean(text, row, **kwargs)
        except self.model.DoesNotExist:
            raise ValueError(_("%s belum dikenal. Cek ejaannya.") % text) from None


class Aliases(Widget):
    """Other names of a region, apart by `|`."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        return [part.strip() for part in str(value or "").split("|") if part.strip()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "|".join(value or ())


class SmallTable(resources.ModelResource):
    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> str:
        return csvout.neutral(super().export_field(field, instance, **kwargs))


class RegionTable(SmallTable):
    """Names and codes of Kemendagri are facts of a decree; here come the codes of BPS and other spellings only."""

    code = fields.Field("code", column_name="kode")
    name = fields.Field("name", column_name="nama", readonly=True)
    bps_code = fields.Field("bps_code", column_name="kode_bps")
    aliases = fields.Field("aliases", column_name="nama_lain", widget=Aliases())

    class Meta:
        model = Region
        fields = ("code", "name", "bps_code", "aliases")
        import_id_fields = ("code",)
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        row["kode_bps"] = str(row.get("kode_bps") or "").strip() or None

    def init_instance(self, row: Any = None) -> Any:
        raise TableRefused(
            _("Kode %s belum dikenal. Wilayah baru datang dari keputusan Kemendagri.") % row["kode"]
        )


class QuotaTable(SmallTable):
    programme = fields.Field("programme", column_name="program", widget=ByKey(Programme, "code"))
    region = fields.Field("region", column_name="kode_wilayah", widget=ByKey(Region, "code"))
    period = fields.Field("period", column_name="tahap")
    amount = fields.Field("amount", column_name="jumlah")

    class Meta:
        model = Quota
        fields = import_order = ("programme", "region", "period", "amount")
        import_id_fields = ("programme", "region", "period")
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True


class StaffAreaTable(SmallTable):
    user = fields.Field("user", column_name="login", widget=ByKey(User, "username"))
    region = fields.Field("region", column_name="kode_wilayah", widget=ByKey(Region, "code"))

    class Meta:
        model = StaffArea
        fields = ("user", "region")
        import_id_fields = ("user", "region")
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True


class CeilingTable(SmallTable):
    """Limits come with the rule sets, so this one only goes out."""

    programme = fields.Field("programme__code", column_name="program")
    ceiling = fields.Field("ceiling", column_name="desil_tertinggi")
    effective_from = fields.Field("effective_from", column_name="berlaku_dari")
    effective_to = fields.Field("effective_to", column_name="berlaku_sampai")

    class Meta:
        model = DecileCeiling
        fields = ("programme", "ceiling", "effective_from", "effective_to")


class ToleranceTable(SmallTable):
    """One row a limit, known by its code; no limit is added or taken away by a table."""

    code = fields.Field("code", column_name="kode")
    meaning = fields.Field("get_code_display", column_name="batas", readonly=True)
    value = fields.Field("value", column_name="nilai")
    basis = fields.Field("basis", column_name="dasar")

    class Meta:
        model = Tolerance
        fields = ("code", "meaning", "value", "basis")
        import_id_fields = ("code",)
        skip_unchanged = report_skipped = clean_model_instances = use_transactions = True

    def init_instance(self, row: Any = None) -> Any:
        raise TableRefused(_("Kode %s belum dikenal. Unduh dulu tabelnya sebagai contoh.") % row["kode"])


def read_table(text: str, resource: SmallTable) -> tablib.Dataset:
    """CSV with this table's own headers, apart by comma or semicolon."""
    head = text.split("\n", 1)[0]
    try:
        table = tablib.Dataset().load(
            text, format="csv", delimiter=";" if head.count(";") > head.count(",") else ","
        )
    except Exception:
        raise TableRefused(
            _("Berkas ini bukan CSV yang bisa dibaca. Simpan ulang sebagai CSV UTF-8.")
        ) from None
    wanted = [field.column_name for field in resource.get_import_fields() if not field.readonly]
    lacking = [name for name in wanted if name not in (table.headers or [])]
    if lacking:
        raise TableRefused(
            _("Kolom ini tidak ada: %s. Unduh dulu tabelnya sebagai contoh.") % ", ".join(lacking)
        )
    if not 0 < len(table) <= MOST_ROWS:
        raise TableRefused(
            _("Tabel berisi %(n)d baris. Paling sedikit 1, paling banyak %(most)d.")
            % {"n": len(table), "most": MOST_ROWS}
        )
    return table


def problems(result: Result) -> list[tuple[int, str]]:
    """Line and message of every row that cannot be used; the header is line 1."""
    found = [(number + 1, str(error.error)) for number, errors in result.row_errors() for error in errors]
    for row in result.invalid_rows:
        found += [(row.number + 1, f"{name}: {' '.join(texts)}") for name, texts in row.error_dict.items()]
    return sorted(found)
