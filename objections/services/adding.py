"""What the owner adds to an open case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import ids
from objections.enums import EventKind, State
from objections.models import Objection
from objections.services.moving import MoveRefused, complete
from objections.stages import OPEN


@transaction.atomic
def add(*, objection: Objection, note: str, photos: int, now: datetime, by: Any = None) -> None:
    """A word or photos more. Where the office waits for them, its clock goes on."""
    if objection.state not in OPEN:
        raise MoveRefused(_("Sanggahan ini sudah selesai. Keterangan baru tidak bisa ditambah di sini."))
    if not note.strip() and not photos:
        raise MoveRefused(_("Tulis keterangan, atau pilih foto."))
    said = ids.scrub(note.strip()) or _("%d foto") % photos
    objection.events.create(kind=EventKind.ADDED, at=now, by=by, note=said)
    if objection.state == State.INCOMPLETE:
        complete(objection=objection, by=by, now=now)
