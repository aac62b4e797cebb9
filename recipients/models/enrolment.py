"""Programmes, and the decile ceilings in force on a day (written by the rule sets above, through services)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recipients.enums import Unit


class Programme(models.Model):
    """A programme of assistance. Meeting its rule is not yet receiving it."""

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField(_("kode"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=80)
    unit = models.CharField(_("untuk"), max_length=6, choices=Unit.choices)
    owner = models.CharField(_("pemilik"), max_length=80)

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("program")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class DecileCeilingQuerySet(models.QuerySet["DecileCeiling"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(effective_to=None) | Q(effective_to__gte=day), effective_from__lte=day)


class DecileCeiling(models.Model):
    """The highest decile a programme takes, from one day to another (both included)."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="ceilings")
    ceiling = models.SmallIntegerField()
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)

    objects = DecileCeilingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "effective_from"], name="ceiling_once_per_start"),
            models.CheckConstraint(condition=Q(ceiling__range=(1, 10)), name="ceiling_1_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code} 1-{self.ceiling}"
