"""Working days of an Indonesian office, with feasts, joint leave and decrees."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from objections.models import Holiday
from objections.workdays import Workdays

PLAIN = Workdays()
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 11, 20), 3, date(2026, 11, 25)),  # Friday, over a weekend
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # in on a Saturday
        (
            date(2026, 3, 17),
            1,
            date(2026, 3, 25),
        ),  # Nyepi, Lebaran and their joint leave: a week without work
        (date(2026, 12, 23), 1, date(2026, 12, 28)),  # joint leave before Christmas
        (date(2026, 8, 14), 1, date(2026, 8, 18)),  # Independence Day on a Monday
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_the_nth_working_day_skips_weekends_feasts_and_joint_leave(day, count, expected):
    assert PLAIN.after(day, count) == expected


@pytest.mark.django_db
def test_a_decree_adds_a_day_off_and_takes_one_back():
    Holiday.objects.create(day=date(2026, 11, 23), name="Libur daerah", decree="contoh")
    Holiday.objects.create(day=date(2026, 12, 24), name="Tetap kerja", is_off=False, decree="contoh")
    calendar = Holiday.objects.workdays()

    assert calendar.after(date(2026, 11, 20), 1) == date(2026, 11, 24)
    assert calendar.after(date(2026, 12, 23), 1) == date(2026, 12, 24)


@given(day=DAYS, count=st.integers(1, 60))
def test_between_is_the_inverse_of_after(day, count):
    end = PLAIN.after(day, count)

    assert PLAIN.is_working(end)
    assert PLAIN.between(day, end) == count


@given(first=DAYS, middle=DAYS, last=DAYS)
def test_working_days_add_up(first, middle, last):
    first, middle, last = sorted([first, middle, last])

    assert PLAIN.between(first, middle) + PLAIN.between(middle, last) == PLAIN.between(first, last)


def test_an_absurd_limit_is_refused():
    with pytest.raises(ValueError, match="working days"):
        PLAIN.after(date(2026, 1, 1), -1)
