"""A new version of a code book: nothing that was read with the version before it changes its meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from bansos.common import db
from recipients.importing import codebooks
from recipients.importing.issues import printable
from recipients.importing.layouts import FAMILY_CODED
from recipients.models import CodeBook
from recipients.models.code_books import Changes

SHORTEST_BASIS = 5
_SOURCE = re.compile(r"[A-Z][A-Z0-9-]{1,15}")
_BOUNDS = {column.field: (column.low, column.high) for column in FAMILY_CODED}
Line = tuple[str, str, str]  # field, number as written, our number


class BookRefused(ValueError):
    """The version cannot be made so; the message says why and what to do, in Indonesian."""


@transaction.atomic
def add_code_book(*, source: str, lines: Sequence[Line], basis: str, by: User) -> CodeBook:
    source, basis = source.strip().upper(), printable(basis.strip())[:160]
    if not _SOURCE.fullmatch(source):
        raise BookRefused(_("Nama sumber terdiri dari 2 sampai 16 huruf besar, angka, atau tanda hubung."))
    if len(basis) < SHORTEST_BASIS:
        raise BookRefused(_("Tulis dasarnya, misalnya surat atau buku pedoman dari pusat."))
    changes = _changes(lines)
    db.lock_until_commit(f"code book:{source}")
    before = [one for one in codebooks.books().values() if one.source == source]
    if before and before[-1].to_ours == changes:
        raise BookRefused(_("Isinya sama dengan versi %s. Tidak ada yang perlu dibuat.") % before[-1].code)
    version = before[-1].version + 1 if before else 1
    return CodeBook.objects.create(source=source, version=version, to_ours=changes, basis=basis, made_by=by)


def _changes(lines: Sequence[Line]) -> Changes:
    """Only what differs from our book; the same number twice in one column is refused."""
    changes: Changes = {}
    for field, written, ours in lines:
        _refuse_impossible(field, written, ours)
        of_field = changes.setdefault(field, {})
        number = str(int(written))
        if number in of_field:
            raise BookRefused(
                _("Angka %s ditulis dua kali untuk kolom yang sama. Hapus salah satu.") % number
            )
        of_field[number] = str(int(ours))
    return {
        field: kept
        for field, of_field in changes.items()
        if (kept := {written: ours for written, ours in of_field.items() if written != ours})
    }


def _refuse_impossible(field: str, written: str, ours: str) -> None:
    low, high = _BOUNDS.get(field, (1, 0))
    if not re.fullmatch("[0-9]{1,2}", written):
        raise BookRefused(_("Kode di berkas %s bukan angka 0 sampai 99.") % (printable(written)[:20] or "–"))
    if not re.fullmatch("[0-9]{1,2}", ours) or not low <= int(ours) <= high:
        raise BookRefused(_("Pilih arti untuk kode %s.") % written)
