"""Whose phone it is: the office confirms it, and whoever helps the family may end it."""

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

from objections import services
from objections.models import Objection


class PhoneOfCasePages:
    """Mixed into the admin of objections."""

    admin_site: Any

    def phone_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [path("<int:pk>/hp/", wrap(require_POST(self.phone_view)), name="objections_objection_phone")]

    def phone_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not services.may_end_phone(request.user):
            raise PermissionDenied(services.CHECK)
        objection = self._objection(request, str(pk))  # type: ignore[attr-defined]
        try:
            messages.success(request, self._phone_step(request, objection))
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        return redirect("admin:objections_objection_change", pk)

    def _phone_step(self, request: HttpRequest, objection: Objection) -> str:
        by, now = request.user, timezone.now()
        if "batalkan" in request.POST:
            services.end_phone(objection=objection, by=by, now=now)
            return _("HP ini tidak bisa lagi membuka data keluarga.")
        if "pastikan" in request.POST:
            how = request.POST.get("how", "")
            services.confirm_phone(objection=objection, how=how, by=by, now=now)
            return _("Dipastikan: HP ini milik keluarga itu. Warga diberi tahu di HP itu.")
        raise services.MoveRefused(_("Pilih satu langkah."))
