"""The pages of what stands in versions: a list with the one in force, a version, and the second person's word."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import ReadOnlyAdmin
from objections import services
from objections.enums import Draft
from objections.models.versions import Version

STEPS = {"setuju": services.approve_version, "batal": services.withdraw_version}


class VersionAdmin(ReadOnlyAdmin):
    change_template = ""
    list_display_links = None
    list_select_related = ("written_by", "settled_by")

    class Media:
        css = {"all": ["css/case.css"]}

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, version: Version) -> str:
        return _("berlaku") if version.is_in_force else version.get_state_display()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_newest()

    def get_urls(self) -> list[Any]:
        settle = self.admin_site.admin_view(require_POST(self.settle_view))
        return [path("<int:pk>/putuskan/", settle, name=self.page_name("settle")), *super().get_urls()]

    def page_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not object_id.isdecimal():
            raise Http404
        version = self.version_of(request, int(object_id))
        is_waiting = version.state == Draft.WAITING
        is_writer = version.written_by_id == request.user.pk
        may_approve = is_waiting and request.user.has_perm(version.permission("approve"))
        return self.own_page(
            request,
            self.change_template,
            title=capfirst(str(version)),
            version=version,
            may_approve=may_approve and not is_writer,
            may_withdraw=may_approve or (is_waiting and is_writer),
            may_write=request.user.has_perm(version.permission("add")),
            **self.beside(version),
        )

    def beside(self, version: Any) -> dict[str, Any]:
        """What else the page of a version shows."""
        return {}

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """By the button that was pressed; anything else is no approval."""
        version = self.version_of(request, pk)
        verb = STEPS.get(request.POST.get("langkah", ""))
        if verb is None and not request.user.has_perm(version.permission("approve")):
            raise PermissionDenied
        try:
            if verb is None:
                raise services.MoveRefused(_("Pilih satu langkah."))
            verb(version=version, by=request.user, now=timezone.now())
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            told = {"what": capfirst(str(version)), "state": version.get_state_display()}
            messages.success(request, _("%(what)s: %(state)s.") % told)
        return redirect(f"admin:{self.page_name('change')}", pk)

    def version_of(self, request: HttpRequest, pk: int) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request).select_related("written_by", "settled_by"), pk=pk)
