"""The office's own letters: a version is written by one person and holds when another has approved it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from objections.enums import Draft, LetterKind
from objections.models import LetterTemplate
from objections.paper import text
from objections.services.moving import MoveRefused, require
from recipients.roles import APPROVE_LETTER_TEXT, WRITE_LETTER_TEXT


@transaction.atomic
def write_text(*, kind: str, title: str, body: str, by: Any, now: datetime) -> LetterTemplate:
    """A new version of a kind's text, checked against its closed list; one waits at a time."""
    require(by, WRITE_LETTER_TEXT)
    title, body = title.strip(), body.strip().replace("\r\n", "\n")
    text.check(kind=kind, title=title, body=body)
    rows = LetterTemplate.objects.filter(kind=kind)
    newest = rows.aggregate(newest=Max("version"))["newest"] or 0
    try:
        with transaction.atomic():
            return LetterTemplate.objects.create(
                kind=LetterKind(kind),
                version=newest + 1,
                title=title,
                body=body,
                written_by=by,
                written_at=now,
            )
    except IntegrityError:
        raise MoveRefused(
            _("Teks lain untuk jenis surat ini sedang menunggu persetujuan. Setujui atau batalkan dulu.")
        ) from None


def approve_text(*, template: LetterTemplate, by: Any, now: datetime) -> None:
    """From now on letters of this kind say this; those sent before keep what they said."""
    require(by, APPROVE_LETTER_TEXT)
    if by.pk == template.written_by_id:
        raise MoveRefused(_("Anda yang menulis teks ini. Orang lain yang menyetujui."))
    _settle(template, Draft.APPROVED, by, now)


def withdraw_text(*, template: LetterTemplate, by: Any, now: datetime) -> None:
    if by.pk != template.written_by_id:
        require(by, APPROVE_LETTER_TEXT)
    _settle(template, Draft.WITHDRAWN, by, now)


def _settle(template: LetterTemplate, state: Draft, by: Any, now: datetime) -> None:
    waiting = LetterTemplate.objects.filter(pk=template.pk, state=Draft.WAITING)
    if not waiting.update(state=state, settled_by=by, settled_at=now):
        raise MoveRefused(_("Teks ini sudah diputus. Muat ulang halaman."))
    template.refresh_from_db()
