"""A watched folder for files too large to upload: copied there by the office's own means, taken in by the worker.

A delivery is a folder LABEL_DATE (2026-Q1_2026-01-23) with keluarga.* and, if it comes, anggota.*; it is taken when
nothing in it has changed for a while. Taken plain files are gone once they stand sealed; a refusal is told in a file
beside them. Begun and killed, the next look goes on.
"""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _

from bansos.common import jobs
from recipients.importing import storage
from recipients.importing.readers import FileRefused
from recipients.importing.storage import Stored
from recipients.models import ImportBatch
from recipients.roles import UPLOAD
from recipients.services.batches import ImportRefused
from recipients.services.receiving import receive_file

TAKE = "imports.take_dropped"
TAKEN, DONE, REFUSED = ".sedang", "selesai", "ditolak"
NOT_TAKEN = " BELUM DIAMBIL"  # the note beside what lies there and cannot be a delivery
QUIET_FOR = timedelta(seconds=60)
_NAME = re.compile(r"(20[0-9]{2}-Q[1-4])_([0-9]{4}-[0-9]{2}-[0-9]{2})")


def folder() -> Path | None:
    return Path(settings.DROP_DIR) if settings.DROP_DIR else None


def queue_dropped(*, now: datetime) -> int:
    """A job for every delivery that lies still, and for those that a killed worker had begun; how many."""
    root = folder()
    if root is None or not root.is_dir():
        return 0
    names = [path.name for path in _begun(root)] + [
        path.name for path in root.iterdir() if _is_still(path, now)
    ]
    _tell_what_waits(root, now)
    for name in dict.fromkeys(names):
        jobs.enqueue(kind=TAKE, key=f"{name} {localtime(now):%Y-%m-%dT%H:%M}", params={"folder": name})
    return len(names)


def _begun(root: Path) -> list[Path]:
    begun = root / TAKEN
    return sorted(begun.iterdir()) if begun.is_dir() else []


def _is_still(path: Path, now: datetime) -> bool:
    """A delivery's folder with its family file, in which nothing was written for a while."""
    return _is_quiet(path, now) and not _why_not_taken(path)


def _is_quiet(path: Path, now: datetime) -> bool:
    written = [path, *path.iterdir()] if path.is_dir() else [path]
    return max(entry.stat().st_mtime for entry in written) <= (now - QUIET_FOR).timestamp()


def _why_not_taken(path: Path) -> str:
    if not path.is_dir() or _NAME.fullmatch(path.name) is None:
        return _(
            "Sistem hanya mengambil folder bernama rilis dan tanggal data, misalnya 2026-Q1_2026-01-23, yang berisi "
            "keluarga.csv dan anggota.csv. Ganti namanya, atau pindahkan berkas ini ke folder seperti itu."
        )
    if _file(path, "keluarga") is None:
        return _(
            "Berkas keluarga (misalnya keluarga.csv) belum ada di folder ini. Salin berkas itu ke dalamnya."
        )
    return ""


def _tell_what_waits(root: Path, now: datetime) -> None:
    """Nothing lies there without a word; a note goes when what it speaks of was put right or is gone."""
    notes = {path.name: path for path in root.glob(f"*{NOT_TAKEN}.txt")}
    waiting = [path for path in root.iterdir() if path.name not in notes and not _is_ours(path)]
    told = {f"{path.name}{NOT_TAKEN}.txt": why for path in waiting if (why := _why_not_taken(path))}
    for name in notes.keys() - told.keys():
        notes[name].unlink(missing_ok=True)
    for path in waiting:
        name = f"{path.name}{NOT_TAKEN}.txt"
        if name in told and name not in notes and _is_quiet(path, now):
            _tell(root, name.removesuffix(".txt"), told[name])


def _is_ours(path: Path) -> bool:
    return path.name in (TAKEN, DONE, REFUSED) or path.name.startswith(".")


def _file(path: Path, word: str) -> Path | None:
    return next((entry for entry in sorted(path.iterdir()) if entry.name.lower().startswith(word)), None)


def take_dropped(*, name: str, lease: jobs.Lease, now: datetime) -> None:
    """Seal the files of one delivery and receive them; what cannot be received is set aside with the reason."""
    root = folder()
    taken = _claim(root, name) if root and _NAME.fullmatch(name) else None
    if root is None or taken is None:
        with lease.completing():
            return
    try:
        batch = _received(taken, lease, now)
    except (ImportRefused, FileRefused) as refusal:
        with lease.completing():
            pass
        return _set_aside(root, taken, str(refusal), now)
    _tell(
        root / DONE,
        name,
        _("Kiriman nomor %(number)d. Lihat di menu Data masuk. SHA-256 berkas keluarga: %(sha)s")
        % {"number": batch.pk, "sha": batch.family_sha256},
    )
    shutil.rmtree(taken)


def _claim(root: Path, name: str) -> Path | None:
    """Moving a folder is one step for the file system: two workers do not take the same one."""
    taken = root / TAKEN / name
    if not taken.exists():
        taken.parent.mkdir(mode=0o700, exist_ok=True)
        try:
            (root / name).rename(taken)
        except OSError:
            return None
    return taken


def _received(taken: Path, lease: jobs.Lease, now: datetime) -> ImportBatch:
    found = _NAME.fullmatch(taken.name)
    family, member = _stored(_file(taken, "keluarga")), _stored(_file(taken, "anggota"))
    if found is None or family is None:
        raise FileRefused(_("Berkas keluarga tidak ada di folder ini."))
    earlier = ImportBatch.objects.filter(
        release_label=found[1], family_sha256=family.sha256, member_sha256=member.sha256 if member else ""
    )
    with lease.completing():
        known = earlier.filter(received_by=_keeper()).first()
        if known is not None:  # received, and then the worker was killed before it tidied up
            storage.discard(family)
            storage.discard(member)
            return known
        return receive_file(
            family=family,
            member=member,
            label=found[1],
            as_of=_day(found[2]),
            by=_keeper(),
            today=localdate(now),
        )


def _stored(path: Path | None) -> Stored | None:
    if path is None:
        return None
    with path.open("rb") as file:
        return storage.store(path.name, storage.pieces_of(file))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise ImportRefused(_("Tanggal data di nama folder tidak ada di kalender: %s.") % text) from wrong


def _keeper() -> Any:
    """Whose delivery it is: the account that the operator named, which may upload and may not approve."""
    keeper = get_user_model().objects.filter(username=settings.DROP_USER, is_active=True).first()
    if keeper is None or not keeper.has_perm(UPLOAD):
        raise ImportRefused(
            _("Akun %s untuk folder kiriman tidak ada, tidak aktif, atau tidak boleh mengunggah.")
            % (settings.DROP_USER or "BANSOS_DROP_USER")
        )
    return keeper


def _set_aside(root: Path, taken: Path, reason: str, now: datetime) -> None:
    aside = root / REFUSED / f"{taken.name} {localtime(now):%Y%m%d-%H%M%S}"
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    taken.rename(aside)
    _tell(aside, "ALASAN", reason)


def _tell(where: Path, name: str, words: str) -> None:
    where.mkdir(mode=0o700, exist_ok=True)
    (where / f"{name}.txt").write_text(words + "\n", encoding="utf-8")
