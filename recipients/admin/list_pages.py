"""The browser's way of a list: upload, match columns once, look at what it would do, let a second person approve."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from bansos.common import csvout, password_again
from bansos.common.vault import VaultError
from recipients import list_page, list_receipt_files, receipt_paper, services
from recipients.access import record_access
from recipients.admin.sheet_pages import ticked
from recipients.enums import Access, ListKind, ListState
from recipients.importing.lists import remainder
from recipients.importing.readers import FileRefused
from recipients.importing.uploads import SealingUploadHandler
from recipients.models import ListDelivery, Programme
from recipients.roles import APPROVE, UPLOAD
from recipients.services import lists


class ListUploadForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Jenis daftar"), choices=ListKind.choices)
    file = forms.FileField(
        label=gettext_lazy("Berkas"),
        help_text=gettext_lazy("CSV, Excel, ODS, atau ZIP berisi itu; paling besar 2 GB"),
    )
    source = forms.CharField(
        label=gettext_lazy("Sumber"),
        max_length=80,
        help_text=gettext_lazy("Misalnya Dukcapil. Cara membaca kolomnya diingat untuk bulan berikut."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    as_of = forms.DateField(
        label=gettext_lazy("Tanggal daftar"),
        help_text=gettext_lazy("Tertulis di surat pengantar"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    programme = forms.ChoiceField(
        label=gettext_lazy("Program"),
        required=False,
        help_text=gettext_lazy("Isi bila program tidak tertulis di berkas"),
    )
    period = forms.CharField(
        label=gettext_lazy("Tahap"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Untuk pembayaran, bila tahap tidak tertulis di berkas. Misalnya 2026-Q1"),
    )
    is_complete = forms.BooleanField(
        label=gettext_lazy("Daftar ini lengkap: yang tidak tercantum berhenti menerima"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in Programme.objects.values_list("name", flat=True)]
        self.fields["programme"].choices = [("", gettext_lazy("Tertulis di berkas")), *names]


class ListPages:
    """Pages beside the register of lists; mixed into its ModelAdmin."""

    admin_site: Any
    own_page: Any

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("unggah/", wrap(self.upload_view), name="recipients_list_upload"),
            path("<int:pk>/kolom/", wrap(self.map_view), name="recipients_list_map"),
            path("<int:pk>/lembar/", wrap(self.sheets_view), name="recipients_list_sheets"),
            path("<int:pk>/setujui/", wrap(self.approve_view), name="recipients_list_approve"),
            path("<int:pk>/tolak/", wrap(self.withdraw_view), name="recipients_list_withdraw"),
            path("<int:pk>/ulangi/", wrap(self.retry_view), name="recipients_list_retry"),
            path("<int:pk>/tanda-terima/", wrap(self.receipt_view), name="recipients_list_receipt"),
            path("<int:pk>/belum-terpakai/", wrap(self.remainder_view), name="recipients_list_remainder"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def _need(self, request: HttpRequest, *permissions: str) -> None:
        if not any(request.user.has_perm(permission) for permission in permissions):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        return self.own_page(request, f"admin/recipients/lists/{name}.html", **context)

    @method_decorator(csrf_exempt)
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """The handler must be in place before anybody, CSRF protection included, reads the body."""
        self._need(request, UPLOAD)
        handler = SealingUploadHandler(request, fields=("file",))
        request.upload_handlers = [handler]
        try:
            return self._protected_upload(request)
        finally:
            services.keep_only_owned(handler.stored)

    @method_decorator(csrf_protect)
    def _protected_upload(self, request: HttpRequest) -> HttpResponse:
        form = ListUploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            try:
                delivery = lists.receive_list(
                    kind=data["kind"],
                    stored=data["file"].stored,
                    source=data["source"],
                    as_of=data["as_of"],
                    by=request.user,  # type: ignore[arg-type]
                    today=timezone.localdate(),
                    is_complete=data["is_complete"],
                    fixed={"programme": data["programme"], "period": data["period"]},
                )
                return redirect("admin:recipients_listdelivery_change", delivery.pk)
            except lists.ListRefused as refusal:
                form.add_error(None, str(refusal))
        sources = ListDelivery.objects.order_by("source").values_list("source", flat=True).distinct()
        return self._page(request, "upload", title=_("Unggah daftar"), form=form, sources=list(sources[:50]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One page from upload to receipt; while something moves it looks again by itself."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        if not object_id.isascii() or not object_id.isdecimal() or len(object_id) > 9:
            raise Http404
        found = ListDelivery.objects.select_related("received_by", "approved_by", "mapping")
        delivery = get_object_or_404(found, pk=int(object_id))
        return self._page(request, "page", **list_page.page_of(delivery, request.user))

    def map_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, UPLOAD)
        delivery = get_object_or_404(ListDelivery, pk=pk)
        if delivery.state not in (ListState.MAPPING, ListState.PREVIEWED):
            return redirect("admin:recipients_listdelivery_change", pk)
        refusal = ""
        if request.method == "POST":
            columns, fixed = _said(request, "kolom_"), _said(request, "tetap_")
            try:
                lists.map_list(delivery=delivery, columns=columns, fixed=fixed, by=request.user)  # type: ignore[arg-type]
                return redirect("admin:recipients_listdelivery_change", pk)
            except lists.ListRefused as refused:
                refusal = str(refused)
        chosen = _said(request, "kolom_") if request.method == "POST" else None
        context = list_page.mapping_of(delivery, chosen)
        return self._page(request, "map", **context, refusal=refusal, delivery=delivery)

    @method_decorator(require_POST)
    def sheets_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, UPLOAD)
        return self._step(
            request,
            pk,
            lambda found: lists.choose_sheets(
                delivery=found,
                sheets=ticked(request),
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            ),
        )

    @method_decorator(require_POST)
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, APPROVE)
        accepts = request.POST.get("accepts_gone") == "1"
        return self._step(
            request,
            pk,
            lambda found: lists.approve_list(
                delivery=found,
                by=request.user,
                now=timezone.now(),
                accepts_gone=accepts,
                seen=request.POST.get("seen", ""),
            ),
        )

    @method_decorator(require_POST)
    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, APPROVE, UPLOAD)
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:500]
        if not reason:
            messages.error(request, _("Tulis alasan menolak daftar ini."))
            return redirect("admin:recipients_listdelivery_change", pk)
        return self._step(request, pk, lambda found: lists.withdraw_list(delivery=found, reason=reason))

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._need(request, APPROVE, UPLOAD)
        return self._step(request, pk, lambda found: lists.retry_list(delivery=found))

    def _step(self, request: HttpRequest, pk: int, step: Any) -> HttpResponse:
        try:
            step(get_object_or_404(ListDelivery, pk=pk))
        except lists.ListRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:recipients_listdelivery_change", pk)

    def receipt_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        found = ListDelivery.objects.select_related("received_by", "approved_by", "mapping__made_by")
        delivery = get_object_or_404(found, pk=pk)
        return receipt_paper.answer(
            list_receipt_files.parts(delivery),
            title=_("Tanda terima daftar %d") % pk,
            name=f"tanda-terima-daftar-{pk}",
            as_csv=request.GET.get("bentuk") == "csv",
        )

    @method_decorator(require_POST)
    @password_again.needed
    def remainder_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rows that were not used, in their own columns with the reason at the end: to be mended and sent."""
        self._need(request, UPLOAD)
        delivery = get_object_or_404(ListDelivery, pk=pk)
        reason = request.POST.get("reason", "").strip()
        if len(reason) < 5:
            messages.error(request, _("Ketik alasan mengunduh daftar ini, paling sedikit 5 huruf."))
            return redirect("admin:recipients_listdelivery_change", pk)
        record_access(
            by=request.user,
            kind=Access.EXPORT,
            subject=_("baris belum terpakai, daftar nomor %d") % pk,
            reason=reason,
            rows=delivery.rows.values("line").distinct().count(),
        )
        header = [*delivery.header, _("sebab")]
        try:
            return csvout.answer(f"belum-terpakai-{pk}.csv", header, remainder.rows(delivery))
        except (FileRefused, VaultError, OSError):
            messages.error(request, _("Berkas asli daftar ini tidak bisa dibuka lagi."))
            return redirect("admin:recipients_listdelivery_change", pk)


def _said(request: HttpRequest, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value.replace("\x00", "")
        for name, value in request.POST.items()
        if name.startswith(prefix) and value
    }
