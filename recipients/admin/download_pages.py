"""What is taken from a delivery: its refused rows, and its receipt. Mixed into the ModelAdmin of deliveries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bansos.common import csvout, password_again, xlsxout
from bansos.common.vault import VaultError
from recipients import receipt_files, receipt_paper, services
from recipients.access import record_access
from recipients.enums import Access, FileKind
from recipients.importing import refused
from recipients.importing.readers import FileRefused
from recipients.models import ImportBatch
from recipients.roles import UPLOAD


class DownloadPages:
    admin_site: Any
    need: Any

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/baris-ditolak/", wrap(self.refused_view), name="recipients_import_refused"),
            path("<int:pk>/tanda-terima/", wrap(self.receipt_view), name="recipients_import_receipt"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    @method_decorator(require_POST)
    @password_again.needed
    def refused_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Whole rows with their numbers, for who must mend them: a reason, the log, then the file."""
        self.need(request, UPLOAD)
        batch = get_object_or_404(ImportBatch, pk=pk)
        reason = request.POST.get("reason", "").replace("\x00", "").strip()
        kind = FileKind.MEMBER if request.POST.get("file") == FileKind.MEMBER else FileKind.FAMILY
        if len(reason) < services.SHORTEST_REASON:
            messages.error(request, _("Ketik alasan mengunduh baris ini, paling sedikit 5 huruf."))
            return redirect("admin:recipients_importbatch_change", pk)
        try:
            header = refused.header_of(batch, kind)
        except (FileRefused, VaultError, OSError):
            messages.error(request, _("Berkas asli kiriman ini tidak bisa dibuka lagi."))
            return redirect("admin:recipients_importbatch_change", pk)
        rows = batch.refused_rows.filter(file=kind).values("line").distinct().count()
        is_book = request.POST.get("bentuk") == "xlsx"
        if is_book and rows > xlsxout.MOST_ROWS:
            messages.error(request, _("Lebih dari %d baris: unduh sebagai CSV.") % xlsxout.MOST_ROWS)
            return redirect("admin:recipients_importbatch_change", pk)
        subject = _("baris ditolak, kiriman %d") % pk
        record_access(by=request.user, kind=Access.EXPORT, subject=subject, reason=reason, rows=rows)
        name, found = f"ditolak-{batch.pk}-{kind.lower()}", refused.rows_of(batch, kind)
        if is_book:
            return xlsxout.answer(f"{name}.xlsx", header, found)
        return csvout.answer(f"{name}.csv", header, found)

    def receipt_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise Http404
        batch = get_object_or_404(ImportBatch.objects.select_related("received_by"), pk=pk)
        return receipt_paper.answer(
            receipt_files.parts(batch),
            title=_("Tanda terima kiriman data pusat %d") % pk,
            name=f"tanda-terima-{pk}",
            as_csv=request.GET.get("bentuk") == "csv",
        )
