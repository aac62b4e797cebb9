"""The browser's way of an import: upload, watch, look at what it would do, let a second person approve."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from bansos.common.stages import marked, under_way
from recipients import code_book_page, fix_page, refusals, services
from recipients.admin import delivery_facts, delivery_impact
from recipients.admin.download_pages import DownloadPages
from recipients.admin.fix_pages import FixPages
from recipients.admin.mended_pages import MendedPages
from recipients.admin.publish_pages import PublishPages, publishing_of
from recipients.admin.sheet_pages import SheetPages
from recipients.enums import BatchState
from recipients.importing.uploads import SealingUploadHandler
from recipients.models import ImportBatch, RegistryRelease
from recipients.models.code_books import OURS
from recipients.receipt import COUNT_LABELS, receipt
from recipients.roles import APPROVE, UPLOAD

MOVING = (
    BatchState.RECEIVED,
    BatchState.VALIDATED,
    BatchState.APPROVED,
    BatchState.RELEASING,
    BatchState.UNDOING,
    BatchState.APPLIED,
)
UNREAD = (BatchState.RECEIVED, BatchState.VALIDATED)
SHOWN_AS = {BatchState.RELEASING: BatchState.WITHHELD, BatchState.UNDOING: BatchState.WITHHELD}
STAGES = (
    (BatchState.RECEIVED, gettext_lazy("Masuk")),
    (BatchState.VALIDATED, gettext_lazy("Diperiksa")),
    (BatchState.PREVIEWED, gettext_lazy("Pratinjau")),
    (BatchState.APPROVED, gettext_lazy("Disetujui")),
    (BatchState.WITHHELD, gettext_lazy("Diterapkan")),
    (BatchState.APPLIED, gettext_lazy("Terbit")),
    (BatchState.DECIDED, gettext_lazy("Diputus")),
)


class UploadForm(forms.Form):
    label = forms.CharField(
        label=gettext_lazy("Rilis"),
        help_text=gettext_lazy("Tahun dan triwulan, misalnya 2026-Q1"),
        max_length=7,
        validators=[RegexValidator(r"\A20[0-9]{2}-Q[1-4]\Z", gettext_lazy("Tulis seperti 2026-Q1"))],
    )
    as_of = forms.DateField(
        label=gettext_lazy("Tanggal data"),
        help_text=gettext_lazy("Tertulis di surat pengantar dari pusat"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
    )
    code_book = forms.ChoiceField(
        label=gettext_lazy("Buku kode"),
        help_text=gettext_lazy("Arti angka di kolom rumah dan barang. Berkas dari DTSEN memakai buku DTSEN"),
        choices=code_book_page.choices,
        initial=OURS,
        required=False,
    )
    family = forms.FileField(
        label=gettext_lazy("Berkas keluarga"),
        help_text=gettext_lazy("CSV, Excel, ODS, atau ZIP berisi itu; paling besar 2 GB"),
    )
    member = forms.FileField(
        label=gettext_lazy("Berkas anggota"),
        required=False,
        help_text=gettext_lazy("Boleh menyusul di rilis berikut"),
    )


class ImportPages(FixPages, SheetPages, MendedPages, PublishPages, DownloadPages):
    """Pages beside the list of deliveries; mixed into its ModelAdmin."""

    admin_site: Any
    own_page: Any

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("unggah/", wrap(self.upload_view), name="recipients_import_upload"),
            path("<int:pk>/setujui/", wrap(self.approve_view), name="recipients_import_approve"),
            path("<int:pk>/hentikan/", wrap(self.withdraw_view), name="recipients_import_withdraw"),
            path("<int:pk>/ulangi/", wrap(self.retry_view), name="recipients_import_retry"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def need(self, request: HttpRequest, *permissions: str) -> None:
        """One of these is enough."""
        if not any(request.user.has_perm(permission) for permission in permissions):
            raise PermissionDenied

    @method_decorator(csrf_exempt)
    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """The handler must be in place before anybody, CSRF protection included, reads the body."""
        self.need(request, UPLOAD)
        handler = SealingUploadHandler(request, fields=("family", "member"))
        request.upload_handlers = [handler]
        try:
            return self._protected_upload(request)
        finally:
            services.keep_only_owned(handler.stored)

    @method_decorator(csrf_protect)
    def _protected_upload(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST":
            batch = self._receive(request, form) if form.is_valid() else None
            if batch:
                return redirect("admin:recipients_importbatch_change", batch.pk)
        return self.own_page(
            request,
            "admin/recipients/importbatch/upload.html",
            title=_("Unggah data pusat"),
            form=form,
            newest=RegistryRelease.objects.first(),
        )

    def _receive(self, request: HttpRequest, form: UploadForm) -> ImportBatch | None:
        data = form.cleaned_data
        try:
            return services.receive_file(
                family=data["family"].stored,
                member=data["member"].stored if data["member"] else None,
                label=data["label"],
                as_of=data["as_of"],
                code_book=data["code_book"] or OURS,
                by=request.user,  # type: ignore[arg-type]
                today=timezone.localdate(),
            )
        except services.ImportRefused as refusal:
            form.add_error(None, str(refusal))
            return None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One page from upload to receipt; while something moves it looks again by itself."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        if not object_id.isascii() or not object_id.isdecimal() or len(object_id) > 9:
            raise Http404
        batch = get_object_or_404(
            ImportBatch.objects.select_related("received_by", "approved_by", "release", "undo_asked_by"),
            pk=int(object_id),
        )
        panels = self.admin_site.import_panels(request, batch)
        return self.own_page(
            request,
            "admin/recipients/importbatch/page.html",
            **page_of(batch, request.user),
            panels=panels,
        )

    @method_decorator(require_POST)
    def approve_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, APPROVE)
        return self.step(
            request,
            pk,
            lambda batch: services.approve_import(
                batch=batch,
                by=request.user,
                now=timezone.now(),
                withhold=True,
                answers=_answers(request),
                seen=request.POST.get("seen", ""),
            ),
        )

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A page of its own: the delivery's page looks again by itself while a step is under way."""
        self.need(request, APPROVE, UPLOAD)
        if request.method != "POST":
            batch = get_object_or_404(ImportBatch, pk=pk)
            return self.own_page(
                request,
                "admin/recipients/importbatch/stop.html",
                title=_("Hentikan rilis %s") % batch.release_label,
                batch=batch,
                is_stoppable=batch.state in services.STOPPABLE,
            )
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:500]
        if not reason:
            messages.error(request, _("Tulis alasan menghentikan kiriman ini."))
            return redirect("admin:recipients_import_withdraw", pk)
        return self.step(
            request,
            pk,
            lambda batch: services.withdraw_import(
                batch=batch, by=request.user, reason=reason, now=timezone.now()
            ),
        )

    @method_decorator(require_POST)
    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, APPROVE, UPLOAD)
        return self.step(request, pk, lambda batch: services.retry_import(batch=batch))

    def step(self, request: HttpRequest, pk: int, step: Any) -> HttpResponse:
        try:
            step(get_object_or_404(ImportBatch, pk=pk))
        except services.ImportRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("admin:recipients_importbatch_change", pk)


def _answers(request: HttpRequest) -> dict[int, str]:
    """The reason of every guard that was ticked."""
    ticked = [value for value in request.POST.getlist("guard") if value.isascii() and value.isdecimal()]
    return {int(pk): request.POST.get(f"why-{pk}", "").replace("\x00", "") for pk in ticked if len(pk) < 19}


def page_of(batch: ImportBatch, user: Any) -> dict[str, Any]:
    """Everything the page of one delivery shows."""
    told = receipt(batch)
    shown = SHOWN_AS.get(BatchState(batch.state), BatchState(batch.state))
    may_act = user.has_perm(APPROVE) or user.has_perm(UPLOAD)
    is_previewed = batch.state == BatchState.PREVIEWED
    return {
        "title": _("Rilis %s") % batch.release_label,
        "batch": batch,
        "stages": marked(STAGES, shown, is_over=batch.state == BatchState.DECIDED),
        "job": under_way(services.job_of(batch)),
        "is_moving": batch.state in MOVING,
        "counts": _counts(told),
        "histogram": _histogram(batch),
        "may_approve": is_previewed
        and user.has_perm(APPROVE)
        and batch.received_by_id != user.pk
        and not services.has_unchecked_fixes(batch),
        "is_own": is_previewed and user.has_perm(APPROVE) and batch.received_by_id == user.pk,
        "may_withdraw": may_act and batch.state in services.STOPPABLE,
        "may_retry": may_act and services.stopped_job(batch) is not None,
        "guards": batch.guards.unanswered(),
        "answered": batch.guards.exclude(answered_at=None).select_related("answered_by"),
        "workbooks": delivery_facts.workbooks(batch),
        "may_choose": is_previewed and user.has_perm(UPLOAD),
        "choose_url": reverse("admin:recipients_import_sheets", args=[batch.pk]),
        "recognised": delivery_facts.recognised(batch),
        "other_release": delivery_facts.release_in_name(batch),
        "impact": delivery_impact.impact(batch),
        "quality": delivery_facts.quality(batch),
        "seconds": told["stage_seconds"],
        "refusals": refusals.of_batch(batch),
        "may_take_refused": user.has_perm(UPLOAD),
        "has_receipt": batch.state not in UNREAD,
        **publishing_of(batch, user),
        **fix_page.fixing_of(batch, user),
    }


def _counts(told: dict[str, Any]) -> list[list[tuple[Any, Any]]]:
    """Two columns: families of the file, and what moves and the members."""
    names = list(COUNT_LABELS)
    parts = (names[: names.index("decile_up")], names[names.index("decile_up") :])
    found = [[(COUNT_LABELS[name], told[name]) for name in part if name in told] for part in parts]
    return [part for part in found if part]


def _histogram(batch: ImportBatch) -> list[dict[str, Any]]:
    """Families by decile before and after; unranked last. `most` scales both bars of every row alike."""
    if not batch.preview:
        return []
    before, after = batch.preview["before"], batch.preview["after"]
    most = max([*before.values(), *after.values(), 1])
    keys = [*(str(decile) for decile in range(1, 11)), "0"]
    return [
        {
            "decile": int(key),
            "before": before.get(key, 0),
            "after": after.get(key, 0),
            "change": after.get(key, 0) - before.get(key, 0),
            "most": most,
        }
        for key in keys
    ]
