"""Which sheets of a list's workbook are read: a person may choose others until the list is approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db
from recipients.enums import ListState
from recipients.importing import storage
from recipients.importing.readers import FileRefused, open_table
from recipients.models import ListDelivery
from recipients.services.lists.steps import ListRefused, move, queue


@transaction.atomic
def choose_sheets(*, delivery: ListDelivery, sheets: Sequence[str], by: User, now: datetime) -> None:
    """Back to RECEIVED with these sheets: its columns are recognised anew."""
    db.lock_until_commit(f"list:{delivery.pk}")
    delivery.refresh_from_db()
    if delivery.state not in (ListState.MAPPING, ListState.PREVIEWED):
        raise ListRefused(_("Lembar daftar ini tidak bisa dipilih lagi pada tahap ini."))
    if not sheets:
        raise ListRefused(_("Pilih paling sedikit satu lembar."))
    refuse_unreadable(delivery.stored, delivery.file_name, sheets)
    before, delivery.sheets = ListState(delivery.state), list(sheets)
    delivery.sheets_by, delivery.sheets_at = by, now
    delivery.round, delivery.mapping, delivery.counts, delivery.preview = delivery.round + 1, None, {}, {}
    delivery.rows.all().delete()
    anew = ["sheets", "sheets_by", "sheets_at", "round", "mapping", "counts", "preview"]
    move(delivery, before, ListState.RECEIVED, anew)
    queue(delivery, "lists.recognise")


def refuse_unreadable(stored: str, name: str, sheets: Sequence[str]) -> None:
    try:
        with storage.open_stored(stored) as file:
            open_table(file, name, sheets=sheets)
    except FileRefused as refusal:
        raise ListRefused(str(refusal)) from refusal
