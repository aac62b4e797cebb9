"""A list on its way in: the delivery, whose column is whose field, and every row that was not used."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.enums import ListKind, ListState
from recipients.models.region import Region


class ColumnMapping(models.Model):
    """Whose column is whose field in the files of one source. Never changed: another way is the next version."""

    kind = models.CharField(_("jenis daftar"), max_length=20, choices=ListKind.choices)
    source = models.CharField(_("sumber"), max_length=80)
    version = models.SmallIntegerField(_("versi"))
    columns: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("kolom"))
    fixed: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(_("nilai tetap"), default=dict)
    # Of the file it was made for.
    header: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    made_at = models.DateTimeField(_("dibuat"), db_default=Now())
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )

    class Meta:
        verbose_name = _("pencocokan kolom")
        verbose_name_plural = _("pencocokan kolom")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "version"], name="mapping_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} v{self.version}"


class ListDeliveryQuerySet(models.QuerySet["ListDelivery"]):
    def standing(self) -> Self:
        return self.exclude(state=ListState.REFUSED)


class ListDelivery(models.Model):
    """One file of one source. `counts` and `preview` are made by the check and again, as done, by applying."""

    kind = models.CharField(_("jenis daftar"), max_length=20, choices=ListKind.choices)
    source = models.CharField(_("sumber"), max_length=80)
    as_of = models.DateField(_("tanggal daftar"))
    # Who is not on it does not receive any more.
    is_complete = models.BooleanField(_("daftar lengkap"), default=False)
    state = models.CharField(_("tahap"), max_length=9, choices=ListState.choices, default=ListState.RECEIVED)
    round = models.SmallIntegerField(default=1)  # a check that is made again is another job
    file_name = models.CharField(_("berkas"), max_length=200)
    sha256 = models.CharField(max_length=64)
    stored = models.CharField(max_length=100)
    # Those that a person chose; without a choice the visible ones alike are read.
    sheets: models.JSONField[list[str], list[str]] = models.JSONField(_("lembar"), default=list)
    sheets_at = models.DateTimeField(_("lembar dipilih"), null=True)
    sheets_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("lembar dipilih oleh"),
    )  # none: as it came, or chosen by who sent it
    header: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    filled: models.JSONField[list[int], list[int]] = models.JSONField(default=list)  # percent, by column
    sealed_head = models.BinaryField(null=True)  # the first rows, for samples on the mapping page
    mapping = models.ForeignKey(ColumnMapping, models.PROTECT, null=True, related_name="deliveries")
    fixed: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    counts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    preview: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    stage_seconds: models.JSONField[dict[str, float], dict[str, float]] = models.JSONField(default=dict)
    refusal = models.TextField(_("sebab ditolak"), blank=True)
    received_at = models.DateTimeField(_("diunggah"), db_default=Now())
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
    applied_at = models.DateTimeField(_("diterapkan"), null=True)

    objects = ListDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("daftar yang dikirim")
        verbose_name_plural = _("daftar yang dikirim")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "sha256"],
                condition=~Q(state=ListState.REFUSED),
                name="list_same_file_once",
            ),
            models.CheckConstraint(
                condition=Q(sheets_at=None, sheets_by=None)
                | Q(sheets_at__isnull=False, sheets_by__isnull=False),
                name="list_sheets_chosen_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("received_by")), name="list_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.source}"

    @property
    def reference(self) -> str:
        """How enrolments, payouts and flags name the list they came from."""
        return f"list:{self.pk}"


class ListRow(models.Model):
    """A row that was not used: refused for what is written in it, or left for a person to look at (`is_work`)."""

    delivery = models.ForeignKey(ListDelivery, models.CASCADE, related_name="rows", verbose_name=_("daftar"))
    line = models.IntegerField(_("baris"))
    column = models.CharField(_("kolom"), max_length=60, blank=True)
    code = models.CharField(_("jenis"), max_length=40)
    value = models.CharField(_("tertulis"), max_length=80, blank=True)  # masked where it is an identifier
    message = models.CharField(_("penjelasan"), max_length=300)
    is_work = models.BooleanField(_("perlu ditangani"), default=False)
    name = models.CharField(_("nama di daftar"), max_length=120, blank=True)
    village = models.ForeignKey(
        Region, models.PROTECT, null=True, related_name="+", verbose_name=_("desa/kelurahan")
    )
    settled_at = models.DateTimeField(_("ditangani"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ditangani oleh"),
    )
    settled_note = notes.NoteField(_("hasil"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("baris daftar yang belum terpakai")
        verbose_name_plural = _("baris daftar yang belum terpakai")
        indexes = [models.Index(fields=["delivery", "code"], name="list_row_by_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="list_row_settled_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return _("Baris %d") % self.line
