"""Facts beside the registry: what lists and visits say of somebody."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.enums import FlagKind, FlagStatus
from recipients.models.people import Family, Person
from recipients.models.region import AreaQuerySet


class ExternalFlagQuerySet(AreaQuerySet["ExternalFlag"]):
    village_path = "family__village"

    def in_force(self, day: date) -> Self:
        """Not refuted, and valid on that day."""
        return self.exclude(status=FlagStatus.REFUTED).filter(
            Q(valid_until=None) | Q(valid_until__gte=day), observed_on__lte=day
        )


class ExternalFlag(models.Model):
    """A lead with its source: never a verdict until a person of the office confirms it (domain.md 0, no. 11 and 12).

    `family` is always there; `person` where the kind speaks of one. A refuted flag stays, so that the same source
    cannot raise it again.
    """

    family = models.ForeignKey(Family, models.PROTECT, related_name="flags", verbose_name=_("keluarga"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="flags", verbose_name=_("orang")
    )
    kind = models.CharField(_("jenis"), max_length=20, choices=FlagKind.choices)
    status = models.CharField(
        _("keadaan"), max_length=9, choices=FlagStatus.choices, default=FlagStatus.ALLEGED
    )
    source = models.CharField(_("sumber"), max_length=80)  # who says so: "Dukcapil", "BKPSDM", "kunjungan"
    source_ref = models.CharField(_("rujukan sumber"), max_length=80, blank=True)
    observed_on = models.DateField(_("diketahui pada"))
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    evidence = notes.NoteField(_("keterangan"), max_length=300, blank=True)
    raised_at = models.DateTimeField(_("dicatat"), db_default=Now())
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )
    settled_at = models.DateTimeField(_("diputus"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("diputus oleh"),
    )
    settled_note = notes.NoteField(_("alasan"), max_length=300, blank=True)
    # objection:SGH-26-4K7Q-2
    settled_ref = models.CharField(_("rujukan keputusan"), max_length=80, blank=True)

    objects = ExternalFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tanda dari daftar lain")
        verbose_name_plural = _("tanda dari daftar lain")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "person", "kind", "source"],
                name="flag_once_per_source",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(status=FlagStatus.ALLEGED, settled_at=None)
                | ~Q(status=FlagStatus.ALLEGED) & Q(settled_at__isnull=False),
                name="flag_settled_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("observed_on")),
                name="flag_runs_forward",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="flag_of_person")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_status_display()})"
