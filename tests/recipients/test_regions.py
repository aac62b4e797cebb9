from collections import Counter

import pytest
from django.core.management import call_command

from recipients.data.region_rows import read_regions
from recipients.enums import RegionLevel, VillageKind
from recipients.models import Region
from recipients.regions import load_regions

VILLAGES_PER_SUBDISTRICT = {
    "52.03.01": 15, "52.03.02": 12, "52.03.03": 16, "52.03.04": 14, "52.03.05": 10, "52.03.06": 9, "52.03.07": 12,
    "52.03.08": 15, "52.03.09": 14, "52.03.10": 11, "52.03.11": 8, "52.03.12": 10, "52.03.13": 15, "52.03.14": 14,
    "52.03.15": 6, "52.03.16": 8, "52.03.17": 12, "52.03.18": 10, "52.03.19": 18, "52.03.20": 15, "52.03.21": 10,
}  # fmt: skip
WARDS_PER_SUBDISTRICT = {"52.03.07": 11, "52.03.17": 4}


@pytest.fixture
def regions(db):
    load_regions()
    return Region.objects.all()


def test_district_has_21_subdistricts_and_254_villages(regions):
    assert regions.get(level=RegionLevel.DISTRICT).code == "52.03"
    assert regions.subdistricts().count() == 21
    assert regions.villages().count() == 254


def test_villages_are_239_desa_and_15_kelurahan(regions):
    kinds = Counter(regions.villages().values_list("kind", flat=True))

    assert kinds == {VillageKind.DESA: 239, VillageKind.KELURAHAN: 15}


def test_every_subdistrict_has_its_own_number_of_villages(regions):
    villages = regions.villages()

    counted = Counter(villages.values_list("parent__code", flat=True))
    wards = Counter(villages.filter(kind=VillageKind.KELURAHAN).values_list("parent__code", flat=True))

    assert counted == VILLAGES_PER_SUBDISTRICT
    assert wards == WARDS_PER_SUBDISTRICT


def test_kind_agrees_with_the_first_digit_of_the_village_code(regions):
    first_digits = {(code[9], kind) for code, kind in regions.villages().values_list("code", "kind")}

    assert first_digits == {("1", VillageKind.KELURAHAN), ("2", VillageKind.DESA)}


def test_a_region_lies_in_the_region_its_code_begins_with(regions):
    for code, parent in regions.exclude(level=RegionLevel.DISTRICT).values_list("code", "parent__code"):
        assert code.rpartition(".")[0] == parent


def test_names_of_villages_are_unique_in_the_district(regions):
    names = [name.upper() for name in regions.villages().values_list("name", flat=True)]

    assert len(set(names)) == 254


def test_an_alias_never_names_another_region_of_the_same_level():
    rows = read_regions()
    names = {(row.level, row.name.upper()) for row in rows}
    aliases = [(row.level, alias.upper()) for row in rows for alias in row.aliases]

    assert len(set(aliases)) == len(aliases)
    assert names.isdisjoint(aliases)


@pytest.mark.parametrize(
    ("name", "alias"),
    [("Suwela", "Suela"), ("Kelaju Jorong", "Kelayu Jorong"), ("Labuhan Haji", "Lb. Haji")],
)
def test_spellings_seen_in_files_are_aliases(regions, name, alias):
    assert regions.filter(name=name, aliases__contains=[alias]).exists()


def test_loading_again_changes_nothing(regions):
    before = list(regions.order_by("id").values())

    call_command("load_regions", verbosity=0)

    assert list(Region.objects.order_by("id").values()) == before


def test_loading_again_repairs_a_name_and_keeps_the_bps_code(regions):
    regions.filter(code="52.03.05.2001").update(name="Keesik", bps_code="5203060001")

    load_regions()

    village = Region.objects.get(code="52.03.05.2001")
    assert (village.name, village.bps_code) == ("Kesik", "5203060001")


def test_bps_codes_are_left_to_bps(regions):
    assert not regions.exclude(bps_code=None).exists()
