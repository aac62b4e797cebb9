"""The letter of a case: read before it goes out, as page and as PDF, and sent once more by a person's word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from objections import case_page, letter_page, services
from objections.admin import papers
from objections.models import Objection
from objections.paper import sheets
from recipients.access import record_access
from recipients.enums import Access
from recipients.roles import PRINT_LETTER


class CaseLetterPages:
    """Mixed into the admin of objections."""

    admin_site: Any
    own_page: Any

    def case_letter_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/surat/", wrap(self.letter_view), name="objections_objection_letter"),
            path(
                "<int:pk>/surat/kirim/",
                wrap(require_POST(self.post_letter_view)),
                name="objections_objection_postletter",
            ),
        ]

    def letter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """As it would go out now; by POST with an answer that is not saved yet, which belongs in no address."""
        objection = self._printable(request, pk)
        record_access(
            by=request.user,
            kind=Access.OPEN_OBJECTION,
            family=case_page.visible_family(objection, request.user),
            subject=objection.reference,
            reason=_("melihat surat"),
        )
        typed = {
            name: request.POST.get(name, "").replace("\x00", "")[:4000] for name in ("outcome", "answer")
        }
        letter = letter_page.preview(objection, request.user, timezone.now(), **typed)
        if letter is None:
            messages.error(request, _("Belum ada surat untuk tahap ini. Pilih dulu hasilnya."))
            return redirect("admin:objections_objection_change", pk)
        if "pdf" in request.POST:
            return papers.answer(sheets.pdf([letter]), f"contoh-surat-{objection}.pdf")
        return self.own_page(
            request,
            "objections/case_letter.html",
            title=_("Surat untuk %s") % objection.receipt_no,
            objection=objection,
            letter=letter,
            typed=typed,
            may_post=letter_page.may_post(objection, request.user),
        )

    def post_letter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        objection = self._printable(request, pk)
        try:
            services.post_letter(objection=objection, by=request.user, now=timezone.now())
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Surat masuk ke daftar cetak desa."))
        return redirect("admin:objections_objection_change", pk)

    def _printable(self, request: HttpRequest, pk: int) -> Objection:
        if not request.user.has_perm(PRINT_LETTER):
            raise PermissionDenied(PRINT_LETTER)
        return get_object_or_404(Objection.objects.visible_to(request.user), pk=pk)
