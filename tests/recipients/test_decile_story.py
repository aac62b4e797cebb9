"""One story of a family's decile for staff, citizens and letters: the published release's move, else none."""

from __future__ import annotations

from datetime import date

import pytest

from recipients import decile_story
from recipients.addressing import CITIZEN, LETTER, STAFF
from recipients.enums import Direction
from recipients.models import CurrentRelease, DecileChange
from tests.factories.registry import make_family, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def releases():
    return [
        make_release("2025-Q4", date(2025, 10, 20)),
        make_release("2026-Q1", date(2026, 1, 23)),
    ]


def move(family, previous, release, before, after, direction):
    DecileChange.objects.create(
        family=family, previous=previous, release=release, village=family.village,
        before=before, after=after, direction=direction,
    )  # fmt: skip


def marks(story):
    return {mark: decile for decile, mark in story.ladder() if mark}


@pytest.mark.parametrize(
    ("decile", "words"),
    [(6, "Pertama kali tercatat di data pusat, di desil 6."), (None, "belum diperingkat")],
)
def test_a_family_that_no_earlier_release_knew_is_recorded_for_the_first_time(releases, decile, words):
    story = decile_story.of_family(make_family(release=releases[1], decile=decile).pk)

    assert words in story.sentence(CITIZEN)
    assert "tetap" not in story.sentence(CITIZEN)
    assert "before" not in marks(story)


def test_a_family_new_in_a_later_release_is_no_less_new_for_having_a_change(releases):
    family = make_family(release=releases[1], decile=3)
    move(family, *releases, None, 3, Direction.NEWLY_RANKED)

    assert decile_story.of_family(family.pk).sentence(STAFF).startswith("Pertama kali tercatat")


@pytest.mark.parametrize(("reader", "name"), [(CITIZEN, "Anda"), (LETTER, "Bapak/Ibu"), (STAFF, "ini")])
def test_a_family_that_an_earlier_release_knew_has_stayed(releases, reader, name):
    story = decile_story.of_family(make_family(release=releases[0], decile=6).pk)

    assert (
        story.sentence(reader) == f"Desil keluarga {name} tetap 6, tidak berubah sejak data pusat yang lalu."
    )
    assert marks(story) == {"now": 6}


@pytest.mark.parametrize(
    ("before", "after", "direction", "words"),
    [
        (4, 6, Direction.UP, "menganggap keluarga Anda lebih mampu: desil 4 menjadi 6"),
        (7, 6, Direction.DOWN, "menganggap keluarga Anda kurang mampu: desil 7 menjadi 6"),
        (None, 6, Direction.NEWLY_RANKED, "baru memberi desil kepada keluarga Anda: desil 6"),
        (6, None, Direction.DROPPED, "tidak lagi memuat desil keluarga Anda. Terakhir desil 6"),
        (None, None, Direction.DROPPED, "tidak lagi memuat keluarga Anda."),
    ],
)
def test_the_move_of_the_published_release_is_told(releases, before, after, direction, words):
    family = make_family(release=releases[0], decile=after)
    move(family, *releases, before, after, direction)
    story = decile_story.of_family(family.pk)

    assert words in story.sentence(CITIZEN)
    assert "None" not in story.sentence(CITIZEN) + story.marks_in_words()
    assert (story.before, story.now) == (before, after)


def test_a_move_of_an_older_release_is_history(releases):
    family = make_family(release=releases[0], decile=6)
    move(family, *releases, 4, 6, Direction.UP)
    assert decile_story.of_family(family.pk).marks_in_words() == "Sekarang desil 6, dulu desil 4."

    make_release("2026-Q2", date(2026, 4, 23))
    story = decile_story.of_family(family.pk)

    assert story.marks_in_words() == "Sekarang desil 6."
    assert marks(story) == {"now": 6}
    assert "tetap 6" in story.sentence(STAFF)


def test_a_family_that_left_the_release_and_one_before_any_release_are_told_so(releases):
    family = make_family(release=releases[0], decile=6)
    family.snapshots.update(until_release=releases[1])
    assert (
        decile_story.of_family(family.pk).sentence(STAFF) == "Data pusat sekarang tidak memuat keluarga ini."
    )

    CurrentRelease.objects.all().delete()
    assert decile_story.of_family(family.pk).now is None


def test_five_families_cost_four_queries(releases, django_assert_num_queries):
    families = [make_family(release=releases[0]).pk for _ in range(5)]

    with django_assert_num_queries(4):
        assert len(decile_story.of_families(families)) == 5
