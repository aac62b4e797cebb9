"""A recording for a page: one person brings it with its words, another approves it, or takes it off the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from objections.attachments import scanning, voices
from objections.attachments.refused import FileRefused
from objections.enums import ClipAbout, Scan
from objections.models import AudioClip
from objections.services.moving import MoveRefused
from objections.services.versions import write_version

PLAYED = frozenset({voices.MP4, voices.WEBM})  # what browsers play; AMR is what old phones record


def write_clip(*, about: ClipAbout, data: bytes, transcript: str, by: Any, now: datetime) -> AudioClip:
    if not transcript.strip():
        raise MoveRefused(_("Tulis kata-kata yang diucapkan. Orang yang tidak mendengar membacanya."))
    media_type, sound = _checked(data)
    content = {"transcript": transcript.strip(), "sound": sound, "media_type": media_type}
    return write_version(model=AudioClip, about=about, content=content, by=by, now=now)


def take_clip_off(*, about: ClipAbout, by: Any, now: datetime) -> AudioClip:
    """A version without a sound: once it is approved, the page offers none."""
    return write_version(model=AudioClip, about=about, content={}, by=by, now=now)


def _checked(data: bytes) -> tuple[str, bytes]:
    try:
        found = scanning.look(data)
    except scanning.Infected:
        raise FileRefused(
            _("Berkas itu berisi virus. Pindai perangkat Anda, lalu pilih berkas lain.")
        ) from None
    if found == Scan.WAITING:
        raise FileRefused(_("Pemindai virus sedang tidak menjawab. Coba lagi beberapa menit lagi."))
    media_type, sound = voices.read(data)
    if media_type not in PLAYED:
        raise FileRefused(_("Jenis rekaman itu tidak bisa diputar di semua HP. Rekam sebagai M4A."))
    if len(sound) > AudioClip.LARGEST:
        raise FileRefused(_("Rekaman lebih dari 500 KB. Rekam lebih pendek: 20 detik sudah cukup."))
    return media_type, sound
