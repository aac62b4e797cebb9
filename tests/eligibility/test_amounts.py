"""What a programme would pay is an estimate from the rule set's settings: the dearest four, each person once."""

from __future__ import annotations

from datetime import date

import pytest

from eligibility.rules.amounts import estimate, parse_amounts
from eligibility.rules.documents import read_document
from eligibility.rules.facts import Member, RuleError
from eligibility.services.loading import FOLDER
from eligibility.wording.amount_words import amounts_in_words, estimate_in_words

DAY = date(2026, 6, 15)
PKH = read_document("pkh-1.toml", (FOLDER / "pkh-1.toml").read_text())
TODDLER = Member(date(2023, 1, 1), 1, None, None, False)
SD, SMP, SMA = (Member(date(2012, 1, 1), 2, level, None, False) for level in (3, 8, 13))
ELDER = Member(date(1950, 1, 1), 3, 3, 1, True)  # old and with a disability: one person, one amount
ADULT = Member(date(1985, 1, 1), 3, 13, 1, False)


@pytest.mark.parametrize(
    ("members", "total"),
    [
        ([ADULT], 0),
        ([SD], 225_000),
        ([SMP], 375_000),
        ([SMA], 500_000),
        ([ELDER], 600_000),
        ([TODDLER, SD, ADULT], 975_000),
        ([TODDLER, TODDLER, ELDER, SMA], 2_600_000),
        ([TODDLER, TODDLER, ELDER, SMA, SMP, SD], 2_600_000),  # four persons, the dearest
        ([Member()], 0),
    ],
)
def test_pkh_pays_the_dearest_four_each_once(members, total):
    amounts = parse_amounts("pkh", PKH.raw_amounts)

    assert estimate(amounts, PKH.conditions, members, DAY).total == total


def test_the_cap_and_the_amounts_are_settings():
    changed = {**PKH.raw_amounts, "most_persons": 1, "components": {"pupil_sd": 300_000}}

    found = estimate(parse_amounts("uji", changed), PKH.conditions, [SD, SD], DAY)

    assert found.total == 300_000


def test_an_estimate_says_its_sum_its_basis_and_that_it_is_no_promise():
    found = estimate(parse_amounts("pkh", PKH.raw_amounts), PKH.conditions, [SD, SD, ELDER], DAY)

    said = estimate_in_words(found)

    assert "Rp1.050.000 tiap tiga bulan" in said
    assert "2 anak SD atau sederajat × Rp225.000" in said
    assert "Ini perkiraan, bukan janji." in said
    assert "belum dipastikan" in said


def test_the_settings_read_as_sentences():
    assert "Paling banyak 4 orang dalam satu keluarga." in amounts_in_words(PKH.raw_amounts)
    assert (
        amounts_in_words({"period": "MONTH", "flat": 200_000, "basis": "contoh"})[0] == "Rp200.000 sebulan."
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"period": "WEEK"}, "'period' berisi 'WEEK'; pilih MONTH"),
        ({"basis": " "}, "'basis' kosong"),
        ({"most_persons": 0}, "isi jumlah orang 1 sampai 20"),
        ({"components": {"elder": "600000"}}, "isi rupiah bulat"),
        ({"components": {}}, "'components' kosong"),
        ({"flat": 1000}, "isi salah satu"),
        ({"tax": 1}, "'tax' tidak dikenal di sini"),
    ],
)
def test_amounts_that_do_not_resolve_are_refused_with_their_place(changed, message):
    with pytest.raises(RuleError, match=message) as refused:
        parse_amounts("pkh-1.toml", {**PKH.raw_amounts, **changed})

    assert str(refused.value).startswith("pkh-1.toml, amounts")
