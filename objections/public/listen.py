"""A recording of a page: fetched when it is played, and not before. Nothing about who listens is written down."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from objections.models import AudioClip

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
KEPT_S = 3600  # by the phone: listening again costs nothing, and what was taken off is gone within the hour


@require_safe
def sound(request: HttpRequest, pk: int) -> HttpResponse:
    """iPhones play only what comes in the parts they ask for."""
    clip = get_object_or_404(AudioClip.objects.in_force(), pk=pk)
    data = bytes(clip.sound)
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    first, last = (int(asked[1]), int(asked[2] or len(data) - 1)) if asked else (0, len(data) - 1)
    if first > last or first >= len(data):
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    part = data[first : last + 1]
    response = HttpResponse(part, content_type=clip.media_type, status=206 if asked else 200)
    if asked:
        response.headers["Content-Range"] = f"bytes {first}-{first + len(part) - 1}/{len(data)}"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"public, max-age={KEPT_S}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
