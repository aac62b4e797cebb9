"""Who stands behind an import from the command line, and the file they bring."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from recipients.importing import storage

CONSOLE = ("konsol.pengunggah", "konsol.penyetuju")


def store(path: Path) -> storage.Stored:
    if not path.is_file():
        raise CommandError(f"Berkas {path} tidak ada.")
    with path.open("rb") as file:
        return storage.store(path.name, storage.pieces_of(file))


def two_people(by: str | None, approve_by: str | None) -> tuple[Any, Any]:
    """The two accounts. On the embedded servers two console accounts stand in when neither is named."""
    if by is None and approve_by is None and settings.IS_DEMO:
        return tuple(get_user_model().objects.get_or_create(username=name)[0] for name in CONSOLE)
    if by is None:
        raise CommandError("Beri --by NAMA: akun yang mengunggah.")
    return _account(by), _account(approve_by) if approve_by else None


def _account(username: str) -> Any:
    account = get_user_model().objects.filter(username=username, is_active=True).first()
    if account is None:
        raise CommandError(f"Akun {username} tidak ada atau tidak aktif.")
    return account
