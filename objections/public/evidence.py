"""Photos and a voice note on their way to a form or a case: files out of the request, words for what was wrong."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from bansos.common import limits
from bansos.common.uploads import Received
from objections.attachments import keeping
from objections.attachments.refused import FileRefused
from objections.enums import AttachmentKind
from objections.models import Attachment

HOUR_S = 3600
MOST_FILES = 240  # an hour, per address: one costs half a second of a core, and a village shares an address


def files_of(request: HttpRequest, name: str) -> list[Received]:
    """Files that carry something: an input left empty sends a file without a name."""
    return [file for file in request.FILES.getlist(name) if isinstance(file, Received) and file.name]


def is_too_many(request: HttpRequest, files: Iterable[Any]) -> bool:
    address = limits.client_address(request)
    return not all(limits.hit("file", address, most=MOST_FILES, within_s=HOUR_S) for _file in files)


def take_photos(files: list[Received], form_key: uuid.UUID, **about: Any) -> str:
    """Keep what can be kept; the first trouble in words, or nothing."""
    trouble = ""
    for number, file in enumerate(files, start=1):
        try:
            _refuse_big(file, _("Foto lebih dari 8 MB. Ambil ulang dengan ukuran kecil."))
            keeping.take_photo(data=file.data, form_key=form_key, now=timezone.now(), **about)
        except FileRefused as refused:
            named = f"{_('Foto ke-%d') % number}: {refused}" if len(files) > 1 else str(refused)
            trouble = trouble or named
    return trouble


def take_voice(files: list[Received], form_key: uuid.UUID, **about: Any) -> str:
    """A new recording takes the place of the one before, as long as the form is not sent."""
    for file in files[:1]:
        try:
            _refuse_big(file, _("Rekaman terlalu panjang. Rekam lagi, paling lama 1 menit."))
            before = [row.pk for row in kept(form_key, AttachmentKind.VOICE)]
            made = keeping.take_voice(
                data=file.data, form_key=form_key, now=timezone.now(), most=len(before) + 1, **about
            )
        except FileRefused as refused:
            return str(refused)
        for earlier in set(before) - {made.pk}:
            keeping.remove_unsent(form_key=form_key, attachment_id=earlier)
    return ""


def _refuse_big(file: Received, words: str) -> None:
    if file.is_too_big:
        raise FileRefused(words)


def kept(form_key: uuid.UUID | str, kind: AttachmentKind) -> list[Attachment]:
    return list(Attachment.objects.of_form(form_key).filter(kind=kind))


def in_words(form_key: uuid.UUID | str) -> list[str]:
    """What lies with a form, to be read before it is sent."""
    photos, voices = kept(form_key, AttachmentKind.PHOTO), kept(form_key, AttachmentKind.VOICE)
    words = [_("%d foto") % len(photos)] if photos else []
    return words + ([_("1 rekaman suara")] if voices else [])


def kilobytes(row: Attachment) -> str:
    return _("sekitar %d KB") % max(1, round(row.size / 1000))


def listed(form_key: uuid.UUID | str, kind: AttachmentKind) -> list[dict[str, Any]]:
    """Ids as text: a template would put a thousand separator into a number."""
    return [{"id": str(row.pk), "name": str(row), "size": kilobytes(row)} for row in kept(form_key, kind)]


def remove(request: HttpRequest, form_key: uuid.UUID) -> bool:
    """Whether the visitor pressed Hapus beside a file, which then is gone."""
    chosen = request.POST.get("remove", "")
    if not chosen.isdecimal():
        return False
    keeping.remove_unsent(form_key=form_key, attachment_id=int(chosen[:18]))
    return True
