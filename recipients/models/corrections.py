"""What the district put right where its own import misread the file: beside the registry's row, never in it."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from recipients.models.people import Family, FamilyMembership
from recipients.models.region import AreaQuerySet
from recipients.models.registry import WelfareSnapshot


class FactCorrectionQuerySet(AreaQuerySet["FactCorrection"]):
    village_path = "family__village"

    def in_force(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def laid_over(self, rows: list[Any], day: date) -> None:
        """Give these snapshots or memberships the corrected values, in memory. One query."""
        if not rows:
            return
        owner = "snapshot" if isinstance(rows[0], WelfareSnapshot) else "membership"
        by_key = {row.pk: row for row in rows}
        for correction in self.in_force(day).filter(**{f"{owner}__in": list(by_key)}):
            row = by_key[getattr(correction, f"{owner}_id")]
            setattr(row, correction.field, correction.corrected)


class FactCorrection(models.Model):
    """One fact that stands corrected for as long as the registry's row that it corrects stands.

    It hangs on the row (an interval), not on the family: the centre's next word on that family makes a new row, and
    the correction is over without anybody's doing. A value of the code book, a count or 0/1 is in `value`, a day in
    `day`. A decile is never corrected here (domain.md 0, no. 1).
    """

    family = models.ForeignKey(Family, models.PROTECT, related_name="corrections", verbose_name=_("keluarga"))
    snapshot = models.ForeignKey(
        WelfareSnapshot, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    membership = models.ForeignKey(
        FamilyMembership, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    field = models.CharField(_("data"), max_length=32)
    value = models.SmallIntegerField(null=True)
    day = models.DateField(null=True)
    because = notes.NoteField(_("alasan"), max_length=300)
    reference = models.CharField(_("rujukan"), max_length=80, blank=True)  # objection:SGH-26-4K7Q-2
    since = models.DateField(_("sejak"))
    until = models.DateField(_("sampai"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("disetujui oleh")
    )

    objects = FactCorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("perbaikan data kabupaten")
        verbose_name_plural = _("perbaikan data kabupaten")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "field"],
                condition=Q(until=None),
                name="correction_once_per_member_fact",
            ),
            models.UniqueConstraint(
                fields=["snapshot", "field"], condition=Q(until=None), name="correction_once_per_family_fact"
            ),
            models.CheckConstraint(
                condition=Q(snapshot=None, membership__isnull=False)
                | Q(snapshot__isnull=False, membership=None),
                name="correction_of_one_row",
            ),
            models.CheckConstraint(
                condition=Q(value=None, day__isnull=False) | Q(value__isnull=False, day=None),
                name="correction_has_one_value",
            ),
            models.CheckConstraint(condition=~Q(field="decile"), name="correction_never_of_a_decile"),
            models.CheckConstraint(
                condition=~Q(made_by=F("approved_by")), name="correction_approved_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} ({self.since})"

    @property
    def corrected(self) -> Any:
        """The value as the row would hold it."""
        if self.day is not None:
            return self.day
        return bool(self.value) if self.field == "has_disability" else self.value
