"""Deliveries of the centre: their stage and counts, and every refused row. Uploading and approving are own views."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.admin import ReadOnlyAdmin, address_of
from recipients.admin.delivery_families import DeliveryFamilyPages
from recipients.admin.import_pages import ImportPages
from recipients.importing.issues import CODE_LABELS
from recipients.models import ImportBatch, ImportRow
from recipients.roles import UPLOAD


@admin.register(ImportBatch)
class ImportBatchAdmin(DeliveryFamilyPages, ImportPages, ReadOnlyAdmin):
    list_display = (
        "release_label",
        "as_of",
        "stage",
        "accepted",
        "refused",
        "received_at",
        "received_by",
        "approved_by",
    )
    list_filter = ("state",)
    list_select_related = ("received_by", "approved_by")
    sortable_by = ("as_of", "received_at")
    change_list_template = "admin/recipients/importbatch/list.html"

    @admin.display(description=gettext_lazy("tahap"))
    def stage(self, batch: ImportBatch) -> str:
        return format_html('<span class="mark {}">{}</span>', batch.state.lower(), batch.get_state_display())

    @admin.display(description=gettext_lazy("dipakai"))
    def accepted(self, batch: ImportBatch) -> Any:
        return batch.counts.get("accepted")

    @admin.display(description=gettext_lazy("ditolak"))
    def refused(self, batch: ImportBatch) -> Any:
        return batch.counts.get("refused")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        upload = address_of("admin:recipients_import_upload") if request.user.has_perm(UPLOAD) else ""
        context = {"title": _("Kiriman data pusat"), "upload_url": upload}
        return super().changelist_view(request, {**context, **(extra_context or {})})


class CodeFilter(admin.SimpleListFilter):
    """The kinds of error of the chosen delivery."""

    title = gettext_lazy("jenis kesalahan")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = ImportRow.objects.all()
        batch = request.GET.get("batch__id__exact", "")
        if batch.isascii() and batch.isdecimal() and len(batch) < 10:
            rows = rows.filter(batch=int(batch))
        codes = rows.order_by("code").values_list("code", flat=True).distinct()[:60]
        return [(code, CODE_LABELS.get(code, code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(code=self.value()) if self.value() else queryset


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    list_display = ("line", "file", "column", "value", "message", "delivery")
    list_display_links = None
    list_filter = (("batch", admin.RelatedOnlyFieldListFilter), "file", CodeFilter)
    list_select_related = ("batch",)
    ordering = ("batch", "file", "line")
    sortable_by = ("line",)
    fields = readonly_fields = ("delivery", "file", "line", "column", "kind_of_error", "value", "message")

    @admin.display(description=gettext_lazy("kiriman"))
    def delivery(self, row: ImportRow) -> str:
        return str(row.batch)

    @admin.display(description=gettext_lazy("jenis kesalahan"))
    def kind_of_error(self, row: ImportRow) -> Any:
        return CODE_LABELS.get(row.code, row.code)
