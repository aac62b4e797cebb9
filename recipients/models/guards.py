"""What about a whole delivery looks wrong, and who looked at it and said why it is right all the same."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.enums import GuardCode
from recipients.models.imports import ImportBatch


class ImportGuardQuerySet(models.QuerySet["ImportGuard"]):
    def unanswered(self) -> Self:
        return self.filter(answered_at=None)


class ImportGuard(models.Model):
    """Holds a delivery until a person who did not upload it answers. Made at the preview (importing/guards.py)."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="guards")
    code = models.CharField(_("yang janggal"), max_length=20, choices=GuardCode.choices)
    params: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dijawab oleh")
    )
    answered_at = models.DateTimeField(_("dijawab"), null=True)
    answer = notes.NoteField(_("penjelasan"), max_length=300, blank=True)

    objects = ImportGuardQuerySet.as_manager()

    class Meta:
        verbose_name = _("penahan kiriman")
        verbose_name_plural = _("penahan kiriman")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "code"], name="guard_once_per_batch"),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                name="guard_answer_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.message()

    def message(self) -> str:
        """What was met, in numbers, and what to do."""
        return str(GUARD_MESSAGES[self.code]).format(**self.params)


GUARD_MESSAGES: dict[str, Any] = {
    GuardCode.NOTHING_NEW: _(
        "Isi berkas ini sama dengan rilis {release}: tidak ada keluarga baru, berubah, atau hilang. "
        "Mungkin berkas lama dengan nama baru. Cek surat pengantarnya."
    ),
    GuardCode.OLD_CONTENT: _(
        "{share} % keluarga yang desilnya berubah kembali ke desil sebelum rilis {release}. "
        "Mungkin ini berkas rilis lama. Cek tanggal datanya."
    ),
    GuardCode.FAMILIES_MISSING: _(
        "{count} dari {total} keluarga ({share} %) tidak ada di berkas ini. Mungkin kiriman belum lengkap. "
        "Mereka tidak dihapus, hanya tercatat tidak ada di rilis ini."
    ),
    GuardCode.VILLAGES_MISSING: _(
        "Tidak ada satu keluarga pun dari {count} desa: {names}. Mungkin kiriman belum lengkap."
    ),
    GuardCode.FAMILIES_MANY: _(
        "Berkas ini memuat {count} keluarga baru, {share} % dari {total} yang ada. Cek sumbernya."
    ),
    GuardCode.DECILES_MOVED: _(
        "Desil {share} % keluarga berubah. Biasanya jauh lebih sedikit. Cek apakah kolom desilnya benar."
    ),
    GuardCode.DECILE_SHARES: _(
        "Bagian desil {decile} menjadi {after} %, sebelumnya {before} %. Cek apakah kolom desilnya benar."
    ),
    GuardCode.NUMBERS_ROUNDED: _(
        "{share} % nomor yang disimpan sebagai angka berakhir 0 (biasanya 10 %). Excel memotong angka terakhir. "
        "Minta berkas dengan kolom nomor sebagai Teks."
    ),
    GuardCode.OTHER_CODE_BOOK: _(
        "{column} berisi {code} di {count} baris. Kode itu tidak ada di buku kode {book}, yang dipakai "
        "membaca berkas ini. Hentikan kiriman ini, lalu unggah lagi dengan buku kode yang lain."
    ),
    GuardCode.NUMBERS_SWAPPED: _(
        "Di {count} baris NIK dan No. KK pasti tertukar kolom, mungkin di seluruh berkas. Pengunggah menukarnya "
        "kembali dengan satu perbaikan: buka jenis kesalahan “NIK dan No. KK tertukar” di bawah."
    ),
}
