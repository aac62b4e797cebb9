"""The made-up families read like real ones."""

from datetime import date

import pytest

from recipients.importing.layouts import DISABILITY, SEVERE
from recipients.synthetic.district import District
from recipients.synthetic.persons import SCHOOL_LEVELS
from tests.recipients.district_files import CARD_NO, DECILE, age, by_card, families_of, members_of, read

AS_OF = date(2025, 10, 20)
RELATION = "status_hubungan_keluarga"
FAMILIES = 6000


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    out = tmp_path_factory.mktemp("district")
    District(families=FAMILIES, seed=23, releases=1).write(out)
    return out / "2025-Q4"


@pytest.fixture(scope="module")
def households(release):
    return read(release / "anggota.csv", by=CARD_NO)


def in_role(people, *relations):
    return [row for row in people if row[RELATION] in relations]


def share(rows, header, value):
    return sum(row[header] == value for row in rows) / len(rows)


def test_poor_deciles_hold_more_than_their_tenth(release):
    families = families_of(release)

    assert 0.27 < share(families, DECILE, "1") + share(families, DECILE, "2") < 0.35
    assert share(families, DECILE, "10") < 0.07
    assert 0 < share(families, DECILE, "") < 0.015


def test_families_have_about_three_members(households):
    assert 2.9 < sum(map(len, households.values())) / len(households) < 3.2


def test_children_are_younger_than_their_parents_by_a_generation(households):
    for people in households.values():
        parents = [age(row, AS_OF) for row in in_role(people, "1", "2")]
        for child in in_role(people, "3"):
            assert min(parents) - age(child, AS_OF) >= 16


def test_grandchildren_and_parents_of_the_head_are_of_their_generations(households):
    for people in households.values():
        head = age(in_role(people, "1")[0], AS_OF)
        assert all(head - age(row, AS_OF) >= 34 for row in in_role(people, "5"))
        assert all(age(row, AS_OF) - head >= 16 for row in in_role(people, "6"))


def test_head_and_spouse_are_a_married_man_and_woman_of_age(households):
    for people in households.values():
        spouses = in_role(people, "2")
        if not spouses:
            continue
        couple = in_role(people, "1") + spouses
        assert [row["jenis_kelamin"] for row in couple] == ["1", "2"]
        assert {row["status_kawin"] for row in couple} == {"2"}
        assert min(age(row, AS_OF) for row in couple) >= 18


def test_a_married_child_lives_with_a_husband_or_wife(households):
    for people in households.values():
        married = [row for row in in_role(people, "3") if row["status_kawin"] == "2"]
        assert len(married) == len(in_role(people, "4"))


@pytest.mark.parametrize(("ages", "stage"), [((7, 12), "SD"), ((13, 15), "SMP"), ((16, 18), "SMA")])
def test_pupils_are_in_the_stage_of_their_age(release, ages, stage):
    pupils = [
        row
        for row in members_of(release)
        if row["partisipasi_sekolah"] == "2" and ages[0] <= age(row, AS_OF) <= ages[1]
    ]

    assert pupils
    assert all(int(row["jenjang_tertinggi_yang_diduduki"]) in SCHOOL_LEVELS[stage] for row in pupils)


def test_nearly_all_children_of_primary_age_are_at_school_and_no_toddler_is(release):
    members = members_of(release)
    of_primary_age = [row for row in members if 7 <= age(row, AS_OF) <= 12]

    assert share(of_primary_age, "partisipasi_sekolah", "2") > 0.95
    assert {row["partisipasi_sekolah"] for row in members if age(row, AS_OF) < 5} == {""}


def test_state_employees_are_rare_and_mostly_well_off(release, households):
    deciles = {card: row[DECILE] for card, row in by_card(release).items()}
    employed = [
        int(deciles[card])
        for card, people in households.items()
        for row in people
        if row["status_dalam_pekerjaan_utama"] == "5" and deciles[card]
    ]

    assert 0.01 < len(employed) / FAMILIES < 0.05
    assert sum(decile >= 7 for decile in employed) > 0.7 * len(employed)


def test_two_or_three_in_a_hundred_live_with_a_disability(release):
    members = members_of(release)
    disabled = [row for row in members if any(row[column] in SEVERE for column in DISABILITY)]

    assert 0.015 < len(disabled) / len(members) < 0.03


@pytest.mark.parametrize(
    "belonging", ["aset_bergerak_mobil", "aset_bergerak_lemari_es", "aset_bergerak_sepeda_motor"]
)
def test_the_better_off_own_more(release, belonging):
    poor = [row for row in families_of(release) if row[DECILE] in ("1", "2")]
    rich = [row for row in families_of(release) if row[DECILE] in ("9", "10")]

    assert share(poor, belonging, "1") + 0.2 < share(rich, belonging, "1")


def test_insurance_paid_by_the_centre_goes_mostly_to_the_first_five_deciles(release):
    families = [row for row in families_of(release) if row[DECILE]]
    insured = [int(row[DECILE]) for row in families if row["pbi_nas"] == "1"]

    assert sum(decile <= 5 for decile in insured) > 0.9 * len(insured)
    assert not [row for row in families if row["pbi_nas"] == row["pbi_pemda"] == "1"]


def test_power_is_known_only_where_there_is_a_meter(release):
    for row in families_of(release):
        assert bool(row["daya_terpasang"]) == (row["sumber_penerangan_utama"] == "1")
