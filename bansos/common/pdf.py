"""What our PDF files share: they are set in the built-in letters of PDF, so nothing has to be embedded."""

from __future__ import annotations


def plain(text: str) -> str:
    """The built-in letters know Latin-1, which Indonesian fits in; a sign beyond it becomes its like, or a "?"."""
    return text.translate(_LIKE).encode("latin-1", "replace").decode("latin-1")


_LIKE = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."})
