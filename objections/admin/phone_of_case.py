"""Whose phone it is, and how its owner is told: the office confirms it, and whoever helps the family may change it."""

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

from objections import case_page, services
from objections.enums import NoticeBy
from objections.models import Objection

MOST_ASKED = 300


class PhoneOfCasePages:
    """Mixed into the admin of objections."""

    admin_site: Any

    def phone_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/hp/", wrap(require_POST(self.phone_view)), name="objections_objection_phone"),
            path(
                "<int:pk>/kabar/", wrap(require_POST(self.telling_view)), name="objections_objection_telling"
            ),
        ]

    def phone_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not services.may_end_phone(request.user):
            raise PermissionDenied(services.CHECK)
        objection = self._objection(request, str(pk))  # type: ignore[attr-defined]
        try:
            messages.success(request, self._phone_step(request, objection))
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        return redirect("admin:objections_objection_change", pk)

    def telling_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        objection = self._objection(request, str(pk))  # type: ignore[attr-defined]
        if not case_page.may_choose_notice(objection, request.user):
            raise PermissionDenied(services.FILE_FOR_OTHERS)
        try:
            messages.success(request, _choose(request, objection))
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        return redirect("admin:objections_objection_change", pk)

    def _phone_step(self, request: HttpRequest, objection: Objection) -> str:
        by, now = request.user, timezone.now()
        if "batalkan" in request.POST:
            services.end_phone(objection=objection, by=by, now=now)
            return _("HP ini tidak bisa lagi membuka data keluarga.")
        if "pastikan" in request.POST:
            how, shown_as = request.POST.get("how", ""), request.POST.get("hp", "")
            services.confirm_phone(objection=objection, how=how, shown_as=shown_as, by=by, now=now)
            return _("Dipastikan: HP ini milik keluarga itu. Warga diberi tahu di HP itu.")
        raise services.MoveRefused(_("Pilih satu langkah."))


def _choose(request: HttpRequest, objection: Objection) -> str:
    notice_by = request.POST.get("notice_by", "")
    if notice_by not in NoticeBy.values:
        raise services.MoveRefused(_("Pilih cara mengabari dari daftar."))
    asked = request.POST.get("asked", "").replace("\x00", "").replace("\r\n", "\n")
    if len(asked) > MOST_ASKED:
        raise services.MoveRefused(_("Catatan paling panjang %d huruf. Singkatkan dahulu.") % MOST_ASKED)
    changed = services.choose_notice_for(
        objection=objection, notice_by=NoticeBy(notice_by), asked=asked, by=request.user, now=timezone.now()
    )
    if not changed:
        return _("Sudah begitu sebelumnya. Tidak ada yang berubah.")
    return _("Disimpan. Berlaku mulai kabar berikutnya, dan cara yang lama diberi tahu.")
