"""A recording as players ask for it: whole, or in parts."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse

from objections.models import AudioClip

_RANGE = re.compile(r"bytes=([0-9]{1,9})-([0-9]{0,9})")


def part_of(clip: AudioClip, request: HttpRequest) -> HttpResponse:
    """iPhones play only what comes in the parts they ask for."""
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
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
