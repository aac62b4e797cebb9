"""Trials: what would change if other rules held, or if a delivery were applied. Counts only, nothing personal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from recipients.models import RegistryRelease


class Trial(models.Model):
    """One question of one person, and its answer. `compared` holds both sides' conditions as they were asked.

    `batch_id` names the delivery whose facts are tried, with the rules in force on both sides; null: rules are tried.
    Nobody asked for a trial that the sweep began. The job row says how far it is; `result` is a Comparison
    (services/simulating.py) as data.
    """

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("ditanyakan oleh"),
    )
    asked_at = models.DateTimeField(_("ditanyakan"), db_default=Now())
    as_of = models.DateField(_("untuk tanggal"))
    compared: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        _("yang dibandingkan")
    )
    release = models.ForeignKey(
        RegistryRelease, models.PROTECT, null=True, related_name="+", verbose_name=_("rilis")
    )
    batch_id = models.IntegerField(null=True)
    result: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    finished_at = models.DateTimeField(_("selesai"), null=True)

    class Meta:
        verbose_name = _("coba aturan")
        verbose_name_plural = _("coba aturan")
        ordering = ["-id"]

    def __str__(self) -> str:
        if self.batch_id is not None:
            return _("akibat kiriman nomor %d") % self.batch_id
        differing = [one for one in self.compared if one["before"] != one["after"]] or self.compared
        return "; ".join(f"{one['before']['name']} → {one['after']['name']}" for one in differing)
