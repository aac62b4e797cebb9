"""A photo from a stranger: what it is by its first bytes, then its pixels on a fresh canvas, drawn by a small child."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.uploads import LARGEST_FILE
from objections.attachments.refused import FileRefused

JPEG = "image/jpeg"
WITHIN_S = 15  # of the clock; the child's own limit is five seconds of a core
MOST_AT_ONCE = 2  # children of one server process: photos must not take the cores from the pages
WAIT_S = 10
_CHILD = Path(__file__).with_name("redraw.py")
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)

_OTHER_KINDS = [
    (b"%PDF", gettext_lazy("Itu PDF, bukan foto. Foto suratnya, lalu kirim fotonya.")),
    (b"GIF8", gettext_lazy("Gambar GIF belum bisa. Kirim foto dari kamera.")),
]
_HEIC = (b"heic", b"heix", b"mif1", b"hevc", b"avif")
_NO_PHOTO = gettext_lazy("Berkas itu bukan foto. Pilih foto dari kamera atau galeri.")


@dataclass(frozen=True)
class Picture:
    jpeg: bytes
    told: dict[str, Any]  # capture time and place as the phone wrote them, if it did


def read(data: bytes) -> Picture:
    """The photo redrawn. Raises FileRefused with words for the sender."""
    _look_at_first_bytes(data)
    if not _turns.acquire(timeout=WAIT_S):
        raise FileRefused(_("Banyak foto sedang masuk. Jawaban Anda aman. Tekan Kirim foto lagi."))
    try:
        head, jpeg = _ask_child(data)
    finally:
        _turns.release()
    if head.get("problem") == "pixels":
        raise FileRefused(_("Gambar itu terlalu lebar. Ambil foto biasa dengan kamera HP."))
    return Picture(jpeg, {name: head[name] for name in ("taken_at", "place") if name in head})


def _look_at_first_bytes(data: bytes) -> None:
    if not data:
        raise FileRefused(_("Foto itu kosong. Ambil ulang fotonya."))
    if len(data) > LARGEST_FILE:
        raise FileRefused(_("Foto lebih dari 8 MB. Ambil ulang dengan ukuran kecil."))
    for start, words in _OTHER_KINDS:
        if data.startswith(start):
            raise FileRefused(str(words))
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise FileRefused(
            _("Foto berjenis HEIC belum bisa. Di kamera pilih JPEG, atau kirim tangkapan layar.")
        )
    is_photo = data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
    if not is_photo and not (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        raise FileRefused(str(_NO_PHOTO))


def _ask_child(data: bytes) -> tuple[dict[str, Any], bytes]:
    """A child that crashed, ran out of memory or time has met a photo that nobody should open."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_CHILD)], input=data, capture_output=True, timeout=WITHIN_S, env={}
        )
    except subprocess.TimeoutExpired:
        raise FileRefused(_broken()) from None
    head, _newline, jpeg = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise FileRefused(_broken())
    return json.loads(head), jpeg


def _broken() -> str:
    return _("Foto itu rusak atau terpotong. Ambil ulang fotonya.")
