"""Reading the release files back with nothing but the csv module."""

import csv
from collections import defaultdict
from datetime import date

NIK, CARD_NO = "nomor_induk_kependudukan", "nomor_kartu_keluarga"
MEMBERS, DECILE = "jumlah_anggota_keluarga", "desil_nasional"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def families_of(release):
    return rows_of(release / "keluarga.csv")


def members_of(release):
    return rows_of(release / "anggota.csv")


def read(path, *, by):
    groups = defaultdict(list)
    for row in rows_of(path):
        groups[row[by]].append(row)
    return groups


def by_card(release):
    return {row[CARD_NO]: row for row in families_of(release)}


def born(row):
    return date.fromisoformat(row["tanggal_lahir"])


def age(row, today):
    birthday = born(row)
    return today.year - birthday.year - ((today.month, today.day) < (birthday.month, birthday.day))


def relations_of(people):
    return [row["status_hubungan_keluarga"] for row in people]
