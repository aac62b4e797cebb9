"""The downloaded refused rows come back mended. Mixed into the ModelAdmin of deliveries."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from recipients import services
from recipients.enums import FileKind
from recipients.importing.uploads import SealedUpload, SealingUploadHandler
from recipients.models import ImportBatch
from recipients.roles import UPLOAD


class MendedPages:
    admin_site: Any
    need: Any
    step: Any

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/berkas-perbaikan/", wrap(self.mended_view), name="recipients_import_mended"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    @method_decorator(csrf_exempt)
    def mended_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The handler must be in place before anybody, CSRF protection included, reads the body."""
        self.need(request, UPLOAD)
        handler = SealingUploadHandler(request, fields=("mended",))
        request.upload_handlers = [handler]
        try:
            return self._protected_mended(request, pk)
        finally:
            services.keep_only_owned(handler.stored)

    @method_decorator(require_POST)
    @method_decorator(csrf_protect)
    def _protected_mended(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload = request.FILES.get("mended")
        file = FileKind.MEMBER if request.POST.get("file") == FileKind.MEMBER else FileKind.FAMILY
        reason = request.POST.get("reason", "").replace("\x00", "").strip()[:300]

        def mend(batch: ImportBatch) -> None:
            if not isinstance(upload, SealedUpload):
                raise services.FixRefused(_("Pilih berkas perbaikan."))
            fix, ignored = services.fix_from_file(
                batch=batch,
                file=file,
                stored=upload.stored,
                reason=reason,
                by=request.user,  # type: ignore[arg-type]
                now=timezone.now(),
            )
            messages.success(
                request, _("%d baris diperbaiki dari berkas. Periksa ulang kiriman ini.") % fix.rows
            )
            if ignored:
                messages.warning(
                    request, _("%d isi lain yang berubah tidak dipakai, karena tidak ditolak.") % ignored
                )

        return self.step(request, pk, mend)
