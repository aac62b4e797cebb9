"""A file on its way into the registry, with every refused row kept."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.enums import BatchState, FileKind, ImportEventKind
from recipients.models.code_books import OURS
from recipients.models.registry import RegistryRelease

DROPPED = (BatchState.REFUSED, BatchState.UNDONE)  # nothing of it is in the registry: its file may come again


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def open(self) -> Self:
        return self.exclude(state__in=[BatchState.DECIDED, *DROPPED])

    def unpublished(self) -> Self:
        """Applied, and not in force: at most one, because no other delivery is applied meanwhile."""
        return self.filter(state__in=[BatchState.WITHHELD, BatchState.RELEASING, BatchState.UNDOING])


class ImportBatch(models.Model):
    """One delivery of a release: a family file and, usually, a member file."""

    release_label = models.CharField(_("rilis"), max_length=20)
    as_of = models.DateField(_("tanggal data"))
    state = models.CharField(
        _("tahap"), max_length=9, choices=BatchState.choices, default=BatchState.RECEIVED
    )
    code_book = models.CharField(_("buku kode"), max_length=24, default=OURS, db_default=OURS)
    family_file_name = models.CharField(_("berkas keluarga"), max_length=200)
    family_sha256 = models.CharField(max_length=64)
    family_stored = models.CharField(max_length=100)
    member_file_name = models.CharField(_("berkas anggota"), max_length=200, blank=True)
    member_sha256 = models.CharField(max_length=64, blank=True)
    member_stored = models.CharField(max_length=100, blank=True)
    # By kind of file, the sheets that a person chose; without a choice the visible ones alike are read.
    sheets: models.JSONField[dict[str, list[str]], dict[str, list[str]]] = models.JSONField(default=dict)
    counts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    preview: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    round = models.PositiveIntegerField(default=1)  # grows when it is checked again with people's fixes
    # Digest of the fixes its preview was made with.
    checked_with = models.CharField(max_length=64, blank=True)
    stage_seconds: models.JSONField[dict[str, float], dict[str, float]] = models.JSONField(default=dict)
    refusal = models.TextField(_("sebab ditolak"), blank=True)
    received_at = models.DateTimeField(_("diterima"), db_default=Now())
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("diunggah oleh")
    )
    approved_at = models.DateTimeField(_("disetujui"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("disetujui oleh"),
    )
    is_withheld = models.BooleanField(default=False)  # applied first, published by a person's word later
    applied_at = models.DateTimeField(_("diterapkan"), null=True)
    published_at = models.DateTimeField(_("diterbitkan"), null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undo_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undo_reason = notes.NoteField(max_length=300, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(_("selesai"), null=True)
    release = models.OneToOneField(RegistryRelease, models.PROTECT, null=True, related_name="batch")

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("kiriman data pusat")
        verbose_name_plural = _("kiriman data pusat")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["family_sha256", "member_sha256"],
                condition=~Q(state__in=DROPPED),
                name="batch_same_file_once",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("received_by")), name="batch_two_people"
            ),
            models.CheckConstraint(
                condition=Q(undone_by=None) | ~Q(undone_by=F("undo_asked_by")), name="batch_undone_by_two"
            ),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("received_by")),
                name="batch_published_by_other",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_label} ({self.family_file_name})"

    def file_of(self, kind: FileKind) -> tuple[str, str]:
        """Where it is kept and what it was called."""
        if kind == FileKind.FAMILY:
            return self.family_stored, self.family_file_name
        return self.member_stored, self.member_file_name


class ImportRow(models.Model):
    """A refused row: where, why, and the row itself, sealed. Messages are made from the code (importing/issues)."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="refused_rows")
    file = models.CharField(_("berkas"), max_length=6, choices=FileKind.choices)
    line = models.IntegerField(_("baris"))
    column = models.CharField(_("kolom"), max_length=60)
    code = models.CharField(_("jenis kesalahan"), max_length=40)
    value = models.CharField(_("tertulis"), max_length=80, blank=True)  # masked where it is an identifier
    message = models.CharField(_("penjelasan"), max_length=300)
    sealed_row = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("baris ditolak")
        verbose_name_plural = _("baris ditolak")
        indexes = [models.Index(fields=["batch", "code"], name="import_row_by_code")]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"


class ImportEvent(models.Model):
    """What people did with a delivery, in order. Append-only."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=ImportEventKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = notes.NoteField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_kind_display()
