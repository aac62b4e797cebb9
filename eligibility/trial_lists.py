"""The families behind a number of a trial, read anew: for the page and for the file, within the reader's area.

A family that is new in a delivery has no page yet: it is told by name from the delivery's own rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from eligibility import trial_groups, trial_page
from eligibility.engine.compare import Changed
from eligibility.models import Trial
from eligibility.services import trials
from eligibility.services.outcomes import NO_RULE
from eligibility.services.trials import Number
from recipients import family_page
from recipients.models import Family, FamilyCardNumber, Region
from recipients.services import newcomers

HEADER = (
    "keluarga_no", "orang_no", "kepala_keluarga", "kecamatan", "desa_kelurahan", "hasil_sekarang", "hasil_nanti",
    "terdaftar", "komponen", "kerentanan", "baru_di_kiriman",
)  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """One family or person of a list, in words."""

    changed: Changed
    head_name: str
    card: str
    village: Region
    before: Any
    after: Any
    is_new: bool

    @property
    def components(self) -> str:
        return trial_groups.in_words(self.changed.groups, are_vulnerable=False)

    @property
    def vulnerabilities(self) -> str:
        return trial_groups.in_words(self.changed.groups, are_vulnerable=True)


def visible(trial: Trial, changed: list[Changed], user: Any) -> list[Changed]:
    """Those of the user's area, the delivery's new families among them."""
    families = Family.objects.visible_to(user).filter(pk__in={row.family_id for row in changed})
    seen = set(families.values_list("pk", flat=True))
    new = newcomers.named(batch_id=trial.batch_id, family_ids={row.family_id for row in changed} - seen)
    theirs = Region.objects.visible_to(user).filter(pk__in={one.village_id for one in new})
    villages = set(theirs.values_list("pk", flat=True))
    seen |= {one.family_id for one in new if one.village_id in villages}
    return [row for row in changed if row.family_id in seen]


def listed(trial: Trial, changed: list[Changed], *, with_cards: bool = False) -> list[Listed]:
    """With the names of those who are visible; a card number is masked, and asked for by the page only."""
    keys = {row.family_id for row in changed}
    families = Family.objects.filter(pk__in=keys).annotate(head=family_page.head_name_of("pk"))
    heads = dict(families.values_list("pk", "head"))
    new = newcomers.named(batch_id=trial.batch_id, family_ids=keys - set(heads))
    names = {**heads, **{one.family_id: one.head_name for one in new}}
    cards = _cards(keys) if with_cards else {}
    villages = Region.objects.select_related("parent").in_bulk({row.village_id for row in changed})
    return [
        Listed(
            changed=row,
            head_name=names.get(row.family_id) or "",
            card=cards.get(row.family_id, ""),
            village=villages[row.village_id],
            before=trial_page.RESULTS[row.before or NO_RULE],
            after=trial_page.RESULTS[row.after or NO_RULE],
            is_new=row.family_id not in heads,
        )
        for row in changed
    ]


def _cards(families: set[int]) -> dict[int, str]:
    return {card.family_id: card.masked() for card in FamilyCardNumber.objects.filter(family__in=families)}


def rows(trial: Trial, number: Number, user: Any) -> Iterator[tuple[Any, ...]]:
    """The file's rows, part by part."""
    subdistricts = list(Region.objects.visible_to(user).subdistricts().order_by("code"))
    for part in trials.changed_in_trial(trial=trial, number=number, subdistricts=subdistricts):
        for one in listed(trial, visible(trial, part, user)):
            yield (
                one.changed.family_id,
                one.changed.person_id,
                one.head_name,
                one.village.parent.name if one.village.parent else "",
                one.village.name,
                one.before,
                one.after,
                _yes_no(one.changed.is_enrolled),
                one.components,
                one.vulnerabilities,
                _yes_no(one.is_new),
            )


def _yes_no(value: bool) -> str:
    return _("ya") if value else _("tidak")
