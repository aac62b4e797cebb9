"""A delivery tried out: everything up to the preview, in a transaction that is rolled back. Nothing stays behind."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from bansos.common import db
from recipients.enums import BatchState, FileKind
from recipients.importing import staging, storage
from recipients.importing.issues import printable
from recipients.importing.readers import FileRefused
from recipients.importing.storage import Stored
from recipients.models import ImportBatch
from recipients.models.code_books import OURS
from recipients.services import checking, receiving
from recipients.services.batches import REGISTRY, ImportRefused
from recipients.services.sheets import Chosen, refuse_unreadable


def try_import(
    *,
    family: Stored,
    member: Stored | None,
    label: str,
    as_of: date,
    by: User,
    today: date,
    code_book: str = OURS,
    sheets: Chosen | None = None,
) -> dict[str, Any]:
    """Counts, guards and refusals as they would be. The stored files are discarded too."""
    try:
        with transaction.atomic():
            told = _tried(family, member, label, as_of, by, today, code_book, sheets or {})
            transaction.set_rollback(True)
        return told
    except (ImportRefused, FileRefused) as refusal:
        return {"state": BatchState.REFUSED.value, "refusal": str(refusal)}
    finally:
        storage.discard(family)
        storage.discard(member)


def _tried(
    family: Stored,
    member: Stored | None,
    label: str,
    as_of: date,
    by: User,
    today: date,
    code_book: str,
    sheets: Chosen,
) -> dict[str, Any]:
    receiving.refuse_impossible(
        family=family, member=member, label=label, as_of=as_of, today=today, code_book=code_book
    )
    chosen = refuse_unreadable({FileKind.FAMILY: family, FileKind.MEMBER: member}, sheets)
    batch = ImportBatch.objects.create(
        release_label=label, as_of=as_of, received_by=by, family_sha256=family.sha256, state=BatchState.VALIDATED,
        member_sha256=member.sha256 if member else "", code_book=code_book, sheets=chosen,
    )  # fmt: skip
    db.share_until_commit(REGISTRY)
    staged = {FileKind.FAMILY: _staged(batch, FileKind.FAMILY, family)}
    if member:
        staged[FileKind.MEMBER] = _staged(batch, FileKind.MEMBER, member)
    batch.counts = {"staged": staged}
    checking.match_and_count(batch)
    guards = [{"code": guard.code, "message": guard.message()} for guard in batch.guards.all()]
    return {"state": BatchState.PREVIEWED.value, **batch.counts, "preview": batch.preview, "guards": guards}


def _staged(batch: ImportBatch, kind: FileKind, stored: Stored) -> dict[str, Any]:
    with storage.open_stored(stored.key) as file:
        name, sheets = printable(stored.name), batch.sheets.get(kind, ())
        stager = staging.Stager(batch.pk, kind, file, name, batch.code_book, sheets)
        return asdict(stager.run(lambda _rows: None))
