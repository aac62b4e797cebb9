"""Whom a family may turn to near its home, kept by the office. Whoever comes reads it: nothing private stands here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bansos.common.notes import NoteField
from objections.enums import HelpRole
from recipients.enums import RegionLevel
from recipients.models import Region

HELPED_LEVELS = (RegionLevel.VILLAGE, RegionLevel.SUBDISTRICT)


class VillageHelpQuerySet(models.QuerySet["VillageHelp"]):
    def nearest(self, region: Region) -> Sequence[VillageHelp]:
        """Those of the region itself; where it has none, those of its sub-district; else nobody."""
        found = list(self.filter(region__in=[region.pk, region.parent_id]).in_order())
        own = [each for each in found if each.region_id == region.pk]
        return own or found

    def in_order(self) -> Self:
        return self.order_by("place", "role", "name")


class VillageHelp(models.Model):
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        related_name="+",
        verbose_name=_("desa atau kecamatan"),
        limit_choices_to={"level__in": HELPED_LEVELS},
        help_text=_("Petugas kecamatan tampil di desa yang belum punya petugas sendiri."),
    )
    role = models.CharField(_("tugas"), max_length=12, choices=HelpRole.choices)
    name = models.CharField(
        _("nama"), max_length=80, help_text=_("Tampil di halaman umum, persis seperti ditulis di sini.")
    )
    hours = models.CharField(
        _("jam"), max_length=80, help_text=_("Misalnya: Senin sampai Jumat, pukul 8-14.")
    )
    office_phone = models.CharField(
        _("telepon kantor"),
        max_length=16,
        blank=True,
        validators=[
            RegexValidator(
                r"^0[0-9]{1,3}[0-9 -]{4,12}$",
                _("Tulis nomor kantor dengan angka dan diawali 0, misalnya 0376-21234. Boleh dikosongkan."),
            )
        ],
        help_text=_(
            "Nomor kantor saja, jangan nomor pribadi: semua orang bisa melihatnya. Boleh dikosongkan."
        ),
    )
    note = NoteField(
        _("keterangan"),
        max_length=160,
        blank=True,
        help_text=_("Misalnya: di samping masjid. Boleh dikosongkan."),
    )
    place = models.PositiveSmallIntegerField(
        _("urutan"), default=1, help_text=_("Angka kecil tampil lebih dulu.")
    )

    objects = VillageHelpQuerySet.as_manager()

    class Meta:
        verbose_name = _("petugas di desa")
        verbose_name_plural = _("petugas di desa")
        ordering = ["region__code", "place", "role", "name"]
        constraints = [
            models.UniqueConstraint(fields=["region", "role", "name"], name="village_help_once"),
            models.CheckConstraint(condition=Q(role__in=HelpRole.values), name="village_help_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.region}: {self.name}"

    def clean(self) -> None:
        if self.region_id and self.region.level not in HELPED_LEVELS:
            raise ValidationError({"region": _("Pilih desa atau kecamatan, bukan kabupaten.")})
