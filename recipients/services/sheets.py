"""Which sheets of a delivery's workbook are read: a person may choose others until it is approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from recipients.enums import BatchState, FileKind, ImportEventKind
from recipients.importing import opening
from recipients.importing.issues import printable
from recipients.importing.readers import FileRefused
from recipients.importing.storage import Stored
from recipients.models import ImportBatch
from recipients.services.batches import ImportRefused, queue, record
from recipients.services.fixes import hold_for_fixing

Chosen = Mapping[str, Sequence[str]]  # by kind of file


@transaction.atomic
def choose_sheets(
    *, batch: ImportBatch, file: FileKind, sheets: Sequence[str], by: User, now: datetime
) -> None:
    """PREVIEWED -> RECEIVED: the same stages again, with these sheets of this file."""
    hold_for_fixing(batch)
    if not sheets:
        raise ImportRefused(_("Pilih paling sedikit satu lembar."))
    _refuse_unreadable(*batch.file_of(file), file, sheets)
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED).update(
        state=BatchState.RECEIVED, round=F("round") + 1, sheets={**batch.sheets, file.value: list(sheets)}
    )
    batch.refresh_from_db()
    record(batch, ImportEventKind.SHEETS, by=by, at=now, note=printable(", ".join(sheets)))
    queue(batch, "imports.validate")


def refuse_unreadable(files: Mapping[FileKind, Stored | None], sheets: Chosen) -> dict[str, list[str]]:
    """The choice as it is kept on the delivery, when its files have such sheets."""
    chosen = {kind: list(sheets[kind]) for kind in files if sheets.get(kind)}
    for kind, names in chosen.items():
        if (stored := files[kind]) is None:
            raise ImportRefused(_("Lembar anggota dipilih, tetapi berkas anggota tidak ada."))
        _refuse_unreadable(stored.key, stored.name, kind, names)
    return {kind.value: names for kind, names in chosen.items()}


def _refuse_unreadable(stored: str, name: str, kind: FileKind, sheets: Sequence[str]) -> None:
    try:
        opening.try_sheets(stored, name, kind, sheets)
    except FileRefused as refusal:
        raise ImportRefused(str(refusal)) from refusal
