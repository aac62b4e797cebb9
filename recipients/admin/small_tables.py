"""One page for a small reference table: take it out, change it in a spreadsheet, see what would change, put it in."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from bansos.common import csvout
from bansos.common.admin import OwnPages, ReadOnlyAdmin
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import DecileCeiling
from recipients.resources import CeilingTable, SmallTable, TableRefused, problems, read_table

LARGEST, HOLDS_S, MOST_SHOWN = 1_000_000, 1800, 50


class SmallTablePage(OwnPages):
    """Mixed into a ModelAdmin; `table` says what goes in and out, `table_permission` who may put it in."""

    table: type[SmallTable]
    table_permission = ""
    change_list_template = "admin/components/small_table_list.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.table_view)
        return [path("tabel/", view, name=self._name()), *super().get_urls()]  # type: ignore[misc]

    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_table"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        table = {"table_url": f"admin:{self._name()}", "may_put_in": self._may_put_in(request)}
        context = {"title": title, **table, **(extra_context or {})}
        return super().changelist_view(request, context)  # type: ignore[misc]

    def table_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        step = request.POST.get("langkah", "") if request.method == "POST" else ""
        if step == "unduh":
            return self._take_out(request)
        context: dict[str, Any] = {}
        if step in ("periksa", "terapkan"):
            if not self._may_put_in(request):
                raise PermissionDenied
            context, is_done = self._put_in(request, step)
            if is_done:
                return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return self.own_page(
            request,
            "admin/components/small_table.html",
            title=_("Tabel %s") % self.opts.verbose_name,
            columns=[field.column_name for field in self.table().get_export_fields()],
            may_put_in=self._may_put_in(request),
            **context,
        )

    def _may_put_in(self, request: HttpRequest) -> bool:
        return bool(self.table_permission) and request.user.has_perm(self.table_permission)

    def _take_out(self, request: HttpRequest) -> HttpResponse:
        rows = self.get_queryset(request).order_by("pk")  # type: ignore[attr-defined]  # the user's own area
        made = self.table().export(rows)
        record_access(
            by=request.user, kind=Access.EXPORT, subject=str(self.opts.verbose_name_plural), rows=len(made)
        )
        return csvout.answer(f"{self.opts.model_name}.csv", made.headers or [], made)

    def _put_in(self, request: HttpRequest, step: str) -> tuple[dict[str, Any], bool]:
        """First what would change; then, from the same signed text, the change itself."""
        resource = self.table()
        try:
            text = self._text(request, step)
            table = read_table(text, resource)
            tried = resource.import_data(table, dry_run=True, raise_errors=False)
            wrong = problems(tried)
            if wrong:
                return {"wrong": wrong[:MOST_SHOWN], "all_wrong": len(wrong)}, False
            if step == "periksa":
                totals = tried.totals
                return {"totals": totals, "signed": signing.dumps([self._name(), text], compress=True)}, False
            done = resource.import_data(table, dry_run=False, raise_errors=True)
        except TableRefused as refusal:
            return {"refusal": str(refusal)}, False
        told = _("%(new)d baru, %(update)d berubah, %(skip)d tetap") % done.totals
        self._note(request, told)
        messages.success(request, told)
        return {}, True

    def _text(self, request: HttpRequest, step: str) -> str:
        if step == "terapkan":
            try:
                name, text = signing.loads(request.POST.get("isi", ""), max_age=HOLDS_S)
            except signing.BadSignature:
                name, text = "", ""
            if name != self._name():
                raise TableRefused(_("Pemeriksaan ini sudah lewat 30 menit. Unggah lagi berkasnya."))
            return str(text)
        file = request.FILES.get("berkas")
        if file is None or file.size is None or file.size > LARGEST:
            raise TableRefused(_("Pilih berkas CSV, paling besar 1 MB."))
        try:
            return io.TextIOWrapper(file, "utf-8-sig", newline="").read().replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise TableRefused(
                _("Huruf di berkas ini tidak terbaca. Simpan ulang sebagai CSV UTF-8.")
            ) from None

    def _note(self, request: HttpRequest, told: str) -> None:
        LogEntry.objects.create(
            user_id=request.user.pk,
            content_type=ContentType.objects.get_for_model(self.table._meta.model),
            object_repr=str(self.opts.verbose_name_plural),
            action_flag=CHANGE,
            change_message=told,
        )


@admin.register(DecileCeiling)
class DecileCeilingAdmin(SmallTablePage, ReadOnlyAdmin):
    list_display = ("programme", "ceiling", "effective_from", "effective_to")
    list_select_related = ("programme",)
    list_display_links = None
    ordering = ("programme", "effective_from")
    table = CeilingTable
