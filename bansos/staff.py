"""The staff's browser admin at /staf/: the home page, the menu, and the parts apps add to the family page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bansos.common.admin import Panel
from bansos.login import StaffLoginForm, StaffPasswordForm

FamilyPanel = Callable[[HttpRequest, Any], "Panel | None"]


class StaffSite(admin.AdminSite):
    site_header = _("Bansos Lombok Timur")
    site_title = _("Bansos Lombok Timur")
    index_title = _("Beranda")
    index_template = "admin/home.html"
    login_form = StaffLoginForm
    enable_nav_sidebar = False
    empty_value_display = "–"

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._family_panels: list[tuple[int, FamilyPanel]] = []
        self._import_panels: list[FamilyPanel] = []

    def add_family_panel(self, panel: FamilyPanel, *, order: int = 100) -> FamilyPanel:
        """Let an app above `recipients` show its part on the family page; smaller orders come first."""
        self._family_panels.append((order, panel))
        self._family_panels.sort(key=lambda entry: entry[0])
        return panel

    def family_panels(self, request: HttpRequest, family: Any) -> list[Panel]:
        found = (panel(request, family) for _order, panel in self._family_panels)
        return [panel for panel in found if panel is not None]

    def add_import_panel(self, panel: FamilyPanel) -> FamilyPanel:
        """Let an app above `recipients` show its part on the page of a delivery."""
        self._import_panels.append(panel)
        return panel

    def import_panels(self, request: HttpRequest, batch: Any) -> list[Panel]:
        found = (panel(request, batch) for panel in self._import_panels)
        return [panel for panel in found if panel is not None]

    def get_urls(self) -> list[Any]:
        from bansos import second_step
        from objections.public import assisted, beside, desk_phone

        own = [second_step.urls, assisted.urls, beside.urls, desk_phone.urls]
        return [pattern for urls in own for pattern in urls(self.admin_view)] + super().get_urls()

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Of one app only. That of all costs four addresses a list on every page, and only our menu is shown."""
        return super().get_app_list(request, app_label) if app_label else []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if context["has_permission"]:
            from bansos import home, menu

            context["menu"] = menu.menu(request, self)
            context["whoami"] = home.whoami(request.user)
        return context

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As in stock admin, with a form that counts wrong tries; stock has no place to name one."""
        request.current_app = self.name
        return PasswordChangeView.as_view(
            form_class=StaffPasswordForm,
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from bansos import home

        request.current_app = self.name
        context = {
            **self.each_context(request),
            "title": _("Beranda"),
            "subtitle": None,
            **home.context(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.index_template, context)
