"""/api/v1/: releases, regions, and who moved from which decile to which."""

from __future__ import annotations

from typing import Any

from django.db import models
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bansos.common.api import Rows
from recipients.access import record_access
from recipients.enums import Access, Direction
from recipients.models import DecileChange, Region, RegistryRelease
from recipients.roles import EXPORT_CHANGES


class ReleaseSerializer(serializers.ModelSerializer[RegistryRelease]):
    class Meta:
        model = RegistryRelease
        fields = ("label", "as_of", "decile_counts")


class RegionSerializer(serializers.ModelSerializer[Region]):
    within = serializers.SlugRelatedField[Region](source="parent", slug_field="code", read_only=True)

    class Meta:
        model = Region
        fields = ("code", "bps_code", "level", "kind", "name", "within")


class DecileChangeSerializer(serializers.ModelSerializer[DecileChange]):
    release = serializers.SlugRelatedField[RegistryRelease](slug_field="label", read_only=True)
    previous = serializers.SlugRelatedField[RegistryRelease](slug_field="label", read_only=True)
    village = serializers.SlugRelatedField[Region](slug_field="code", read_only=True)

    class Meta:
        model = DecileChange
        fields = (
            "family",
            "village",
            "previous",
            "release",
            "before",
            "after",
            "direction",
            "crossed_ceilings",
        )


class Releases(Rows):
    """The published releases. Their figures are of the whole district."""

    model = RegistryRelease
    serializer_class = ReleaseSerializer

    def visible(self) -> models.QuerySet[Any]:
        return RegistryRelease.objects.published()


class Regions(Rows):
    model = Region
    serializer_class = RegionSerializer
    related = ("parent",)
    filters = {"level": "level", "within": "parent__code"}


class DecileChanges(Rows):
    """One row a family that moved, without its name: a download, so it asks for that permission and is logged."""

    model = DecileChange
    permission = EXPORT_CHANGES
    serializer_class = DecileChangeSerializer
    related = ("release", "previous", "village")
    filters = {
        "release": "release__label",
        "village": "village__code",
        "direction": "direction",
        "crossed": "crossed_ceilings__contains",
    }

    def wanted(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("direction", Direction.UP) not in Direction.values:
            raise ValueError(f"direction is one of {', '.join(Direction.values)}")
        found = super().wanted(asked)
        if "crossed" in asked:
            found["crossed_ceilings__contains"] = [asked["crossed"]]
        return found

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        answer = super().list(request, *args, **kwargs)
        rows = len(answer.data["results"])
        record_access(by=request.user, kind=Access.EXPORT, subject="API: perubahan desil", rows=rows)
        return answer
