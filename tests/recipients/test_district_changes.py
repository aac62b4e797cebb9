"""What happens between two releases, and that the manifest says what the files say."""

import json
from collections import Counter

import pytest

from recipients.importing.layouts import FAMILY_HEADERS
from recipients.synthetic.district import District
from tests.recipients.district_files import (
    CARD_NO,
    DECILE,
    MEMBERS,
    NIK,
    by_card,
    families_of,
    members_of,
    read,
    relations_of,
)

LABELS = ("2025-Q4", "2026-Q1", "2026-Q2")
NOT_KEPT = {
    "id_pelanggan_pln", "kabupaten_kota", "provinsi", "kode_provinsi", "kode_kabupaten_kota", "kode_kecamatan",
}  # fmt: skip


@pytest.fixture(scope="module")
def district(tmp_path_factory):
    out = tmp_path_factory.mktemp("district")
    District(families=8000, seed=5, releases=3).write(out)
    return out


@pytest.fixture(scope="module")
def before_and_after(district):
    return by_card(district / LABELS[0]), by_card(district / LABELS[1])


def recount(before, now):
    """The counts again, from two dictionaries of rows."""
    known = before.keys() & now.keys()
    kept = [header for header in FAMILY_HEADERS if header not in NOT_KEPT]
    changed = [card for card in known if any(before[card][name] != now[card][name] for name in kept)]
    ranked = {card: int(row[DECILE]) for card, row in now.items() if row[DECILE]}
    was_ranked = {card: int(row[DECILE]) for card, row in before.items() if row[DECILE]}
    steps = [ranked[card] - was_ranked[card] for card in ranked.keys() & was_ranked.keys()]
    return {
        "rows": len(now),
        "accepted": len(now),
        "refused": 0,
        "refused_by_code": {},
        "families_new": len(now.keys() - known),
        "families_changed": len(changed),
        "families_unchanged": len(known) - len(changed),
        "families_missing": len(before.keys() - known),
        "decile_up": sum(step > 0 for step in steps),
        "decile_down": sum(step < 0 for step in steps),
        "decile_same": sum(step == 0 for step in steps),
        "newly_ranked": len(ranked.keys() - was_ranked.keys()),
    }


def test_manifest_counts_are_those_of_the_files(district):
    manifest = json.loads((district / "manifest.json").read_text())
    before = {}
    for release in manifest["releases"]:
        now = by_card(district / release["release"])
        counted = recount(before, now)

        assert {name: release[name] for name in counted} == counted
        assert release["member_rows"] == len(members_of(district / release["release"]))
        before = now
    assert (manifest["families"], manifest["seed"]) == (8000, 5)
    assert [release["release"] for release in manifest["releases"]] == list(LABELS)
    assert [release["as_of"] for release in manifest["releases"]] == [
        "2025-10-20",
        "2026-01-23",
        "2026-04-20",
    ]


def test_about_twelve_in_a_hundred_families_change_decile_a_few_by_many_steps(before_and_after):
    before, after = before_and_after
    steps = [
        int(after[card][DECILE]) - int(before[card][DECILE])
        for card in before.keys() & after.keys()
        if before[card][DECILE] and after[card][DECILE]
    ]
    moved = [abs(step) for step in steps if step]

    assert 0.105 < len(moved) / len(steps) < 0.135
    assert 0.75 < moved.count(1) / len(moved) < 0.95
    assert any(step >= 4 for step in moved)


def test_deciles_stay_as_they_are_spread(district):
    shares = [Counter(row[DECILE] for row in families_of(district / label)) for label in LABELS]

    for decile in map(str, range(1, 11)):
        assert abs(shares[0][decile] - shares[-1][decile]) < 0.02 * 8000


def test_nobody_is_in_two_families_of_a_release(district):
    for label in LABELS:
        homes = [(row[NIK], row[CARD_NO]) for row in members_of(district / label)]

        assert len({nik for nik, _ in homes}) == len(homes)


def test_a_family_that_left_never_comes_back(district):
    first, second, third = (by_card(district / label).keys() for label in LABELS)

    assert first - second
    assert not (first - second) & third


def test_a_grown_child_who_leaves_is_found_in_a_new_family_only(district):
    homes = [{row[NIK]: row[CARD_NO] for row in members_of(district / label)} for label in LABELS[:2]]
    known_cards = set(homes[0].values())
    left = [nik for nik in homes[0].keys() & homes[1].keys() if homes[0][nik] != homes[1][nik]]

    assert left
    assert all(homes[1][nik] not in known_cards for nik in left)
    people = read(district / LABELS[1] / "anggota.csv", by=CARD_NO)
    assert all(sorted(relations_of(people[homes[1][nik]])) == ["1", "2"] for nik in left)


def test_a_birth_adds_a_member_and_a_death_takes_one(district, before_and_after):
    before, after = before_and_after
    by_date = {row[NIK]: row["tanggal_lahir"] for row in members_of(district / LABELS[1])}
    grown = [
        card
        for card in before.keys() & after.keys()
        if int(after[card][MEMBERS]) > int(before[card][MEMBERS])
    ]
    smaller = [
        card
        for card in before.keys() & after.keys()
        if int(after[card][MEMBERS]) < int(before[card][MEMBERS])
    ]
    old = {row[NIK] for row in members_of(district / LABELS[0])}
    members = read(district / LABELS[1] / "anggota.csv", by=CARD_NO)

    assert grown
    assert smaller
    for card in grown:
        newborn = [row[NIK] for row in members[card] if row[NIK] not in old]
        assert all("2025-10-20" < by_date[nik] <= "2026-01-23" for nik in newborn)


def test_a_dead_head_is_followed_by_another_grown_up(district, before_and_after):
    before, after = before_and_after
    members = [read(district / label / "anggota.csv", by=CARD_NO) for label in LABELS[:2]]
    followed = [
        card
        for card in before.keys() & after.keys()
        if before[card]["nama_anggota_keluarga"] != after[card]["nama_anggota_keluarga"]
    ]

    assert followed
    for card in followed:
        head = next(row for row in members[1][card] if row["status_hubungan_keluarga"] == "1")
        assert head[NIK] in {row[NIK] for row in members[0][card]}
        assert head["tanggal_lahir"] < "2008-01-24"


def test_a_family_that_moves_keeps_its_card(before_and_after):
    before, after = before_and_after
    name = "kode_kelurahan_desa"

    assert any(before[card][name] != after[card][name] for card in before.keys() & after.keys())


def test_new_families_arrive_and_some_are_ranked_only_later(before_and_after):
    before, after = before_and_after
    new = [after[card] for card in after.keys() - before.keys()]

    assert {bool(row[DECILE]) for row in new} == {True, False}
    assert any(not before[card][DECILE] and after[card][DECILE] for card in before.keys() & after.keys())


def test_nothing_at_all_happens_when_no_share_changes(tmp_path):
    manifest = District(families=400, seed=5, releases=2, changed=0).write(tmp_path)

    for name in ("keluarga.csv", "anggota.csv"):
        assert (tmp_path / LABELS[0] / name).read_bytes() == (tmp_path / LABELS[1] / name).read_bytes()
    assert manifest["releases"][1]["families_unchanged"] == 400


def test_with_a_thousandth_about_a_thousandth_of_all_rows_changes(tmp_path):
    manifest = District(families=20_000, seed=5, releases=2, changed=0.001).write(tmp_path)

    assert 8 <= manifest["releases"][1]["families_changed"] <= 45
