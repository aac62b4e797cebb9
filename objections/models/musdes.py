"""Village deliberations (musdes): which cases were on the agenda, what was said of each, and the signed minutes."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bansos.common import notes
from objections.enums import MusdesResult
from objections.models.objection import Objection
from recipients.models import Region
from recipients.models.region import AreaQuerySet


class Musdes(models.Model):
    """One meeting of one village. Once its minutes are in, nothing of it changes."""

    village = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("desa/kelurahan"))
    held_on = models.DateField(_("hari musyawarah"))
    place = models.CharField(_("tempat"), max_length=120)
    form_key = models.UUIDField(default=uuid.uuid4, unique=True)
    attended = models.PositiveSmallIntegerField(_("yang hadir"), null=True)
    minutes_no = models.CharField(_("nomor berita acara"), max_length=80, blank=True)
    closed_at = models.DateTimeField(_("berita acara masuk"), null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("dibuat oleh")
    )
    made_at = models.DateTimeField(_("dibuat"), db_default=Now())

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("musyawarah desa")
        verbose_name_plural = _("musyawarah desa")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(minutes_no=""), name="musdes_minutes_have_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village}, {self.held_on:%d-%m-%Y}"


class MusdesItemQuerySet(models.QuerySet["MusdesItem"]):
    def agreed(self) -> Self:
        """A paper a proposal may stand on: agreed, and the minutes are in."""
        return self.filter(result=MusdesResult.AGREED, musdes__closed_at__isnull=False)


class MusdesItem(models.Model):
    """One family on the agenda."""

    musdes = models.ForeignKey(Musdes, models.PROTECT, related_name="items")
    objection = models.ForeignKey(Objection, models.PROTECT, related_name="musdes_items")
    result = models.CharField(_("hasil"), max_length=9, choices=MusdesResult.choices, blank=True)
    note = notes.NoteField(_("catatan"), max_length=300, blank=True)

    objects = MusdesItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("acara musyawarah")
        verbose_name_plural = _("acara musyawarah")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["musdes", "objection"], name="musdes_case_once"),
            models.CheckConstraint(
                condition=Q(result="") | Q(result__in=MusdesResult.values), name="musdes_result_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.musdes}: {self.objection}"
