"""Rule sets that do not resolve are refused with their place and what to do; loaded versions never change."""

from datetime import date

import pytest

from eligibility import services
from eligibility.models import RuleSet
from eligibility.rules.documents import read_document
from eligibility.rules.facts import RuleError
from eligibility.services.loading import FOLDER
from recipients.models import DecileCeiling, Programme

GOOD = """
[programme]
code = "LOKAL"
name = "Paket sembako daerah"
unit = "FAMILY"
owner = "Kabupaten Lombok Timur"
is_local = true

[rule_set]
version = 1
effective_from = 2026-01-01
legal_basis = "Keputusan Bupati"

[[conditions]]
code = "DECILE"
kind = "at_most"
fact = "decile"
limit = 2
"""
COMPONENTS = 'kind = "some_of"\ncomponents = [{ name = "elder", fact = "members_aged_from", age = 60 }]'
DECILE = 'kind = "at_most"\nfact = "decile"\nlimit = 2'

BROKEN = [
    ("at_most", "at_moost", "tidak ada jenis syarat 'at_moost'"),
    ('fact = "decile"', 'fact = "desil"', "tidak ada data bernama 'desil'"),
    ('fact = "decile"', 'fact = "age"', "data 'age' tidak ada untuk FAMILY"),
    ("limit = 2", 'limit = "2"', "isi bilangan bulat 0 sampai 32767, tanpa tanda kutip"),
    ("limit = 2", "limit = true", "isi bilangan bulat"),
    ("limit = 2", "limit = -1", "isi bilangan bulat"),
    ("limit = 2", "", "'limit' berisi None"),
    ("limit = 2", "limit = 2\nage = 6", "data 'decile' tidak memakai 'age'"),
    ("limit = 2", "limit = 2\nwhere = '1=1'", "'where' tidak dikenal di sini"),
    ('code = "DECILE"', 'code = "decile"', "isi kode HURUF_BESAR"),
    ("version = 1", 'version = "1"', "'version' berisi '1'"),
    ("effective_from = 2026-01-01", 'effective_from = "2026-01-01"', "tulis tanggal seperti 2026-01-31"),
    (
        "effective_from = 2026-01-01",
        "effective_from = 2026-01-01\neffective_to = 2025-12-31",
        "lebih awal dari",
    ),
    ('legal_basis = "Keputusan Bupati"', "", "'legal_basis' kosong"),
    ('unit = "FAMILY"', 'unit = "HOUSE"', "tulis FAMILY atau PERSON"),
    ("is_local = true", "", "'is_local' berisi None; tulis true"),
    ("is_local = true", 'is_local = "ya"', "'is_local' berisi 'ya'; tulis true"),
    (GOOD[GOOD.index("[[") :], "", "belum ada syarat; aturan tanpa syarat akan meloloskan semua orang"),
    ("[programme]", "[programme", "bukan berkas TOML"),
    (DECILE, COMPONENTS.replace(", age = 60", ""), "'age' berisi None"),
    (DECILE, COMPONENTS.replace(", age = 60", ", codes = [1]"), "tidak memakai 'codes'"),
    (DECILE, COMPONENTS.replace("age = 60", "age = 60, age_to = 70"), "tidak memakai 'age_to'"),
    (DECILE, COMPONENTS.replace("aged_from", "aged_between"), "'age_to' berisi None"),
    (
        DECILE,
        COMPONENTS.replace("aged_from", "aged_between").replace("60", "64, age_to = 15"),
        "'age' 64 lebih tua dari 'age_to' 15, jadi tidak ada yang berumur begitu",
    ),
    (
        DECILE,
        COMPONENTS.replace("members_aged_from", "members_at_school").replace("age = 60", "codes = []"),
        "codes",
    ),
    (
        DECILE,
        COMPONENTS.replace("members_aged_from", "power").replace(", age = 60", ""),
        "tidak menghitung anggota",
    ),
    (DECILE, 'kind = "some_of"\ncomponents = []', "isi paling sedikit satu, supaya syarat ini bisa dipenuhi"),
    (DECILE, COMPONENTS.replace('"elder"', '"x\'; DROP"'), "isi nama huruf_kecil"),
]


@pytest.mark.parametrize(("good", "bad", "message"), BROKEN)
def test_a_rule_set_that_does_not_resolve_is_refused_with_its_place(good, bad, message):
    assert good in GOOD

    with pytest.raises(RuleError) as refused:
        read_document("lokal-1.toml", GOOD.replace(good, bad))

    assert message in str(refused.value)
    assert str(refused.value).startswith("lokal-1.toml")


def test_two_conditions_with_one_code_are_refused():
    twice = GOOD + GOOD[GOOD.index("[[") :]

    with pytest.raises(RuleError, match="dua syarat berkode DECILE"):
        read_document("lokal-1.toml", twice)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lokal-1.toml").write_text(GOOD)
    return tmp_path


def change(folder, old, new, name="lokal-1.toml"):
    text = (folder / "lokal-1.toml").read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


def test_the_national_rule_sets_load_and_a_second_load_changes_nothing(db):
    first = services.load_rule_sets()
    second = services.load_rule_sets()

    assert first.rule_sets == second.rule_sets == len(list(FOLDER.glob("*.toml")))
    assert set(first.new) == {"PKH 1", "SEMBAKO 1", "SEMBAKO 2", "PBI_JK 1"}
    assert second.new == ()


def test_the_limits_become_the_decile_ceilings_that_imports_compare_with(rule_sets):
    def in_force(day):
        return dict(DecileCeiling.objects.in_force(day).values_list("programme__code", "ceiling"))

    assert in_force(date(2025, 12, 31)) == {"PKH": 4, "SEMBAKO": 5, "PBI_JK": 5}
    assert in_force(date(2026, 1, 1)) == {"PKH": 4, "SEMBAKO": 4, "PBI_JK": 5}


def test_whose_a_programme_is_follows_from_its_file_and_not_from_the_owners_name(db, folder):
    change(folder, 'owner = "Kabupaten Lombok Timur"', 'owner = "Kementerian Desa"')

    services.load_rule_sets(folder)

    assert Programme.objects.get(code="LOKAL").is_local
    change(folder, "is_local = true", "is_local = false")
    with pytest.raises(RuleError, match="LOKAL sudah dimuat dengan is_local = true"):
        services.load_rule_sets(folder)


def test_a_loaded_version_that_differs_is_refused_and_nothing_is_changed(db, folder):
    services.load_rule_sets(folder)
    change(folder, "limit = 2", "limit = 3")

    with pytest.raises(RuleError, match="berbeda pada conditions; naikkan versinya"):
        services.load_rule_sets(folder)

    assert RuleSet.objects.get(programme__code="LOKAL").conditions[0]["limit"] == 2


def test_a_version_without_an_end_may_be_given_one_and_then_be_followed(db, folder):
    services.load_rule_sets(folder)
    change(folder, "limit = 2", "limit = 3", "lokal-2.toml")
    second = folder / "lokal-2.toml"
    second.write_text(
        second.read_text().replace("version = 1", "version = 2").replace("2026-01-01", "2027-01-01")
    )
    change(folder, "effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_to = 2026-12-31")

    loaded = services.load_rule_sets(folder)

    assert (loaded.new, loaded.closed) == (("LOKAL 2",), ("LOKAL 1",))
    assert [c.ceiling for c in DecileCeiling.objects.order_by("effective_from")] == [2, 3]


def test_two_versions_in_force_on_one_day_are_refused(db, folder):
    change(folder, "2026-01-01", "2026-06-01", "lokal-2.toml")
    second = folder / "lokal-2.toml"
    second.write_text(second.read_text().replace("version = 1", "version = 2"))

    with pytest.raises(RuleError, match="LOKAL: versi 1 dan versi 2 sama-sama berlaku pada 2026-06-01"):
        services.load_rule_sets(folder)

    assert not RuleSet.objects.exists()
    assert not Programme.objects.exists()


def test_a_code_without_words_is_refused_because_it_would_be_shown_raw(db, folder):
    change(folder, 'code = "DECILE"', 'code = "WELFARE_RANK"')

    with pytest.raises(RuleError, match="kode WELFARE_RANK belum punya kalimat"):
        services.load_rule_sets(folder)


def test_a_component_without_a_word_is_refused(db, folder):
    change(folder, DECILE, COMPONENTS.replace('"elder"', '"grandmother"'))
    change(folder, 'code = "DECILE"', 'code = "COMPONENT"')

    with pytest.raises(RuleError, match="komponen 'grandmother' belum punya kata"):
        services.load_rule_sets(folder)


def test_an_empty_folder_is_refused(db, tmp_path):
    with pytest.raises(RuleError, match=r"tidak ada berkas \*.toml di sini"):
        services.load_rule_sets(tmp_path)
