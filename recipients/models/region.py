"""Where people live, and who of the staff may see which part of it."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recipients.enums import RegionLevel, VillageKind

Row = TypeVar("Row", bound=models.Model)
WHOLE_DISTRICT = "recipients.see_whole_district"


class RegionQuerySet(models.QuerySet["Region"]):
    def villages(self) -> Self:
        return self.filter(level=RegionLevel.VILLAGE)

    def subdistricts(self) -> Self:
        return self.filter(level=RegionLevel.SUBDISTRICT)

    def visible_to(self, user: Any) -> Self:
        """The villages of the user's areas, and the sub-districts they lie in."""
        if sees_whole_district(user):
            return self
        villages = villages_of(user)
        return self.filter(Q(pk__in=villages) | Q(children__in=villages)).distinct()


class Region(models.Model):
    """A district, sub-district or village. Facts of Kepmendagri 300.2.2-2138/2025 (domain.md 13 and appendix)."""

    id = models.AutoField(primary_key=True)
    code = models.CharField(_("kode Kemendagri"), max_length=13, unique=True)
    bps_code = models.CharField(_("kode BPS"), max_length=10, null=True, blank=True, unique=True)
    level = models.CharField(_("tingkat"), max_length=11, choices=RegionLevel.choices)
    kind = models.CharField(_("jenis"), max_length=9, choices=VillageKind.choices, blank=True)
    name = models.CharField(_("nama"), max_length=80)
    aliases = ArrayField(
        models.CharField(max_length=80), default=list, blank=True, verbose_name=_("nama lain")
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering = ["code"]
        permissions = [("see_whole_district", "May see every village of the district")]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="region_name_once_in_parent"),
            models.CheckConstraint(
                condition=Q(kind="") | Q(level=RegionLevel.VILLAGE), name="region_kind_only_for_villages"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StaffArea(models.Model):
    """One region a member of staff works in: a village, or a sub-district with all its villages."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="areas", verbose_name=_("petugas")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("wilayah"))

    class Meta:
        verbose_name = _("wilayah kerja")
        verbose_name_plural = _("wilayah kerja")
        constraints = [models.UniqueConstraint(fields=["user", "region"], name="staff_area_once")]

    def __str__(self) -> str:
        return f"{self.user} / {self.region}"


def sees_whole_district(user: Any) -> bool:
    return bool(user.is_active and user.has_perm(WHOLE_DISTRICT))


def villages_of(user: Any) -> models.QuerySet[Region]:
    """The villages of the user's own areas; none for a user without areas."""
    areas = StaffArea.objects.filter(user_id=user.pk, user__is_active=True).values("region")
    return Region.objects.villages().filter(
        Q(pk__in=areas) | Q(parent__in=areas) | Q(parent__parent__in=areas)
    )


class AreaQuerySet(models.QuerySet[Row]):
    """Rows that belong to a village: every list, count, choice and export starts at `visible_to`."""

    village_path = "village"

    def visible_to(self, user: Any) -> Self:
        if sees_whole_district(user):
            return self
        return self.filter(**{f"{self.village_path}__in": villages_of(user)})
