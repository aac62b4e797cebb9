"""What people decided about refused rows of a delivery: never changed, at most withdrawn (docs/decisions/0016)."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.enums import FileKind, FixKind
from recipients.models.imports import ImportBatch


class ImportFixQuerySet(models.QuerySet["ImportFix"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class ImportFix(models.Model):
    """One act of one person, with one reason: cells of some rows, or a rule for all rows alike."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="fixes")
    file = models.CharField(_("berkas"), max_length=6, choices=FileKind.choices)
    kind = models.CharField(_("perbaikan"), max_length=6, choices=FixKind.choices)
    code = models.CharField(_("jenis kesalahan"), max_length=40, blank=True)
    column = models.CharField(_("kolom"), max_length=60, blank=True)
    # MAP only; scrubbed like a refused value.
    written = models.CharField(_("tertulis"), max_length=80, blank=True)
    # MAP only: a code, never a number of a person.
    value = models.CharField(_("menjadi"), max_length=20, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)  # FILE only: the mended file
    rows = models.PositiveIntegerField(_("baris"), default=0)
    reason = notes.NoteField(_("alasan"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("oleh"))
    at = models.DateTimeField(_("waktu"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = ImportFixQuerySet.as_manager()

    class Meta:
        verbose_name = _("perbaikan kiriman")
        verbose_name_plural = _("perbaikan kiriman")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="fix_withdrawal_is_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="fix_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class FixedCell(models.Model):
    """The new content of one cell, sealed: it may be a number. Without a column: the row is left out."""

    fix = models.ForeignKey(ImportFix, models.PROTECT, related_name="cells")
    line = models.IntegerField(_("baris"))
    column = models.CharField(_("kolom"), max_length=60, blank=True)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("isi yang diganti")
        verbose_name_plural = _("isi yang diganti")
        constraints = [models.UniqueConstraint(fields=["fix", "line", "column"], name="fixed_cell_once")]

    def __str__(self) -> str:
        return f"{self.line}: {self.column}"
