"""What every address below /api/v1/ keeps: signed-in staff, the view permission, the own area, a limit, a trace.

Read-only: who changes something does it in the admin, where the second person and the reason are asked for.
No address returns a NIK, a card number, a phone number or a name.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import Http404
from rest_framework import generics, pagination, permissions, serializers, throttling
from rest_framework.request import Request

from bansos.common import limits

PER_PAGE = 200
PER_MINUTE = 120


class MayRead(permissions.BasePermission):
    """The permission that the staff site asks for the same rows: to view, or what the address names."""

    def has_permission(self, request: Request, view: Any) -> bool:
        options = view.model._meta
        needed = view.permission or f"{options.app_label}.view_{options.model_name}"
        return request.user.is_staff and request.user.has_perm(needed)


class PerUser(throttling.BaseThrottle):
    def allow_request(self, request: Request, view: Any) -> bool:
        return limits.hit("api", str(request.user.pk), most=PER_MINUTE, within_s=60)

    def wait(self) -> float:
        return 60.0


class Pages(pagination.CursorPagination):
    """By id, newest first: rows that come in meanwhile neither repeat nor hide one."""

    page_size = PER_PAGE
    ordering = "-pk"


class Rows(generics.ListAPIView[Any]):
    """Rows of one model inside the user's area, page by page.

    `filters` names what the address may ask for: parameter -> look-up. A parameter that is not named there is
    refused, so that a misspelt one does not answer with everything.
    """

    model: type[models.Model]
    permission = ""
    related: tuple[str, ...] = ()
    filters: dict[str, str] = {}
    permission_classes = (MayRead,)
    throttle_classes = (PerUser,)
    pagination_class = Pages

    def visible(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]
        return rows

    def get_queryset(self) -> models.QuerySet[Any]:
        asked = {name: value for name, value in self.request.query_params.dict().items() if name != "cursor"}
        unknown = sorted(set(asked) - set(self.filters))
        if unknown:
            raise serializers.ValidationError(
                {
                    name: [f"Unknown parameter; known are: {', '.join(self.filters) or 'none'}."]
                    for name in unknown
                }
            )
        try:
            return self.visible().filter(**self.wanted(asked)).select_related(*self.related)
        except ValueError as error:
            raise serializers.ValidationError({"detail": str(error)}) from None

    def wanted(self, asked: dict[str, str]) -> dict[str, Any]:
        return {self.filters[name]: value for name, value in asked.items()}


class One(generics.RetrieveAPIView[Any]):
    """One row inside the user's area; outside it is not there."""

    model: type[models.Model]
    permission = ""
    permission_classes = (MayRead,)
    throttle_classes = (PerUser,)

    def get_object(self) -> Any:
        found = self.model._default_manager.visible_to(self.request.user).filter(pk=self.kwargs["pk"]).first()  # type: ignore[attr-defined]
        if found is None:
            raise Http404
        return found
