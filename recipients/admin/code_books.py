"""Code books in the browser: seen by who sees deliveries, followed by a next version, never changed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bansos.common.admin import ReadOnlyAdmin, key_of
from recipients import code_book_page
from recipients.models import CodeBook
from recipients.roles import WRITE_CODE_BOOK
from recipients.services import code_books

TEMPLATE = "admin/recipients/codebook/list.html"


@admin.register(CodeBook)
class CodeBookAdmin(ReadOnlyAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.make_view)
        return [path("versi-baru/", view, name="recipients_codebook_make"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if set(request.GET) - {"dari"}:
            raise SuspiciousOperation("code books take no look-up")
        return self._page(request, code_book_page.page(request.GET.get("dari", "")))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One page shows every book."""
        get_object_or_404(CodeBook, pk=key_of(object_id))
        return self.changelist_view(request)

    @method_decorator(require_POST)
    def make_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(WRITE_CODE_BOOK):
            raise PermissionDenied
        typed = [
            (written.strip(), meaning)
            for written, meaning in zip(
                request.POST.getlist("tertulis"), request.POST.getlist("arti"), strict=False
            )
            if written.strip() or meaning
        ]
        source, basis = request.POST.get("sumber", ""), request.POST.get("dasar", "")
        try:
            made = code_books.add_code_book(
                source=source, lines=[_line(*one) for one in typed], basis=basis, by=request.user
            )
        except code_books.BookRefused as refusal:
            shown = {"refusal": str(refusal), "source": source, "basis": basis}
            lines = typed + [("", "")] * max(code_book_page.LINES - len(typed), 1)
            return self._page(request, code_book_page.page() | shown | {"lines": lines})
        messages.success(
            request, _("Buku kode %s dibuat. Kiriman lama tetap memakai bukunya sendiri.") % made.code
        )
        return redirect("admin:recipients_codebook_changelist")

    def _page(self, request: HttpRequest, shown: dict[str, Any]) -> HttpResponse:
        may_make = request.user.has_perm(WRITE_CODE_BOOK)
        return self.own_page(request, TEMPLATE, may_make=may_make, **shown)


def _line(written: str, meaning: str) -> code_books.Line:
    """`roof_type:6` says the column and our number."""
    field, _colon, ours = meaning.partition(":")
    return field, written, ours
