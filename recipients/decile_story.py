"""How a family's decile moved, told in one way to staff and to the family.

A move belongs to the published release: what an older one moved is history (family_page.steps), not "dulu".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recipients.addressing import Reader
from recipients.enums import Direction
from recipients.models import CurrentRelease, DecileChange, RegistryRelease, WelfareSnapshot


@dataclass(frozen=True)
class Story:
    """The decile now, what the published release changed of it, and whether an earlier release knew the family."""

    now: int | None
    change: DecileChange | None
    is_listed: bool
    was_known: bool

    @property
    def before(self) -> int | None:
        return self.change.before if self.change else self.now

    @property
    def is_first(self) -> bool:
        return self.is_listed and not self.was_known and (self.change is None or self.change.before is None)

    def ladder(self) -> list[tuple[int, str]]:
        """The ten deciles with a mark at "sekarang" and, when it differs, at "dulu"."""
        marks: dict[int | None, str] = {self.before: "before", self.now: "now"}
        return [(decile, marks.get(decile, "")) for decile in range(1, 11)]

    def marks_in_words(self) -> str:
        if self.now is None:
            return _("Belum diperingkat.")
        if self.before is None or self.before == self.now:
            return _("Sekarang desil %(now)s.") % {"now": self.now}
        return _("Sekarang desil %(now)s, dulu desil %(before)s.") % {"now": self.now, "before": self.before}

    def sentence(self, reader: Reader) -> str:
        """What the published release did, in one sentence."""
        if self.is_first:
            return first_words(self.now)
        if self.change is not None:
            return change_words(self.change, reader)
        return self._unchanged(reader)

    def _unchanged(self, reader: Reader) -> str:
        values = {**reader.names(), "now": self.now}
        if not self.is_listed:
            return _("Data pusat sekarang tidak memuat %(family)s.") % values
        if self.now is None:
            return _("Pusat masih belum memberi desil kepada %(family)s.") % values
        return _("Desil %(family)s tetap %(now)s, tidak berubah sejak data pusat yang lalu.") % values


def of_family(family_id: int) -> Story:
    return of_families([family_id])[family_id]


@dataclass(frozen=True)
class History:
    """Everything that published releases said of one family: its snapshots, newest first, and its moves."""

    release: RegistryRelease | None
    snapshots: list[WelfareSnapshot]
    changes: list[DecileChange]

    @property
    def last(self) -> WelfareSnapshot | None:
        """What stands; of a family that the published release does not name, what stood last."""
        return self.snapshots[0] if self.snapshots else None

    def story(self) -> Story:
        last, release = self.last, self.release
        is_listed = last is not None and last.stands_at(release)
        return Story(
            now=last.decile if last and is_listed else None,
            change=next((one for one in self.changes if one.release == release), None),
            is_listed=is_listed,
            was_known=any(one.from_release != release for one in self.snapshots),
        )


def history_of(family_id: int) -> History:
    """Three queries."""
    release = CurrentRelease.get()
    rows = WelfareSnapshot.objects.published().filter(family=family_id).order_by("-from_release_id")
    moved = DecileChange.objects.filter(family=family_id, release__lte=CurrentRelease.pointer())
    return History(
        release,
        list(rows.select_related("village__parent", "from_release")),
        list(moved.select_related("release")),
    )


def of_families(families: Collection[int]) -> dict[int, Story]:
    """Four queries, however many families."""
    release = CurrentRelease.get()
    rows = WelfareSnapshot.objects.known().filter(family__in=families)
    standing = dict(rows.standing().values_list("family", "decile"))
    earlier = rows.filter(from_release__lt=release.pk if release else 0)
    known = set(earlier.values_list("family", flat=True))
    moved = DecileChange.objects.filter(release=release, family__in=families)
    changes = {change.family_id: change for change in moved}
    return {
        family: Story(standing.get(family), changes.get(family), family in standing, family in known)
        for family in families
    }


def first_words(decile: int | None) -> str:
    if decile is None:
        return _("Pertama kali tercatat di data pusat, belum diperingkat.")
    return _("Pertama kali tercatat di data pusat, di desil %(decile)d.") % {"decile": decile}


def change_words(change: DecileChange, reader: Reader) -> str:
    """Never "naik desil" alone: what the data now thinks of the family (ux.md 5.1)."""
    values = {**reader.names(), "before": change.before, "after": change.after}
    if change.direction == Direction.UP:
        return _("Data pusat menganggap %(family)s lebih mampu: desil %(before)s menjadi %(after)s.") % values
    if change.direction == Direction.DOWN:
        return (
            _("Data pusat menganggap %(family)s kurang mampu: desil %(before)s menjadi %(after)s.") % values
        )
    if change.direction == Direction.NEWLY_RANKED:
        return _("Pusat baru memberi desil kepada %(family)s: desil %(after)s.") % values
    if change.before is None:
        return _("Data pusat tidak lagi memuat %(family)s.") % values
    return _("Data pusat tidak lagi memuat desil %(family)s. Terakhir desil %(before)s.") % values
