"""A recording of a page: fetched when it is played, and not before. Nothing about who listens is written down."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from objections.models import AudioClip
from objections.played import part_of

KEPT_S = 3600  # by the phone: listening again costs nothing, and what was taken off is gone within the hour


@require_safe
def sound(request: HttpRequest, pk: int) -> HttpResponse:
    response = part_of(get_object_or_404(AudioClip.objects.in_force(), pk=pk), request)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    return response
