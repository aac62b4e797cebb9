import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from objections import codes, receipts
from objections.public import typed
from tests.objections.steps import NIK

bodies = st.text(receipts.ALPHABET, min_size=receipts.SHORTEST, max_size=receipts.LONGEST)
years = st.integers(0, 99).map("{:02d}".format)
EVERY = string.ascii_uppercase + string.digits


def test_the_example_on_every_page_is_a_sound_number():
    assert receipts.normalise("SGH-26-4K7Q-2") == "SGH-26-4K7Q-2"


def test_numbers_leave_out_what_people_confuse():
    assert not set("01OIU") & set(receipts.ALPHABET)
    assert len(receipts.draw(2026)) == 13
    assert receipts.draw(2026).startswith("SGH-26-")


@given(years, bodies, st.data())
def test_every_single_wrong_character_is_caught(year, body, data):
    number = receipts.compose(year, body)
    place = data.draw(st.integers(4, len(number) - 1).filter(lambda at: number[at] != "-"))
    other = data.draw(st.sampled_from(EVERY).filter(lambda sign: sign != number[place]))
    typed = number[:place] + other + number[place + 1 :]

    assert receipts.normalise(typed) in (None, number)  # O for 0 in the year is no mistake


@given(years, bodies, st.data())
def test_every_swap_of_neighbours_is_caught(year, body, data):
    sound = receipts.compose(year, body)
    number = sound.replace("-", "")
    place = data.draw(st.integers(3, len(number) - 2).filter(lambda at: number[at] != number[at + 1]))
    typed = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert receipts.normalise(typed) is None


@given(years, bodies)
def test_every_composed_number_is_read_back(year, body):
    number = receipts.compose(year, body)

    assert receipts.normalise(number) == number
    assert receipts.normalise(f"  {number.lower().replace('-', ' ')} ") == number
    assert receipts.normalise(number.replace("-", "").removeprefix("SGH")) == number


@pytest.mark.parametrize(
    "typed", ["", "SGH", "SGH-26", "SGH-26-4K7Q-3", "SGH-26-4K7Q-2-2", "x" * 9999, "\x00"]
)
def test_what_is_no_number_is_none(typed):
    assert receipts.normalise(typed) is None


def test_o_and_i_are_digits_in_the_year():
    number = receipts.compose("10", "4K7Q")

    assert receipts.normalise(f"SGH-IO-4K7Q-{number[-1]}") == number


@pytest.mark.parametrize("between", [*" -.\u00a0\u200b\u2060", *map(chr, range(0x2010, 0x2016)), "\u2212"])
def test_what_stands_between_the_groups_does_not_matter(between):
    number, nik = receipts.compose("26", "4K7Q"), [NIK[start : start + 4] for start in range(0, 16, 4)]

    assert typed.read_nik(between.join(nik)) == NIK
    assert typed.read_phone(between.join(["0812", "0000", "9001"])) == "081200009001"
    assert receipts.normalise(number.replace("-", between)) == number
    assert codes.normalise(f"K7QM{between}2XP0") == "K7QM2XP0"


def test_codes_forgive_case_dashes_and_lookalikes():
    assert codes.normalise("k7qm-2xpo") == "K7QM2XP0"
    assert codes.normalise("il o-1") == "1101"
    assert codes.grouped("K7QM2XP0") == "K7QM-2XP0"
    assert len(codes.new_pin()) == 8
