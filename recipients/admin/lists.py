"""Lists of other offices: their stage and counts, and every row that was not used until somebody has seen to it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import ReadOnlyAdmin, address_of
from recipients.admin.list_pages import ListPages
from recipients.importing.lists.issues import label
from recipients.models import ListDelivery, ListRow
from recipients.roles import UPLOAD
from recipients.services import lists

MOST_CODES = 60


@admin.register(ListDelivery)
class ListDeliveryAdmin(ListPages, ReadOnlyAdmin):
    list_display = (
        "what",
        "source",
        "as_of",
        "stage",
        "used",
        "unused",
        "received_at",
        "received_by",
        "approved_by",
    )
    list_display_links = ("what",)
    list_filter = ("kind", "state", "source")
    list_select_related = ("received_by", "approved_by")
    sortable_by = ("as_of", "received_at")
    change_list_template = "admin/recipients/lists/list.html"

    @admin.display(description=gettext_lazy("daftar"))
    def what(self, delivery: ListDelivery) -> str:
        return delivery.get_kind_display()

    @admin.display(description=gettext_lazy("tahap"))
    def stage(self, delivery: ListDelivery) -> str:
        return format_html(
            '<span class="mark {}">{}</span>', delivery.state.lower(), delivery.get_state_display()
        )

    @admin.display(description=gettext_lazy("dipakai"))
    def used(self, delivery: ListDelivery) -> Any:
        return delivery.counts.get("used")

    @admin.display(description=gettext_lazy("belum terpakai"))
    def unused(self, delivery: ListDelivery) -> Any:
        if "rows" not in delivery.counts:
            return None
        return delivery.counts["refused"] + delivery.counts["work"]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        upload = address_of("admin:recipients_list_upload") if request.user.has_perm(UPLOAD) else ""
        context = {"title": _("Daftar yang dikirim"), "upload_url": upload}
        return super().changelist_view(request, {**context, **(extra_context or {})})


class ListCodeFilter(admin.SimpleListFilter):
    title = gettext_lazy("jenis")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        codes = ListRow.objects.order_by("code").values_list("code", flat=True).distinct()[:MOST_CODES]
        return [(code, label(code)) for code in codes]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(code=self.value()) if self.value() else queryset


class WorkFilter(admin.SimpleListFilter):
    """Rows of lists that were not withdrawn; what waits for a person first."""

    title = gettext_lazy("pekerjaan")
    parameter_name = "kerja"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("belum", gettext_lazy("perlu ditangani")),
            ("sudah", gettext_lazy("sudah ditangani")),
            ("ditolak", gettext_lazy("isi salah tulis")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        wanted = {
            "belum": {"is_work": True, "settled_at": None},
            "sudah": {"settled_at__isnull": False},
            "ditolak": {"is_work": False},
        }.get(self.value() or "")
        return queryset.filter(**wanted) if wanted else queryset


@admin.register(ListRow)
class ListRowAdmin(ReadOnlyAdmin):
    list_display = ("line", "why", "name", "value", "village", "delivery", "settled_note")
    list_filter = (WorkFilter, ListCodeFilter, ("delivery", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("delivery", "village")
    ordering = ("-delivery", "line")
    sortable_by = ("line",)

    @admin.display(description=gettext_lazy("jenis"))
    def why(self, row: ListRow) -> str:
        return label(row.code)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.settle_view))
        return [path("<int:pk>/selesai/", view, name="recipients_listrow_settle"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(
            request, {"title": _("Baris daftar yang belum terpakai"), **(extra_context or {})}
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return self.own_page(
            request,
            "admin/recipients/lists/row.html",
            title=str(row),
            row=row,
            why=label(row.code),
            may_settle=row.is_work and row.settled_at is None and request.user.has_perm(UPLOAD),
        )

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(UPLOAD):
            raise PermissionDenied
        row = get_object_or_404(ListRow, pk=pk)
        try:
            lists.settle_row(row=row, by=request.user, now=timezone.now(), note=request.POST.get("note", ""))
        except lists.ListRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("admin:recipients_listrow_change", pk)
        messages.success(request, _("Baris %d sudah ditandai selesai.") % row.line)
        return redirect(
            f"{address_of('admin:recipients_listrow_changelist')}?kerja=belum&delivery__id__exact={row.delivery_id}"
        )
