"""What an upheld objection makes happen: written down by who proposes, carried out when a second person agrees."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from objections.enums import RemedyKind
from objections.models.objection import Objection
from recipients.models.region import AreaQuerySet


class RemedyQuerySet(AreaQuerySet["Remedy"]):
    village_path = "objection__village"

    def waiting(self) -> Self:
        return self.filter(done_at=None)


class Remedy(models.Model):
    """One act on the facts. `payload` by kind: CORRECT and PROPOSE hold `changes` (field, value, person, note), PROPOSE
    the paper it stands on too; REFUTE holds the flag's id; ELSEWHERE nothing, its note says what was done where.
    """

    objection = models.ForeignKey(
        Objection, models.PROTECT, related_name="remedies", verbose_name=_("sanggahan")
    )
    kind = models.CharField(_("jenis"), max_length=9, choices=RemedyKind.choices)
    payload: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    note = notes.NoteField(_("alasan"), max_length=300)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )
    made_at = models.DateTimeField(_("dibuat"), db_default=Now())
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("disetujui oleh"),
    )
    done_at = models.DateTimeField(_("dijalankan"), null=True)
    outcome = models.CharField(_("hasil"), max_length=80, blank=True)  # USUL-26-00012

    objects = RemedyQuerySet.as_manager()

    class Meta:
        verbose_name = _("perbaikan")
        verbose_name_plural = _("perbaikan")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_by=None, done_at=None) | Q(done_by__isnull=False, done_at__isnull=False),
                name="remedy_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(done_by=None) | ~Q(done_by=F("made_by")), name="remedy_done_by_another"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
