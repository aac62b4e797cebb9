"""When the centre takes what the district types: days of the month as data, since they differ by place and time."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SubmissionWindowQuerySet(models.QuerySet["SubmissionWindow"]):
    def in_force_until_later(self, today: date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=today))


class SubmissionWindow(models.Model):
    """From one day of each month to another, both included; a day the month does not have is its last."""

    name = models.CharField(_("nama"), max_length=60, help_text=_("Misalnya: SIKS-NG."))
    from_day = models.PositiveSmallIntegerField(_("dari tanggal"))
    to_day = models.PositiveSmallIntegerField(_("sampai tanggal"))
    valid_from = models.DateField(_("berlaku sejak"))
    valid_to = models.DateField(_("berlaku sampai"), null=True, blank=True)
    basis = models.CharField(_("dasar"), max_length=200)

    objects = SubmissionWindowQuerySet.as_manager()

    class Meta:
        verbose_name = _("jadwal kirim ke pusat")
        verbose_name_plural = _("jadwal kirim ke pusat")
        ordering = ["name", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_day__gte=1, from_day__lte=F("to_day"), to_day__lte=31),
                name="submission_window_days_of_a_month",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="submission_window_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def in_month(self, year: int, month: int) -> tuple[date, date]:
        last = monthrange(year, month)[1]
        return date(year, month, min(self.from_day, last)), date(year, month, min(self.to_day, last))

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
