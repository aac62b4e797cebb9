"""Evidence of a case for staff: looked at one by one, each look logged; brought in by those who check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bansos.common.uploads import Received
from objections import case_page, services
from objections.attachments import keeping
from objections.attachments.refused import FileRefused
from objections.enums import AttachmentKind, Scan
from objections.models import Attachment, Objection
from recipients.access import record_access
from recipients.enums import Access
from recipients.roles import SEE_REPORTER

ENDINGS = {
    "image/jpeg": "jpg",
    "audio/webm": "webm",
    "audio/mp4": "m4a",
    "audio/amr": "amr",
    "application/pdf": "pdf",
}
# No script, no form, no request may come from a file, whatever it turns out to be.
POLICY = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"


class EvidenceViews:
    """Mixed into the admin of objections."""

    admin_site: Any
    own_page: Any

    def evidence_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("bukti/<int:pk>/", wrap(self.evidence_view), name="objections_attachment"),
            path(
                "bukti/<int:pk>/asal/",
                wrap(require_POST(self.taken_view)),
                name="objections_attachment_taken",
            ),
            path(
                "<int:pk>/bukti/", wrap(require_POST(self.add_evidence)), name="objections_objection_evidence"
            ),
        ]

    def evidence_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        attachment = self._attachment(request, pk)
        if attachment.kind == AttachmentKind.VOICE:
            _protect_reporter(request, attachment)
        if attachment.scan in (Scan.WAITING, Scan.INFECTED):
            words = f"{attachment.get_kind_display()}: {attachment.get_scan_display()}."
            return HttpResponse(words, status=409, content_type="text/plain; charset=utf-8")
        _log(request, attachment)
        return _file(attachment)

    def taken_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """When and where a photo was taken, where the phone wrote it down."""
        attachment = self._attachment(request, pk)
        if not request.user.has_perm(services.CHECK):
            raise PermissionDenied(services.CHECK)
        _protect_reporter(request, attachment)
        _log(request, attachment, reason=_("waktu dan tempat foto"))
        return self.own_page(
            request,
            "objections/taken.html",
            title=_("Waktu dan tempat %s") % attachment,
            attachment=attachment,
            objection=attachment.objection,
            taken=keeping.taken(attachment),
        )

    def add_evidence(self, request: HttpRequest, pk: int) -> HttpResponse:
        objection = get_object_or_404(Objection.objects.visible_to(request.user), pk=pk)
        if not request.user.has_perm(services.CHECK):
            raise PermissionDenied(services.CHECK)
        file = request.FILES.get("file")
        if not isinstance(file, Received):
            messages.error(request, _("Pilih satu berkas."))
        else:
            try:
                added = _take(file, objection, request.user)
                messages.success(request, _("%s sudah ditambahkan.") % str(added).capitalize())
            except FileRefused as refused:
                messages.error(request, str(refused))
        return redirect("admin:objections_objection_change", objection.pk)

    def _attachment(self, request: HttpRequest, pk: int) -> Attachment:
        if not request.user.has_perm("objections.view_objection"):
            raise PermissionDenied
        rows = Attachment.objects.visible_to(request.user).filter(objection__isnull=False)
        return get_object_or_404(rows.select_related("objection__family"), pk=pk)


def _take(file: Received, objection: Objection, by: Any) -> Attachment:
    """PDF by its first bytes, else a photo: the name of a file says nothing."""
    if file.is_too_big:
        raise FileRefused(_("Berkas lebih dari 8 MB. Kirim yang lebih kecil."))
    if file.data.startswith(b"%PDF"):
        return keeping.take_paper(data=file.data, objection=objection, by=by, now=timezone.now())
    return keeping.take_photo(
        data=file.data, form_key=objection.form_key, objection=objection, by=by, now=timezone.now(),
        most=Attachment.MOST_OF_A_KIND,
    )  # fmt: skip


def _protect_reporter(request: HttpRequest, attachment: Attachment) -> None:
    """A voice, or where somebody stood with a phone, tells a neighbour who reported; what was seen stands in words."""
    assert attachment.objection
    if attachment.by_id is None and case_page.hides_reporter(attachment.objection, request.user):
        raise PermissionDenied(SEE_REPORTER)


def _log(request: HttpRequest, attachment: Attachment, reason: str = "") -> None:
    assert attachment.objection
    subject = f"{attachment.objection.reference} {attachment.kind}:{attachment.pk}"
    record_access(by=request.user, kind=Access.OPEN_OBJECTION, subject=subject, reason=reason)


def _file(attachment: Attachment) -> HttpResponse:
    assert attachment.objection
    try:
        data = keeping.content(attachment)
    except FileNotFoundError:
        raise Http404 from None
    ending = ENDINGS[attachment.media_type]
    name = f"{attachment.objection.receipt_no}-{attachment.kind.lower()}-{attachment.place}.{ending}"
    way = "attachment" if attachment.kind == AttachmentKind.PAPER else "inline"
    response = HttpResponse(data, content_type=attachment.media_type)
    response.headers["Content-Disposition"] = f'{way}; filename="{name}"'
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
