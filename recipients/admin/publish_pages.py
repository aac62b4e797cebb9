"""After a release is applied: publish it, or take it back. Mixed into the ModelAdmin of deliveries."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from recipients import services
from recipients.enums import BatchState, ImportEventKind
from recipients.models import ImportBatch
from recipients.roles import APPROVE, UPLOAD

KEPT_MOMENTS = 60  # people do a handful of things with a delivery


class PublishPages:
    admin_site: Any
    need: Any
    step: Any

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/terbitkan/", wrap(self.publish_view), name="recipients_import_publish"),
            path("<int:pk>/minta-batal/", wrap(self.ask_undo_view), name="recipients_import_ask_undo"),
            path("<int:pk>/cabut-batal/", wrap(self.drop_undo_view), name="recipients_import_drop_undo"),
            path("<int:pk>/batalkan/", wrap(self.approve_undo_view), name="recipients_import_undo"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    @method_decorator(require_POST)
    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, APPROVE)
        return self._by(request, pk, services.publish_import)

    @method_decorator(require_POST)
    def ask_undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, APPROVE, UPLOAD)
        reason = request.POST.get("reason", "").replace("\x00", "")
        return self._by(request, pk, services.ask_undo, reason=reason)

    @method_decorator(require_POST)
    def drop_undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, APPROVE, UPLOAD)
        return self._by(request, pk, services.drop_undo)

    @method_decorator(require_POST)
    def approve_undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.need(request, APPROVE, UPLOAD)
        return self._by(request, pk, services.approve_undo)

    def _by(self, request: HttpRequest, pk: int, service: Any, **more: str) -> HttpResponse:
        return self.step(
            request,
            pk,
            lambda batch: service(batch=batch, by=request.user, now=timezone.now(), **more),
        )


def publishing_of(batch: ImportBatch, user: Any) -> dict[str, Any]:
    """What the page says of publishing and undo, and what this user may do about it."""
    is_withheld = batch.state == BatchState.WITHHELD
    is_asked = batch.undo_asked_by_id is not None
    moments = list(batch.events.select_related("by")[:KEPT_MOMENTS])
    undone = [moment for moment in moments if moment.kind == ImportEventKind.UNDONE]
    may_act = is_withheld and (user.has_perm(APPROVE) or user.has_perm(UPLOAD))
    return {
        "is_withheld": is_withheld,
        "undo_is_asked": is_withheld and is_asked,
        "may_publish": is_withheld
        and not is_asked
        and user.has_perm(APPROVE)
        and batch.received_by_id != user.pk,
        "may_ask_undo": may_act and not is_asked,
        "may_drop_undo": may_act and is_asked,
        "may_undo": may_act and is_asked and batch.undo_asked_by_id != user.pk,
        "undone": undone[-1] if undone and batch.state == BatchState.UNDONE else None,
        "moments": moments,
    }
