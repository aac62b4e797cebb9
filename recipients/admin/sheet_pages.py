"""The sheets of a delivery's workbooks, chosen in the browser. Mixed into the ModelAdmin of deliveries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from recipients import services
from recipients.enums import FileKind
from recipients.roles import UPLOAD


class SheetPages:
    admin_site: Any
    need: Any
    step: Any

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.sheets_view)
        return [
            path("<int:pk>/lembar/", view, name="recipients_import_sheets"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    @method_decorator(require_POST)
    def sheets_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, UPLOAD)
        kind = FileKind.MEMBER if request.POST.get("file") == FileKind.MEMBER else FileKind.FAMILY
        return self.step(
            request,
            pk,
            lambda batch: services.choose_sheets(
                batch=batch, file=kind, sheets=ticked(request), by=request.user, now=timezone.now()
            ),
        )


def ticked(request: HttpRequest) -> list[str]:
    return [name.replace("\x00", "") for name in request.POST.getlist("lembar") if name]
