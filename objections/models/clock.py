"""What the office promised: days off by decree and times of service. Data, so that a decree needs no programmer."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from objections.enums import Step
from objections.workdays import Workdays

# What is promised until the office sets its own numbers (ux.md G25): the rows of ServiceTime count, these fill gaps.
PROMISED: dict[str, int] = {
    Step.URGENT: 1,
    Step.TRIAGE: 3,
    Step.EXPLAIN: 5,
    Step.VISIT: 10,
    Step.COMPLETION: 10,
    Step.REEXAM: 10,
    Step.DECISION: 14,
    Step.OBJECT: 20,
    Step.ASK_AGAIN: 10,
}


class HolidayQuerySet(models.QuerySet["Holiday"]):
    def workdays(self) -> Workdays:
        """The office's calendar, in one query."""
        rows = list(self.values_list("day", "is_off"))
        return Workdays(
            added=frozenset(day for day, is_off in rows if is_off),
            removed=frozenset(day for day, is_off in rows if not is_off),
        )


class Holiday(models.Model):
    """A day off that the library does not know, or one of its days on which the office works."""

    day = models.DateField(_("hari"), unique=True)
    is_off = models.BooleanField(
        _("libur"), default=True, help_text=_("Kosongkan bila hari ini libur nasional tetapi kantor bekerja.")
    )
    name = models.CharField(_("nama"), max_length=120)
    decree = models.CharField(_("dasar"), max_length=160, help_text=_("Misalnya: SKB 3 Menteri 2026."))

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"


class ServiceTimeQuerySet(models.QuerySet["ServiceTime"]):
    def days(self) -> dict[str, int]:
        return PROMISED | dict(self.values_list("step", "working_days"))


class ServiceTime(models.Model):
    """How many working days one step may take. A change counts for cases that move from then on."""

    step = models.CharField(_("langkah"), max_length=10, choices=Step.choices, unique=True)
    working_days = models.PositiveSmallIntegerField(_("hari kerja"))
    basis = models.CharField(_("dasar"), max_length=200)

    objects = ServiceTimeQuerySet.as_manager()

    class Meta:
        verbose_name = _("batas waktu layanan")
        verbose_name_plural = _("batas waktu layanan")
        ordering = ["working_days", "step"]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=Step.values), name="service_step_known"),
            models.CheckConstraint(
                condition=Q(working_days__gte=1, working_days__lte=120), name="service_time_sane"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())
