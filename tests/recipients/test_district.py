"""The made-up district as a file set: what is promised about any of its releases."""

import json
import tracemalloc

import pytest
from django.core.management import CommandError, call_command

from bansos.common.ids import agrees_with_birth_date, is_card_no, is_nik, nik_birth_parts
from recipients.data.region_rows import read_regions
from recipients.importing.layouts import FAMILY_CODED, FAMILY_HEADERS, MEMBER_CODED, MEMBER_HEADERS
from recipients.synthetic.district import District
from recipients.synthetic.numbers import BLOCK, Numbers, NumbersExhaustedError, day_of
from recipients.synthetic.quarters import quarters
from tests.recipients.district_files import (
    CARD_NO,
    MEMBERS,
    NIK,
    born,
    families_of,
    members_of,
    read,
    relations_of,
)

FAMILIES, SEED, RELEASES = 3000, 11, 3


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    out = tmp_path_factory.mktemp("district")
    District(families=FAMILIES, seed=SEED, releases=RELEASES).write(out)
    return out


@pytest.fixture(params=["2025-Q4", "2026-Q1", "2026-Q2"])
def release(request, district):
    return district / request.param


def test_headers_are_those_of_the_layouts(release):
    for name, headers in (("keluarga", FAMILY_HEADERS), ("anggota", MEMBER_HEADERS)):
        lines = (release / f"{name}.csv").read_bytes().split(b"\n")

        assert lines[0] == ",".join(headers).encode()
        assert lines[-1] == b""
        assert {line.count(b",") for line in lines[:-1]} == {len(headers) - 1}


def test_same_seed_gives_the_same_bytes_and_another_seed_another_district(district, tmp_path):
    for seed in (SEED, SEED + 1):
        District(families=300, seed=seed, releases=1).write(tmp_path / str(seed))
    District(families=300, seed=SEED, releases=1).write(tmp_path / "again")

    def content(folder):
        return (tmp_path / folder / "2025-Q4" / "keluarga.csv").read_bytes()

    assert content("again") == content(str(SEED))
    assert content("again") != content(str(SEED + 1))


@pytest.mark.parametrize("fewer", [1, 2])
def test_a_release_is_the_same_however_many_follow(district, tmp_path, fewer):
    manifest = District(families=FAMILIES, seed=SEED, releases=fewer).write(tmp_path)

    for label in ("2025-Q4", "2026-Q1")[:fewer]:
        for name in ("keluarga.csv", "anggota.csv"):
            assert (tmp_path / label / name).read_bytes() == (district / label / name).read_bytes()
    whole = json.loads((district / "manifest.json").read_text())
    assert manifest["releases"] == whole["releases"][:fewer]


def test_numbers_are_well_formed_and_begin_with_a_subdistrict_that_does_not_exist(release):
    nik, cards = [row[NIK] for row in members_of(release)], [row[CARD_NO] for row in families_of(release)]

    assert all(map(is_nik, nik))
    assert all(map(is_card_no, cards))
    assert {number[:6] for number in nik + cards} == {"520399"}
    assert {number[-4] for number in nik} <= {"8", "9"}


def test_no_number_appears_twice_in_a_release(release):
    nik, cards = [row[NIK] for row in members_of(release)], [row[CARD_NO] for row in families_of(release)]

    assert len(set(nik)) == len(nik)
    assert len(set(cards)) == len(cards)


def test_a_nik_belongs_to_one_person_in_all_releases(district):
    people = {}
    for label in ("2025-Q4", "2026-Q1", "2026-Q2"):
        for row in members_of(district / label):
            person = (row["nama"], row["tanggal_lahir"], row["jenis_kelamin"])
            assert people.setdefault(row[NIK], person) == person


def test_a_nik_agrees_with_birth_date_and_sex(release):
    for row in members_of(release):
        assert agrees_with_birth_date(row[NIK], born(row))
        assert nik_birth_parts(row[NIK])[3] == (row["jenis_kelamin"] == "2")


def test_every_family_has_its_members_and_one_head_by_its_name(release):
    members = read(release / "anggota.csv", by=CARD_NO)
    families = families_of(release)

    assert {row[CARD_NO] for row in families} == set(members)
    for family in families:
        people = members[family[CARD_NO]]
        heads = [row for row in people if row["status_hubungan_keluarga"] == "1"]
        assert family[MEMBERS] == str(len(people))
        assert [row["nama"] for row in heads] == [family["nama_anggota_keluarga"]]
        assert relations_of(people).count("2") <= 1


def test_codes_stay_inside_the_code_book(release):
    for rows, columns in ((families_of(release), FAMILY_CODED), (members_of(release), MEMBER_CODED)):
        for column in columns:
            seen = {row[column.header] for row in rows} - {""}
            assert all(column.low <= int(code) <= column.high for code in seen), column.header


def test_villages_stand_as_the_region_file_has_them(release):
    villages = {row.bare_code: row.name.upper() for row in read_regions() if row.level == "VILLAGE"}

    for row in families_of(release):
        assert villages[row["kode_kelurahan_desa"]] == row["kelurahan_desa"]
        assert row["kode_kelurahan_desa"].startswith(row["kode_kecamatan"])
        assert (row["kode_provinsi"], row["kode_kabupaten_kota"]) == ("52", "5203")


def test_every_village_has_families(district):
    assert len({row["kode_kelurahan_desa"] for row in families_of(district / "2025-Q4")}) == 254


def test_memory_does_not_grow_with_the_district(tmp_path):
    peaks = []
    for families in (1000, 5000):
        district = District(families=families, seed=SEED, releases=2)
        tracemalloc.start()
        district.write(tmp_path / str(families))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < 1.3 * peaks[0]


def test_command_writes_the_releases_and_the_manifest(tmp_path, capsys):
    call_command("make_district", families=50, seed=3, releases=2, out=tmp_path, start="2026-Q1", changed=0.2)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-Q1", "2026-Q2", "manifest.json"]
    assert "50" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong", [{"start": "2025-Q5"}, {"releases": 0}, {"changed": 0.9}, {"start": "1999-Q1"}]
)
def test_command_says_what_it_cannot_make(tmp_path, wrong):
    with pytest.raises(CommandError):
        call_command("make_district", **{"families": 5, "seed": 1, "releases": 1, "out": tmp_path, **wrong})


def test_releases_are_a_quarter_apart_and_keep_the_known_data_date():
    days = [quarter.as_of.isoformat() for quarter in quarters("2025-Q4", 5)]

    assert days == ["2025-10-20", "2026-01-23", "2026-04-20", "2026-07-20", "2026-10-20"]


def test_serials_go_on_from_0001_when_a_birth_date_is_full():
    numbers = Numbers(releases=1)
    day = day_of(quarters("2025-Q4", 1)[0].as_of)

    given = [numbers.nik(day, 2) for _ in range(1100)]

    assert (given[0], given[998], given[999]) == ("5203996010259001", "5203996010259999", "5203996010250001")
    assert len(set(given)) == 1100


def test_newcomers_of_a_release_take_numbers_nobody_else_has():
    numbers = Numbers(releases=3)

    given = [numbers.newcomer_nik(5000, 1, release) for release in (1, 2) for _ in range(BLOCK)]
    given += [numbers.nik(5000, 1) for _ in range(1000)]

    assert len(set(given)) == len(given)
    with pytest.raises(NumbersExhaustedError):
        numbers.newcomer_nik(5000, 1, 1)
