"""Refused rows of one kind, mended in the browser. Mixed into the ModelAdmin of deliveries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recipients import fix_page, services
from recipients.access import record_access
from recipients.enums import Access, FileKind, FixKind
from recipients.importing.issues import CODE_LABELS
from recipients.models import ImportBatch, ImportFix
from recipients.roles import UPLOAD
from recipients.services.fixes import Typed

LONGEST_CELL = 220


class FixPages:
    admin_site: Any
    own_page: Any
    need: Any
    step: Any

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/perbaiki/", wrap(self.fix_view), name="recipients_import_fix"),
            path("<int:pk>/cabut-perbaikan/", wrap(self.withdraw_fix_view), name="recipients_import_unfix"),
            path("<int:pk>/periksa-ulang/", wrap(self.check_again_view), name="recipients_import_recheck"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def fix_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Everybody who sees deliveries sees the rows, masked; who uploads may mend them."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        batch = get_object_or_404(ImportBatch, pk=pk)
        asked = request.POST if request.method == "POST" else request.GET
        file, code = _file(asked.get("berkas")), asked.get("jenis", "")
        is_revealed = False
        if request.method == "POST":
            self.need(request, UPLOAD)
            if asked.get("aksi") == "lihat":
                is_revealed = self._reveal(request, batch, file, code)
            elif self._fix(request, batch, file, code):
                return redirect(_address(batch, file, code, asked.get("hal", "")))
        return self._page(request, batch, file, code, is_revealed=is_revealed)

    def _page(
        self, request: HttpRequest, batch: ImportBatch, file: FileKind, code: str, *, is_revealed: bool
    ) -> HttpResponse:
        if code not in CODE_LABELS:
            code = fix_page.commonest(batch, file)
        may_fix = request.user.has_perm(UPLOAD) and fix_page.is_open(batch)
        asked = request.POST if request.method == "POST" else request.GET
        context = fix_page.rows_page(
            batch, file, code, page=asked.get("hal"), is_revealed=is_revealed, typed=_typed(request)
        )
        return self.own_page(request, "admin/recipients/importbatch/fix.html", **context, may_fix=may_fix)

    def _reveal(self, request: HttpRequest, batch: ImportBatch, file: FileKind, code: str) -> bool:
        reason = _reason(request)
        if len(reason) < services.SHORTEST_REASON:
            messages.error(request, _("Ketik alasan melihat isi lengkap, paling sedikit 5 huruf."))
            return False
        rows = fix_page.rows_shown(batch, file, code, request.POST.get("hal"))
        subject = _("baris ditolak, kiriman %d") % batch.pk
        record_access(by=request.user, kind=Access.REVEAL, subject=subject, reason=reason, rows=rows)
        return True

    def _fix(self, request: HttpRequest, batch: ImportBatch, file: FileKind, code: str) -> bool:
        who = {"by": request.user, "now": timezone.now(), "reason": _reason(request)}
        alike = {"batch": batch, "file": file, "code": code, **who}
        try:
            match request.POST.get("aksi"):
                case "isi":
                    services.fix_cells(cells=_cells(request), **alike)
                case "sama":
                    services.map_alike(contents=_contents(request), **alike)
                case "kosong":
                    column = request.POST.get("kolom", "")
                    services.fix_alike(kind=FixKind.BLANK, column=column, **alike)
                case "tukar":
                    services.fix_alike(kind=FixKind.SWAP, **alike)
                case "catatan":
                    services.accept_refusals(**alike)
                case _:
                    raise services.FixRefused(_("Pilih satu perbaikan."))
        except services.ImportRefused as refusal:
            messages.error(request, str(refusal))
            return False
        messages.success(request, _("Perbaikan disimpan."))
        return True

    @method_decorator(require_POST)
    def withdraw_fix_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, UPLOAD)
        number = request.POST.get("perbaikan", "")
        known = number.isascii() and number.isdecimal() and len(number) < 16

        def withdraw(batch: ImportBatch) -> None:
            fix = ImportFix.objects.filter(batch=batch, pk=int(number)).first() if known else None
            if fix is None:
                raise services.FixRefused(_("Perbaikan itu tidak ada."))
            services.withdraw_fix(fix=fix, by=request.user, now=timezone.now())  # type: ignore[arg-type]

        return self.step(request, pk, withdraw)

    @method_decorator(require_POST)
    def check_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, UPLOAD)
        return self.step(
            request,
            pk,
            lambda batch: services.check_again(batch=batch, by=request.user, now=timezone.now()),
        )


def _file(text: str | None) -> FileKind:
    return FileKind.MEMBER if text == FileKind.MEMBER else FileKind.FAMILY


def _address(batch: ImportBatch, file: FileKind, code: str, page: str) -> str:
    query = {"berkas": file.value, "jenis": code}
    if page.isascii() and page.isdecimal():
        query["hal"] = page
    return f"{reverse('admin:recipients_import_fix', args=[batch.pk])}?{urlencode(query)}"


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\x00", "").strip()[:300]


def _cells(request: HttpRequest) -> list[Typed]:
    """Filled boxes only: `isi:<line>:<column>`, and ticks `tinggal:<line>` that leave a row out."""
    found = []
    for name, value in request.POST.items():
        kind, _colon, rest = name.partition(":")
        line, _colon, column = rest.partition(":")
        if kind not in ("isi", "tinggal") or not (line.isascii() and line.isdecimal() and len(line) < 10):
            continue
        text = str(value).replace("\x00", "").strip()[:LONGEST_CELL]
        if kind == "tinggal":
            found.append(Typed(int(line), ""))
        elif text:
            found.append(Typed(int(line), column, text))
    return found


def _contents(request: HttpRequest) -> list[tuple[str, str, str]]:
    """Column, content and what it becomes: three fields a row; those left open are not sent on."""
    columns, written, values = (request.POST.getlist(name) for name in ("kolom", "tertulis", "menjadi"))
    found = zip(columns, written, values, strict=False)
    return [
        (column, content, text[:LONGEST_CELL])
        for column, content, value in found
        if (text := value.replace("\x00", "").strip())
    ]


def _typed(request: HttpRequest) -> dict[str, str]:
    """What stood in the boxes when a fix was refused, so that nothing is typed twice."""
    match request.POST.get("aksi"):
        case "isi":
            found = request.POST.items()
            return {name: str(value) for name, value in found if name.startswith(("isi:", "reason"))}
        case "sama":
            return {f"sama:{column}:{written}": value for column, written, value in _contents(request)}
    return {}
