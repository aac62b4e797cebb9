"""From where on a delivery looks wrong: numbers that the office may set, each with the reason it was set so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recipients.enums import Limit

# What was usual in the releases of 2025; holds wherever the office has set nothing else.
USUAL: dict[str, int] = {
    Limit.MISSING_SHARE: 5,
    Limit.NEW_SHARE: 15,
    Limit.MOVED_SHARE: 40,
    Limit.DECILE_POINTS: 5,
    Limit.BACK_SHARE: 90,
    Limit.VILLAGE_FROM: 10,
    Limit.ROUNDED_SHARE: 30,
    Limit.SWAPPED_FROM: 3,
    Limit.VILLAGE_POINTS: 5,
    Limit.VILLAGE_ROWS_SHARE: 10,
    Limit.LIST_GONE_SHARE: 5,
}
USUAL_BASIS = "Lazim di rilis 2025; perlu ditetapkan kantor"


class ToleranceQuerySet(models.QuerySet["Tolerance"]):
    def in_force(self) -> dict[str, int]:
        """All of them by code, in one query."""
        return USUAL | dict(self.values_list("code", "value"))


class Tolerance(models.Model):
    """A change counts for deliveries that are checked from then on; what a check was made with stays with it."""

    code = models.CharField(_("batas"), max_length=20, choices=Limit.choices, unique=True)
    value = models.PositiveSmallIntegerField(_("nilai"))
    basis = models.CharField(_("dasar"), max_length=160, help_text=_("Siapa yang menetapkan, dan mengapa."))

    objects = ToleranceQuerySet.as_manager()

    class Meta:
        verbose_name = _("batas kewajaran")
        verbose_name_plural = _("batas kewajaran")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=100),
                name="tolerance_1_to_100",
                violation_error_message=_("Isi angka 1 sampai 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()
