"""/api/v1/: where objections stand. No story, no contact, no reporter."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from bansos.common.api import Rows
from objections.enums import Kind, State
from objections.models import Objection


class ObjectionSerializer(serializers.ModelSerializer[Objection]):
    village = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)

    class Meta:
        model = Objection
        fields = ("receipt_no", "kind", "channel", "state", "village", "filed_at", "due_on", "decided_at")


class Objections(Rows):
    """Cases of the own area, but for reports about others: they are read on their page, where each look is logged."""

    model = Objection
    serializer_class = ObjectionSerializer
    related = ("village",)
    filters = {"state": "state", "village": "village__code"}

    def visible(self) -> Any:
        return super().visible().exclude(kind=Kind.WELL_OFF)

    def wanted(self, asked: dict[str, str]) -> dict[str, Any]:
        if asked.get("state", State.SUBMITTED) not in State.values:
            raise ValueError(f"state is one of {', '.join(State.values)}")
        return super().wanted(asked)
