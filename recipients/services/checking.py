"""Every row of a delivery staged, matched with the registry, and what applying would do counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from recipients.enums import BatchState, FileKind
from recipients.importing import columns, impact, match, oddities, preview, staging, storage
from recipients.importing.issues import printable
from recipients.importing.readers import FileRefused
from recipients.models import (
    CurrentRelease,
    ImportBatch,
    Tolerance,
)
from recipients.models.imports import DROPPED
from recipients.services import fixes, guards
from recipients.services.batches import REGISTRY, ImportRefused, hold, move, queue
from recipients.services.receiving import refuse_older_release, refuse_unpublished

FILE_FACTS = (
    "format",
    "sheets",
    "all_sheets",
    "rows",
    "unchanged",
    "warned",
)  # of the tally, kept to be told


def validate_batch(batch: ImportBatch, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """RECEIVED -> VALIDATED: stage every row, keep every refused one. A file that cannot be read is refused whole."""
    started = clock()
    try:
        with lease.completing():
            if not hold(batch, BatchState.RECEIVED):
                return
            db.share_until_commit(REGISTRY)
            refuse_unpublished()
            refuse_older_release(batch.release_label, batch.as_of)
            match.drop_tables(batch.pk)
            batch.refused_rows.all().delete()
            batch.checked_with = fixes.fixes_digest(batch)
            batch.counts = {
                "read_against": CurrentRelease.label(),
                "staged": {kind: _stage(batch, FileKind(kind), lease) for kind in _files_of(batch)},
            }
            move(
                batch,
                BatchState.RECEIVED,
                BatchState.VALIDATED,
                clock() - started,
                "validate",
                ["counts", "checked_with"],
            )
            queue(batch, "imports.preview")
    except (FileRefused, ImportRefused) as refusal:
        refuse_batch(batch, str(refusal))


def _files_of(batch: ImportBatch) -> list[FileKind]:
    return [FileKind.FAMILY, FileKind.MEMBER] if batch.member_sha256 else [FileKind.FAMILY]


def _stage(batch: ImportBatch, kind: FileKind, lease: jobs.Lease) -> dict[str, Any]:
    stored, name = batch.file_of(kind)
    with storage.open_stored(stored) as file:
        sheets = batch.sheets.get(kind, ())
        stager = staging.Stager(batch.pk, kind, file, name, batch.code_book, sheets)
        return asdict(stager.run(lambda rows: lease.report(**{kind.lower(): rows})))


def refuse_batch(batch: ImportBatch, reason: str) -> None:
    """The delivery goes no further; nothing of it reached the registry."""
    with transaction.atomic():
        match.drop_tables(batch.pk)
        ImportBatch.objects.filter(pk=batch.pk, applied_at=None).exclude(state__in=DROPPED).update(
            state=BatchState.REFUSED, refusal=printable(reason)
        )


def preview_batch(batch: ImportBatch, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """VALIDATED -> PREVIEWED: match with the registry and count what applying would do."""
    started = clock()
    with lease.completing():
        if not hold(batch, BatchState.VALIDATED):
            return
        db.share_until_commit(REGISTRY)
        if batch.counts["read_against"] != CurrentRelease.label():
            return refuse_overtaken(batch)
        match_and_count(batch)
        if not batch.counts["accepted"]:
            return _refuse_useless(batch)
        move(
            batch,
            BatchState.VALIDATED,
            BatchState.PREVIEWED,
            clock() - started,
            "preview",
            ["counts", "preview"],
        )


def match_and_count(batch: ImportBatch) -> None:
    staged = batch.counts["staged"]
    match.match_families(batch.pk)
    if batch.member_sha256:
        match.match_members(batch.pk)
    counts, shown = preview.family_counts(batch.pk, staged["FAMILY"]["rows"], staged["FAMILY"]["unchanged"])
    if batch.member_sha256:
        counts |= preview.member_counts(batch.pk, staged["MEMBER"]["rows"])
    batch.counts = counts | {
        "refused_by_code": preview.refused_by_code(batch.pk),
        "refusals": preview.refusal_kinds(batch.pk),
        "notes": {kind: tally["notes"] for kind, tally in staged.items()},
        "files": {kind: {name: tally[name] for name in FILE_FACTS} for kind, tally in staged.items()},
    }
    batch.preview = shown | {
        "columns": columns.of_files(batch.pk, [FileKind(kind) for kind in staged]),
        "villages": impact.by_village(batch.pk) if shown["previous"] else {},
        "odd_families": oddities.counts(batch),
        "limits": Tolerance.objects.in_force(),
    }
    guards.hold_what_looks_wrong(batch, staged)


def _refuse_useless(batch: ImportBatch) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(counts=batch.counts)
    refuse_batch(
        batch, _("Tidak ada satu baris pun yang bisa dipakai. Lihat alasannya di daftar baris ditolak.")
    )


def refuse_overtaken(batch: ImportBatch) -> None:
    """Another release was published meanwhile: what was read or approved is no longer what would happen."""
    refuse_batch(batch, _("Rilis lain terbit sesudah berkas ini diperiksa. Kirim ulang berkas ini."))
