"""The centre's registry, release by release. A decile is written by an approved import and by nothing else."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Subquery
from django.utils.translation import gettext_lazy as _

from recipients.enums import Direction
from recipients.models.names import NameWords
from recipients.models.region import AreaQuerySet, Region

Row = TypeVar("Row", bound=models.Model)


class RegistryReleaseQuerySet(models.QuerySet["RegistryRelease"]):
    def published(self) -> Self:
        return self.filter(pk__lte=CurrentRelease.pointer())


class RegistryRelease(models.Model):
    """One release that was applied. Ids follow the order of data dates: an older release is never applied after."""

    id = models.SmallAutoField(primary_key=True)
    label = models.CharField(_("rilis"), max_length=20, unique=True)  # 2026-Q1
    as_of = models.DateField(_("tanggal data"), unique=True)
    applied_at = models.DateTimeField(_("diterapkan"))
    decile_counts: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)

    objects = RegistryReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("rilis DTSEN")
        verbose_name_plural = _("rilis DTSEN")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.label


class CurrentRelease(models.Model):
    """One row: the pointer that publishes a release. A release above it is applied, not yet in force, and undoable."""

    ONLY = 1
    id = models.SmallIntegerField(primary_key=True, default=ONLY)
    release = models.ForeignKey(RegistryRelease, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="current_release_one_row")]

    def __str__(self) -> str:
        return str(self.release)

    @classmethod
    def get(cls) -> RegistryRelease | None:
        row = cls.objects.select_related("release").first()
        return row.release if row else None

    @classmethod
    def label(cls) -> str:
        """Of the release in force; empty before the first."""
        release = cls.get()
        return release.label if release else ""

    @classmethod
    def pointer(cls) -> Subquery:
        """The id of the release in force, to compare with inside a query."""
        return Subquery(cls.objects.values("release_id")[:1])


class IntervalQuerySet(models.QuerySet[Row]):
    """Rows that hold from one release until before another."""

    def standing(self) -> Self:
        """As the published release has them."""
        return self.at_release(CurrentRelease.pointer())

    def known(self) -> Self:
        """All rows, said so that the index of those that stand and the index of those that ended are both used."""
        return self.filter(Q(until_release=None) | Q(until_release__isnull=False))

    def published(self) -> Self:
        """Standing or ended, but of no release that is not published yet."""
        return self.known().filter(from_release__lte=CurrentRelease.pointer())

    def at_release(self, release: Any) -> Self:
        """As that release (an id, an object or a subquery for an id) had them."""
        release = getattr(release, "pk", release)
        return self.filter(Q(until_release=None) | Q(until_release__gt=release), from_release__lte=release)


class WelfareSnapshotQuerySet(IntervalQuerySet["WelfareSnapshot"], AreaQuerySet["WelfareSnapshot"]):
    def head_names(self) -> dict[int, str]:
        """The head of each family, by the family's id; where several of these rows name one, the newest."""
        return dict(self.order_by("from_release_id").values_list("family_id", "head_name"))


class Housing(models.Model):
    """Housing of layout A, as codes of the code book (domain.md 3.3)."""

    home_ownership = models.SmallIntegerField(null=True)
    floor_area = models.SmallIntegerField(null=True)  # m2
    floor_type = models.SmallIntegerField(null=True)
    wall_type = models.SmallIntegerField(null=True)
    roof_type = models.SmallIntegerField(null=True)
    water_source = models.SmallIntegerField(null=True)
    lighting_source = models.SmallIntegerField(null=True)
    power = models.SmallIntegerField(null=True)  # 1=450 2=900 3=1300 4=2200 5=more, in VA
    cooking_fuel = models.SmallIntegerField(null=True)
    toilet = models.SmallIntegerField(null=True)
    closet = models.SmallIntegerField(null=True)
    sewage = models.SmallIntegerField(null=True)

    class Meta:
        abstract = True


class Assets(models.Model):
    """Assets of layout A: 1 yes, 2 no; livestock as counts."""

    asset_gas_cylinder = models.SmallIntegerField(null=True)
    asset_fridge = models.SmallIntegerField(null=True)
    asset_air_conditioner = models.SmallIntegerField(null=True)
    asset_water_heater = models.SmallIntegerField(null=True)
    asset_landline = models.SmallIntegerField(null=True)
    asset_flat_tv = models.SmallIntegerField(null=True)
    asset_gold = models.SmallIntegerField(null=True)
    asset_computer = models.SmallIntegerField(null=True)
    asset_motorcycle = models.SmallIntegerField(null=True)
    asset_bicycle = models.SmallIntegerField(null=True)
    asset_car = models.SmallIntegerField(null=True)
    asset_boat = models.SmallIntegerField(null=True)
    asset_motorboat = models.SmallIntegerField(null=True)
    asset_smartphone = models.SmallIntegerField(null=True)
    asset_other_land = models.SmallIntegerField(null=True)
    asset_other_house = models.SmallIntegerField(null=True)
    asset_ownership = models.SmallIntegerField(null=True)
    cattle = models.SmallIntegerField(null=True)
    buffaloes = models.SmallIntegerField(null=True)
    horses = models.SmallIntegerField(null=True)
    pigs = models.SmallIntegerField(null=True)
    goats_sheep = models.SmallIntegerField(null=True)

    class Meta:
        abstract = True


class WelfareSnapshot(Housing, Assets):
    """What releases say of a family, as an interval: one row only where something changed."""

    family = models.ForeignKey(
        "recipients.Family", models.PROTECT, db_constraint=False, db_index=False, related_name="snapshots"
    )
    from_release = models.ForeignKey(
        RegistryRelease,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("sejak rilis"),
    )
    until_release = models.ForeignKey(
        RegistryRelease, models.PROTECT, db_constraint=False, db_index=False, null=True, related_name="+"
    )
    row_key = models.BigIntegerField()
    village = models.ForeignKey(
        Region,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("desa/kelurahan"),
    )
    decile = models.SmallIntegerField(_("desil"), null=True)
    head_name = models.CharField(_("kepala keluarga"), max_length=120)
    address = models.CharField(_("alamat"), max_length=200, blank=True)
    member_count = models.SmallIntegerField(_("jumlah anggota"), null=True)
    national_pbi = models.SmallIntegerField(null=True)
    local_pbi = models.SmallIntegerField(null=True)
    # What the file said in another code book, and which; null where it said the same in ours.
    written_codes: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(
        null=True
    )

    objects = WelfareSnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("keadaan menurut DTSEN")
        verbose_name_plural = _("keadaan menurut DTSEN")
        constraints = [
            models.UniqueConstraint(
                fields=["family"], condition=Q(until_release=None), name="snapshot_one_standing_per_family"
            ),
            models.CheckConstraint(
                condition=Q(decile=None) | Q(decile__range=(1, 10)), name="snapshot_decile_1_to_10"
            ),
            models.CheckConstraint(
                condition=Q(until_release=None) | Q(until_release__gt=F("from_release")),
                name="snapshot_interval_runs_forward",
            ),
        ]
        indexes = [
            models.Index(
                fields=["family"], condition=Q(until_release__isnull=False), name="snapshot_history"
            ),
            GinIndex(NameWords("head_name"), name="snapshot_by_name"),
        ]

    def __str__(self) -> str:
        return self.head_name

    def stands_at(self, release: RegistryRelease | None) -> bool:
        """Of a row that the release or an earlier one brought: whether it still held then."""
        until = self.until_release_id
        return release is not None and (until is None or until > release.pk)


class DecileChangeQuerySet(AreaQuerySet["DecileChange"]):
    def visible_to(self, user: Any) -> Self:
        return super().visible_to(user).filter(release__lte=CurrentRelease.pointer())

    def crossing(self, programme_code: str) -> Self:
        return self.filter(crossed_ceilings__contains=[programme_code])


class DecileChange(models.Model):
    """A family whose decile in `release` differs from the one in `previous`. Append-only."""

    family = models.ForeignKey(
        "recipients.Family", models.PROTECT, db_constraint=False, related_name="decile_changes"
    )
    previous = models.ForeignKey(
        RegistryRelease,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("rilis sebelumnya"),
    )
    release = models.ForeignKey(
        RegistryRelease,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("rilis"),
    )
    village = models.ForeignKey(
        Region,
        models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("desa/kelurahan"),
    )
    before = models.SmallIntegerField(_("desil dulu"), null=True)
    after = models.SmallIntegerField(_("desil sekarang"), null=True)
    direction = models.CharField(_("arah"), max_length=12, choices=Direction.choices)
    crossed_ceilings = ArrayField(
        models.CharField(max_length=20), default=list, verbose_name=_("batas program yang dilewati")
    )

    objects = DecileChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("perubahan desil")
        verbose_name_plural = _("perubahan desil")
        constraints = [
            models.UniqueConstraint(fields=["release", "family"], name="decile_change_once_per_release"),
            models.CheckConstraint(
                condition=Q(before=None) | Q(after=None) | ~Q(before=F("after")),
                name="decile_change_is_a_change",
            ),
        ]
        indexes = [
            models.Index(fields=["release", "village"], name="decile_change_by_village"),
            GinIndex(fields=["crossed_ceilings"], name="decile_change_crossed"),
        ]

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"
