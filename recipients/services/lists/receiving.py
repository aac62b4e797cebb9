"""A list is taken in, and its columns recognised where its source is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bansos.common import db, jobs
from recipients.enums import ListKind, ListState
from recipients.importing import storage
from recipients.importing.issues import printable
from recipients.importing.lists import mapping
from recipients.importing.readers import FileRefused
from recipients.importing.storage import Stored
from recipients.models import ListDelivery
from recipients.services.lists.choosing import refuse_unreadable
from recipients.services.lists.columns import fits, last_mapping
from recipients.services.lists.steps import DOOR, ListRefused, hold, move, queue, refuse_list, took
from recipients.services.receiving import DAY


def receive_list(
    *,
    kind: str,
    stored: Stored,
    source: str,
    as_of: date,
    by: User,
    today: date,
    is_complete: bool = False,
    fixed: Mapping[str, str] | None = None,
    sheets: Sequence[str] = (),
) -> ListDelivery:
    """Take a stored file in and queue its recognition. The same file is received once."""
    try:
        if as_of > today:
            raise ListRefused(
                _("Tanggal daftar %s belum tiba. Cek surat pengantarnya.") % date_format(as_of, DAY)
            )
        if not source.strip():
            raise ListRefused(_("Tulis sumber daftar, misalnya Dukcapil atau Kemensos."))
        if sheets:
            refuse_unreadable(stored.key, stored.name, sheets)
        with transaction.atomic():
            db.lock_until_commit(DOOR)
            _refuse_same_file(kind, stored.sha256)
            delivery = ListDelivery.objects.create(
                kind=ListKind(kind),
                source=printable(source.strip())[:80],
                as_of=as_of,
                is_complete=is_complete,
                file_name=printable(stored.name)[:200],
                sha256=stored.sha256,
                stored=stored.key,
                sheets=list(sheets),
                fixed={name: text for name, text in (fixed or {}).items() if text},
                received_by=by,
            )
            queue(delivery, "lists.recognise")
    except BaseException:
        storage.discard(stored)
        raise
    return delivery


def _refuse_same_file(kind: str, sha256: str) -> None:
    earlier = ListDelivery.objects.standing().filter(kind=kind, sha256=sha256).first()
    if earlier:
        raise ListRefused(
            _(
                "Berkas yang sama sudah dimuat pada %(day)s oleh %(who)s (daftar nomor %(number)d). Lihat hasilnya."
            )
            % {
                "day": date_format(localtime(earlier.received_at), DAY),
                "who": earlier.received_by,
                "number": earlier.pk,
            }
        )


def recognise_list(delivery: ListDelivery, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """RECEIVED -> MAPPED where the source's last mapping fits this file, else MAPPING: a person matches columns."""
    started = clock()
    try:
        with lease.completing():
            if not hold(delivery, ListState.RECEIVED):
                return
            with storage.open_stored(delivery.stored) as file:
                head = mapping.read_head(file, delivery.file_name, delivery.sheets)
            delivery.header, delivery.filled = head.header, head.filled
            delivery.counts = {"all_sheets": head.all_sheets}
            delivery.sealed_head = mapping.seal_rows(head.rows, delivery.pk)
            known = last_mapping(delivery)
            is_known = known is not None and fits(delivery, known)
            if known and is_known:
                delivery.mapping, delivery.fixed = known, {**known.fixed, **delivery.fixed}
            took(delivery, "recognise", clock() - started)
            move(
                delivery,
                ListState.RECEIVED,
                ListState.MAPPED if is_known else ListState.MAPPING,
                ["header", "filled", "sealed_head", "counts", "mapping", "fixed", "stage_seconds"],
            )
            if is_known:
                queue(delivery, "lists.check")
    except FileRefused as refusal:
        refuse_list(delivery, str(refusal))
