"""A delivery is taken in: what is known to be wrong before a row is read refuses it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bansos.common import db
from recipients.enums import FileKind
from recipients.importing import codebooks, storage
from recipients.importing.issues import printable
from recipients.importing.storage import Stored
from recipients.models import (
    ImportBatch,
    ListDelivery,
    ProposalPack,
    RegistryRelease,
)
from recipients.models.code_books import OURS
from recipients.models.imports import DROPPED
from recipients.services.batches import ImportRefused, queue
from recipients.services.sheets import Chosen, refuse_unreadable

DAY = "j F Y"
DOOR = "recipients.receive"  # one delivery at a time is taken in


def receive_file(
    *,
    family: Stored,
    member: Stored | None,
    label: str,
    as_of: date,
    by: User,
    today: date,
    code_book: str = OURS,
    sheets: Chosen | None = None,
) -> ImportBatch:
    """Take stored files in as a delivery and queue their check. The same files are received once."""
    try:
        with transaction.atomic():
            db.lock_until_commit(DOOR)
            refuse_impossible(
                family=family, member=member, label=label, as_of=as_of, today=today, code_book=code_book
            )
            chosen = refuse_unreadable({FileKind.FAMILY: family, FileKind.MEMBER: member}, sheets or {})
            batch = ImportBatch.objects.create(
                release_label=label,
                as_of=as_of,
                code_book=code_book,
                sheets=chosen,
                received_by=by,
                family_file_name=printable(family.name)[:200],
                family_stored=family.key,
                family_sha256=family.sha256,
                member_file_name=printable(member.name)[:200] if member else "",
                member_stored=member.key if member else "",
                member_sha256=member.sha256 if member else "",
            )
            queue(batch, "imports.validate")
    except BaseException:
        storage.discard(family)
        storage.discard(member)
        raise
    return batch


def refuse_impossible(
    *, family: Stored, member: Stored | None, label: str, as_of: date, today: date, code_book: str
) -> None:
    """What is known to be wrong before a row is read."""
    _refuse_old_book(code_book)
    refuse_unpublished()
    refuse_older_release(label, as_of)
    _refuse_future(as_of, today)
    _refuse_same_file(family.sha256, member.sha256 if member else "")


def _refuse_old_book(code: str) -> None:
    if code not in (known := codebooks.in_use()):
        raise ImportRefused(
            _("Buku kode %(code)s tidak dipakai untuk kiriman baru. Pilih salah satu: %(known)s.")
            % {"code": code, "known": ", ".join(known)}
        )


def _refuse_same_file(family_sha256: str, member_sha256: str) -> None:
    same = ImportBatch.objects.filter(family_sha256=family_sha256)
    if member_sha256:  # members may follow for families that came alone
        same = same.filter(member_sha256=member_sha256)
    earlier = same.exclude(state__in=DROPPED).first()
    if earlier:
        raise ImportRefused(
            _(
                "Berkas yang sama sudah dimuat pada %(day)s oleh %(who)s (kiriman nomor %(number)d). Lihat hasilnya."
            )
            % {
                "day": date_format(localtime(earlier.received_at), DAY),
                "who": earlier.received_by,
                "number": earlier.pk,
            }
        )


def refuse_older_release(label: str, as_of: date) -> None:
    newest = RegistryRelease.objects.first()
    if newest and (as_of <= newest.as_of or label == newest.label):
        raise ImportRefused(
            _("Rilis %(label)s per %(as_of)s tidak lebih baru dari rilis %(newest)s per %(newest_as_of)s.")
            % {
                "label": label,
                "as_of": date_format(as_of, DAY),
                "newest": newest.label,
                "newest_as_of": date_format(newest.as_of, DAY),
            }
        )


def refuse_unpublished() -> None:
    """A delivery is read against the release in force, and applied on the newest: they must be one."""
    waiting = ImportBatch.objects.unpublished().first()
    if waiting:
        raise ImportRefused(
            _("Rilis %(label)s sudah diterapkan tetapi belum terbit. Terbitkan atau batalkan dulu rilis itu.")
            % {"label": waiting.release_label}
        )


def _refuse_future(as_of: date, today: date) -> None:
    """A release of tomorrow would be published and not be in force: nobody could be decided by it."""
    if as_of > today:
        raise ImportRefused(
            _("Tanggal data %(as_of)s belum tiba. Cek surat pengantar dari pusat.")
            % {"as_of": date_format(as_of, DAY)}
        )


def discard_unowned_uploads(*, now: datetime) -> int:
    """Delete sealed files that no delivery or pack owns: of uploads that were cut or refused more than a day ago."""
    owned = set(ImportBatch.objects.values_list("family_stored", flat=True))
    owned |= set(ImportBatch.objects.values_list("member_stored", flat=True))
    owned |= set(ProposalPack.objects.values_list("stored", flat=True))
    owned |= set(ListDelivery.objects.values_list("stored", flat=True))
    return storage.discard_others(owned, before=now - timedelta(days=1))


def keep_only_owned(stored: Iterable[Stored]) -> None:
    """After an upload: what became part of a delivery stays, the rest goes at once."""
    for one in stored:
        is_owned = ImportBatch.objects.filter(Q(family_stored=one.key) | Q(member_stored=one.key)).exists()
        if not is_owned and not ListDelivery.objects.filter(stored=one.key).exists():
            storage.discard(one)
