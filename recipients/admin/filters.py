"""Filters whose choices are the user's own area, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from recipients.enums import Direction
from recipients.models import (
    CurrentRelease,
    DecileChange,
    Programme,
    Region,
    RegistryRelease,
    WelfareSnapshot,
)

MOST_VILLAGES = 40
NONE = "tidak-ada"
DECILES = [(str(decile), _("desil %d") % decile) for decile in range(1, 11)]


class SubdistrictFilter(admin.SimpleListFilter):
    title = _("kecamatan")
    parameter_name = "kecamatan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Region.objects.visible_to(request.user).subdistricts().order_by("name")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(**{f"{queryset.village_path}__parent": self.value()})

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        """Another sub-district forgets the village that was chosen in the last one."""
        for choice, value in zip(
            super().choices(changelist), [None, *dict(self.lookup_choices)], strict=True
        ):
            chosen = {self.parameter_name: value} if value else {}
            yield {
                **choice,
                "query_string": changelist.get_query_string(chosen, [self.parameter_name, "desa"]),
            }


class VillageFilter(admin.SimpleListFilter):
    """All villages of a small area; of a large one those of the chosen sub-district."""

    title = _("desa/kelurahan")
    parameter_name = "desa"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = Region.objects.visible_to(request.user).villages().order_by("name")
        subdistrict = request.GET.get("kecamatan", "")
        if subdistrict.isascii() and subdistrict.isdecimal() and len(subdistrict) < 10:
            rows = rows.filter(parent=int(subdistrict))
        found = [(str(pk), name) for pk, name in rows.values_list("pk", "name")]
        asked = request.GET.get(self.parameter_name)
        return found if len(found) <= MOST_VILLAGES else [row for row in found if row[0] == asked]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(**{queryset.village_path: self.value()})


class StandingDecileFilter(admin.SimpleListFilter):
    title = _("desil sekarang")
    parameter_name = "desil"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*DECILES, (NONE, _("belum diperingkat"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        decile = None if self.value() == NONE else int(self.value())
        return queryset.filter(
            pk__in=WelfareSnapshot.objects.standing().filter(decile=decile).values("family")
        )


class MovedFilter(admin.SimpleListFilter):
    """Whether the published release moved the family's decile."""

    title = _("di rilis terakhir")
    parameter_name = "gerak"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("tetap", _("desil tetap")), ("berubah", _("desil berubah"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        moved = DecileChange.objects.filter(release__in=CurrentRelease.objects.values("release"))
        wanted = Exists(moved.filter(family=OuterRef("pk")))
        return queryset.filter(wanted if self.value() == "berubah" else ~wanted)


class ReleaseFilter(admin.SimpleListFilter):
    title = _("rilis")
    parameter_name = "rilis"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (str(pk), label) for pk, label in RegistryRelease.objects.published().values_list("pk", "label")
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(release=self.value())


class DirectionFilter(admin.SimpleListFilter):
    title = _("arti bagi keluarga")
    parameter_name = "arah"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return Direction.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(direction=self.value())


class CrossedFilter(admin.SimpleListFilter):
    title = _("batas program yang dilewati")
    parameter_name = "batas"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Programme.objects.values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.crossing(self.value())


class _DecileFilter(admin.SimpleListFilter):
    field: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*DECILES, (NONE, _("tidak ada"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(**{self.field: None if self.value() == NONE else int(self.value())})


class BeforeFilter(_DecileFilter):
    title = _("desil dulu")
    parameter_name = "dulu"
    field = "before"


class AfterFilter(_DecileFilter):
    title = _("desil sekarang")
    parameter_name = "sekarang"
    field = "after"
