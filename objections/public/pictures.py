"""The drawing beside each reason, for those who read little: templates/public/pictures, lines on a grid of 24."""

from __future__ import annotations

from typing import Any

from django import forms

from objections.enums import Reason

OF_REASON = {
    Reason.POWER_NOT_OURS: "meter",
    Reason.PROPERTY_NOT_OURS: "property",
    Reason.INCOME_FELL: "less_money",
    Reason.EARNER_GONE: "earner_gone",
    Reason.ILL_OR_OLD: "walking_stick",
    Reason.NIK_MISUSED: "card",
    Reason.NOT_DEAD: "alive",
    Reason.FAMILY_SIZE: "family",
    Reason.ADDRESS: "place",
    Reason.HOUSE: "worn_house",
    Reason.NOT_VISITED: "no_visit",
    Reason.OTHER: "talk",
    Reason.UNKNOWN: "question",
}


class PicturedReasons(forms.CheckboxSelectMultiple):
    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().create_option(name, value, *args, **kwargs) | {"picture": OF_REASON[Reason(value)]}
