"""Field visits: planned for a day and a visitor, written down once, never rewritten."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from objections.enums import NotMet
from objections.models.objection import Objection
from recipients.models.region import AreaQuerySet


class FieldVisitQuerySet(AreaQuerySet["FieldVisit"]):
    village_path = "objection__village"

    def waiting(self) -> Self:
        return self.filter(done_at=None)

    def done(self) -> Self:
        return self.filter(done_at__isnull=False)


class FieldVisit(models.Model):
    """One visit to one family for one case. `answers` hold field, person, recorded and seen: only what was looked at,
    with the recorded value as it stood that day. Once done, the database refuses every change.
    """

    objection = models.ForeignKey(
        Objection, models.PROTECT, related_name="visits", verbose_name=_("sanggahan")
    )
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("direncanakan oleh")
    )
    planned_at = models.DateTimeField(_("direncanakan"), db_default=Now())
    for_day = models.DateField(_("untuk hari"))
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("petugas kunjungan")
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dicatat oleh")
    )
    done_at = models.DateTimeField(_("dicatat"), null=True)
    not_met = models.CharField(_("tidak bertemu"), max_length=10, choices=NotMet.choices, blank=True)
    denies_tie = models.BooleanField(_("menyatakan bukan keluarga atau kerabat"), default=False)
    met_whom = models.CharField(_("bertemu dengan"), max_length=120, blank=True)
    witness = models.CharField(_("saksi"), max_length=120, blank=True)
    answers: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    finding = models.TextField(_("temuan"), max_length=2000, blank=True)
    place_sealed = models.BinaryField(null=True)  # where the visitor stood, if told

    objects = FieldVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = _("kunjungan")
        ordering = ["-for_day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["objection"], condition=Q(done_at=None), name="visit_one_waiting_per_case"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="visit_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(not_met="", met_whom=""), name="visit_met_somebody_or_says_why"
            ),
            models.CheckConstraint(
                condition=Q(not_met="") | Q(not_met__in=NotMet.values), name="visit_not_met_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objection} {self.for_day:%Y-%m-%d}"

    def differing(self) -> list[dict[str, Any]]:
        return [answer for answer in self.answers if answer["seen"] != answer["recorded"]]
