"""What the owner adds to an open case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import ids
from objections.enums import EventKind, State
from objections.models import Objection
from objections.services.moving import MoveRefused, complete
from objections.stages import OPEN

SENT_AGAIN = timedelta(minutes=10)  # by a phone that lost the answer, and not by somebody who says it twice


@transaction.atomic
def add(*, objection: Objection, note: str, photos: int, now: datetime, by: Any = None) -> None:
    """A word or photos more. Where the office waits for them, its clock goes on."""
    if objection.state not in OPEN:
        raise MoveRefused(_("Sanggahan ini sudah selesai. Keterangan baru tidak bisa ditambah di sini."))
    if not note.strip() and not photos:
        raise MoveRefused(_("Tulis keterangan, atau pilih foto."))
    said = ids.scrub(note.strip()) or _("%d foto") % photos
    if note.strip() and _was_just_said(objection, said, by, now):
        return
    objection.events.create(kind=EventKind.ADDED, at=now, by=by, note=said)
    if objection.state == State.INCOMPLETE:
        complete(objection=objection, by=by, now=now)


def _was_just_said(objection: Objection, said: str, by: Any, now: datetime) -> bool:
    Objection.objects.select_for_update().get(pk=objection.pk)
    same = objection.events.filter(kind=EventKind.ADDED, note=said, by=by, at__gt=now - SENT_AGAIN)
    return bool(same.exists())
