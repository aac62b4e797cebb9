"""Release files as received, kept sealed (bansos/common/sealedfiles.py) until their import is over."""

from __future__ import annotations

from bansos.common.sealedfiles import SealedFolder, SealedWriter, Stored, pieces_of

__all__ = [
    "SealedWriter",
    "Stored",
    "discard",
    "discard_others",
    "open_stored",
    "pieces_of",
    "store",
    "writer",
]

_FOLDER = SealedFolder("UPLOAD_DIR", "upload")
store, open_stored, writer = _FOLDER.store, _FOLDER.open, _FOLDER.writer
discard_others = _FOLDER.discard_others


def discard(stored: Stored | None) -> None:
    if stored:
        _FOLDER.discard(stored.key)
