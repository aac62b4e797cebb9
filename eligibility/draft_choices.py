"""What a condition's form offers to tick, each in words, and which cells each kind of condition has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from eligibility.rules.facts import NAMES
from eligibility.wording import COMPONENTS

_LIMITED = ("fact", "limit", "severity")
# The cells of each kind; what else was filled belongs to another kind. static/css/staff.css shows just these.
CELLS: dict[str, tuple[str, ...]] = {
    "at_most": _LIMITED,
    "at_least": _LIMITED,
    "equals": _LIMITED,
    "in_set": ("fact", "values", "severity"),
    "some_of": ("components", "severity"),
    "any_member": ("fact", "severity"),
    "no_lead": ("fact", "severity"),
    "no_confirmed_flag": ("kinds", "subject", "severity"),
    "no_exclusive_programme": ("programmes", "subject", "severity"),
    "by_hand": (),
}
# The usual components as a line each; others stand in the text of a rule. School levels: Regsosek 2022-K.
LINES = (
    "small_child members_aged_up_to 5",
    "small_child members_aged_up_to 6",
    "pupil_sd members_at_school 1, 2, 3, 4, 5",
    "pupil_smp members_at_school 6, 7, 8, 9, 10",
    "pupil_sma members_at_school 11, 12, 13, 14, 15, 16, 17",
    "school_age members_aged_between 6, 12",
    "school_age members_aged_between 7, 18",
    "elder members_aged_from 60",
    "elder members_aged_from 65",
    "elder members_aged_from 70",
    "disability members_with_disability",
    "female_head members_female_head",
)


def cells_of(kind: str, fact: str) -> set[str]:
    own = CELLS.get(kind, ())
    taken = NAMES[fact].takes if "fact" in own and fact in NAMES else ()
    return {*own, *taken, *(("subject",) if "programmes" in taken else ())}


class AnyOf(forms.MultipleChoiceField):
    """Boxes to tick. What a text says beyond the list is kept, offered first: the check tells what is wrong with it."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: Any) -> bool:
        return True

    def offer(self, told: Iterable[str], listed: Iterable[tuple[str, Any]]) -> None:
        """Those that are told, in their order, then the rest of the list."""
        words, first = dict(listed), list(told)
        self.choices = [(value, words.pop(value, value)) for value in first] + list(words.items())


def component_words(line: str) -> str:
    """A component's line as people say it."""
    name, _fact, value = [*line.split(" ", 2), "", ""][:3]
    said = str(COMPONENTS.get(name, name))
    if name == "small_child":
        return _("%(who)s, sampai %(age)s tahun") % {"who": said, "age": value}
    if name == "school_age":
        return _("%(who)s, %(ages)s tahun") % {"who": said, "ages": value.replace(", ", _(" sampai "))}
    if name == "elder":
        return _("%(who)s, mulai %(age)s tahun") % {"who": said, "age": value}
    return (
        said if line in LINES or not value else _("%(who)s (kode %(codes)s)") % {"who": said, "codes": value}
    )
