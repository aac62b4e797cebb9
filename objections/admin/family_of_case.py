"""Whose case it is: an officer confirms the family that was found, or finds the family that a report is about."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bansos.common import ids
from bansos.common.admin import key_of
from objections import services
from objections.models import Objection
from recipients import family_page
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family

MOST_SHOWN = 20


class FamilyOfCasePages:
    """Mixed into the admin of objections."""

    admin_site: Any

    def family_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<int:pk>/pastikan/",
                wrap(require_POST(self.confirm_view)),
                name="objections_objection_confirm",
            ),
            path(
                "<int:pk>/dilaporkan/",
                wrap(require_POST(self.reported_view)),
                name="objections_objection_reported",
            ),
        ]

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        objection = self._to_check(request, pk)
        try:
            services.confirm_match(objection=objection, by=request.user, now=timezone.now())
            messages.success(request, _("Dipastikan: ini keluarga yang benar."))
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        return redirect("admin:objections_objection_change", pk)

    def reported_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Look the reported family up, then name it. What is typed may be a NIK: it stands in no address."""
        objection = self._to_check(request, pk)
        if key := key_of(request.POST.get("keluarga", "")):
            return self._set(request, objection, key)
        typed = request.POST.get("q", "").replace("\x00", "").strip()[:60]
        found = _found(request.user, typed)
        record_access(by=request.user, kind=Access.SEARCH, subject=objection.reference, rows=len(found))
        return self.own_page(  # type: ignore[attr-defined,no-any-return]
            request,
            "objections/reported.html",
            title=_("Keluarga yang dilaporkan"),
            objection=objection,
            families=family_page.page_details(found),
            is_cut=len(found) == MOST_SHOWN,
            was_asked=bool(typed),
        )

    def _set(self, request: HttpRequest, objection: Objection, key: int) -> HttpResponse:
        family = Family.objects.visible_to(request.user).filter(pk=key).first()
        try:
            if family is None:
                raise services.MoveRefused(_("Keluarga itu tidak ada di wilayah Anda. Cari lagi."))
            services.set_reported_family(
                objection=objection, family=family, by=request.user, now=timezone.now()
            )
            messages.success(request, _("Laporan ini sekarang tentang keluarga itu."))
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        return redirect("admin:objections_objection_change", objection.pk)

    def _to_check(self, request: HttpRequest, pk: int) -> Objection:
        if not request.user.has_perm(services.CHECK):
            raise PermissionDenied(services.CHECK)
        return self._objection(request, str(pk))  # type: ignore[attr-defined,no-any-return]


def _found(user: Any, typed: str) -> list[Family]:
    number = ids.ungrouped(typed)
    if ids.SIXTEEN_DIGITS.fullmatch(number):
        family = family_page.find_by_number(user=user, number=number)
        return [family] if family else []
    if not typed:
        return []
    families = family_page.with_head_tokens(Family.objects.visible_to(user), typed)
    return list(families.select_related("village__parent")[:MOST_SHOWN])
