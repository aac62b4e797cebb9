"""What the page of a receipt shows, to whoever filed and to staff who filed for somebody."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from objections import codes, notices, tokens
from objections.enums import ClipPage, State
from objections.models import AudioClip, Objection
from objections.public import drafts, wording
from objections.stages import WORDS


def held(request: HttpRequest, name: str) -> dict[str, Any] | None:
    """Number, PIN and QR that the session keeps under this name; None once they are gone."""
    kept = drafts.kept(request, name)
    objection = Objection.objects.filter(pk=kept["id"]).first() if kept else None
    if kept is None or objection is None:
        return None
    return {
        "objection": objection,
        "pin": codes.grouped(kept["pin"]),
        "filed_at": wording.moment(objection.filed_at),
        "is_new": objection.state == State.SUBMITTED,
        "read_by": wording.day(objection.due_on) if objection.due_on else "",
        "answer_by": wording.day(objection.answer_by),
        "has_phone": objection.phone_index is not None,
        "is_told_by_phone": notices.told_at(objection) is not None,
        "holder": WORDS[State(objection.state)].holder,
        "clips": AudioClip.objects.on_page(ClipPage.RECEIPT),
        "qr": tokens.picture(request.build_absolute_uri(reverse("public:qr", args=[kept["token"]]))),
    }
