"""Rule sets: dated versions of a programme's rule, as data."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from recipients.models import Programme


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    def in_force(self, day: date) -> Self:
        return self.filter(Q(effective_to=None) | Q(effective_to__gte=day), effective_from__lte=day)

    def programmes_on(self, day: date) -> models.QuerySet[RuleSet, dict[str, Any]]:
        """The programmes that a rule holds for that day, to filter by: without a rule nothing stands."""
        return self.in_force(day).values("programme")


class RuleSet(models.Model):
    """One dated version of a programme's rule: conditions with their limits, as data."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="rule_sets", verbose_name=_("program")
    )
    version = models.SmallIntegerField(_("versi"))
    effective_from = models.DateField(_("berlaku sejak"))
    effective_to = models.DateField(_("berlaku sampai"), null=True)
    legal_basis = models.TextField(_("dasar hukum"))
    to_be_confirmed = models.TextField(_("masih perlu dipastikan"), blank=True)
    conditions: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(_("syarat"))
    amounts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        _("jumlah bantuan"), default=dict
    )
    source_file = models.CharField(_("berkas"), max_length=100)
    loaded_at = models.DateTimeField(_("dimuat"), db_default=Now())

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("aturan program")
        verbose_name_plural = _("aturan program")
        ordering = ["programme", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "version"], name="rule_set_version_once"),
            models.UniqueConstraint(fields=["programme", "effective_from"], name="rule_set_start_once"),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="rule_set_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.name} versi {self.version}"
