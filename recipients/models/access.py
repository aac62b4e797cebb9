"""Who looked at whom (UU 27/2022: the trace of processing), and the codes that open one's own data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.enums import Access
from recipients.models.people import Family


class AccessLog(models.Model):
    """One look at personal data, written before it is shown. Holds ids and counts, never a number or a name."""

    at = models.DateTimeField(_("waktu"), db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )  # none: the family itself, with a code
    kind = models.CharField(_("perbuatan"), max_length=14, choices=Access.choices)
    family = models.ForeignKey(
        Family, models.PROTECT, null=True, related_name="+", verbose_name=_("keluarga")
    )
    subject = notes.NoteField(_("hal"), max_length=200, blank=True)
    reason = notes.NoteField(_("alasan"), max_length=200, blank=True)
    rows = models.IntegerField(_("jumlah baris"), null=True)

    class Meta:
        verbose_name = _("catatan akses")
        verbose_name_plural = _("catatan akses")
        ordering = ["-id"]
        indexes = [models.Index(fields=["family", "at"], name="access_log_by_family")]
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(kind=Access.OWN_CODE, family__isnull=False),
                name="access_log_names_who_looked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class FamilyCode(models.Model):
    """A code printed on a letter that opens one family's own decile and reasons until it lapses."""

    family = models.ForeignKey(Family, models.PROTECT, related_name="codes")
    code_index = models.BinaryField(max_length=16, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    valid_until = models.DateField()

    class Meta:
        verbose_name = _("kode surat")
        verbose_name_plural = _("kode surat")

    def __str__(self) -> str:
        return str(self.pk)
