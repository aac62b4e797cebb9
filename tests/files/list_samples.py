"""Samples of lists; written by make_files.py, checked by tests/recipients/test_bad_lists.py, which makes the people."""

from __future__ import annotations

import csv
import io

# Who stands in the registry when a sample is read: NIK -> card and name, all in the village KESIK.
SAHRUN, WIFE, ZAIN, HARTINI, OTHER_HARTINI, WIRA = (
    "5203991205809001", "5203995205809002", "5203991205809003", "5203995205809004", "5203995305809004",
    "5203991205809005",
)  # fmt: skip
CARD, CARD_OF_ZAIN = "5203991201809001", "5203991201809003"
PEOPLE = {
    SAHRUN: (CARD, "AMAQ SAHRUN"),
    WIFE: (CARD, "SITI RAHMAH"),
    ZAIN: (CARD_OF_ZAIN, "MUHAMMAD ZAINUDDIN"),
    HARTINI: ("5203991201809004", "BAIQ HARTINI"),
    OTHER_HARTINI: ("5203991201809005", "BAIQ HARTINI"),
    WIRA: ("5203991201809006", "LALU MA'RUF WIRA"),
}
NOBODY = "5203990109909999"


def table(header: str, *rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([tuple(header.split("|")), *rows])
    return out.getvalue().encode()


def masked(nik: str) -> str:
    return f"{nik[:6]}******{nik[-4:]}"


RECEIVES = (WIRA, "LALU MA'RUF WIRA", "PKH")  # a row without fault: a list without one is refused whole
PAID = (WIRA, "LALU MA'RUF WIRA", "PKH", "2026-Q1", "sukses", "600000", "05/03/2026")
_PAID = "NIK|NAMA|PROGRAM|TAHAP|STATUS|JUMLAH|TANGGAL BAYAR"
_CHECK = "NIK_MASK|NOKK_MASK|Nama_Pengurus|KEC|KEL|ALAMAT|RT|RW|KETERANGAN"


def _check(nik: str, name: str, village: str = "KESIK") -> tuple[str, ...]:
    return (nik, f"{CARD[:10]}******", name, "MASBAGIK", village, "DUSUN MONTONG", "3", "005", "uji petik")


LIST_FILES = {
    "daftar-nama-lain.csv": table("NIK|NAMA|PROGRAM", RECEIVES, (ZAIN, "SITI AMINAH", "PKH")),
    "daftar-nama-disingkat.csv": table(
        "NIK|NAMA|PROGRAM", (ZAIN, "H. MUH. ZAINUDDIN, S.Pd", "PKH"), (SAHRUN, "PAPUQ AHMAD", "PKH"),
        (HARTINI, "BQ. HARTINI (ALMH.)", "PKH"), (WIRA, "L. MARUF WIRA", "PKH"),
    ),
    "daftar-nik-disensor.csv": table(
        _CHECK, _check(masked(ZAIN), "MUH. ZAINUDDIN"), _check(masked(HARTINI), "BAIQ HARTINI"),
        _check("520399******9777", "ORANG LAIN"), _check(masked(ZAIN), "MUH. ZAINUDDIN", village=""),
    ),
    "daftar-nomor-pengganti.csv": table(
        "NIK|NAMA|PROGRAM", RECEIVES,
        *[(text, "TANPA NIK", "PKH") for text in ("0", "-", "9999999999999999", "TIDAK ADA", "0203991205809001")],
    ),
    "daftar-nomor-rusak.csv": table(
        "NIK|NAMA|PROGRAM", RECEIVES, ("5,20399E+15", "RUSAK", "PKH"), ("520399120580900", "KURANG", "PKH")
    ),
    "daftar-nik-tidak-dikenal.csv": table(
        "NIK|NO KK|NAMA|PROGRAM", (WIRA, "", "LALU MA'RUF WIRA", "PKH"), (NOBODY, "", "ORANG LAIN", "PKH"),
        (NOBODY[:-1] + "8", CARD, "ANAK BARU", "PKH"),
    ),
    "daftar-keluarga-dua-kali.csv": table(
        "NIK|NAMA|PROGRAM", (SAHRUN, "AMAQ SAHRUN", "PKH"), (SAHRUN, "AMAQ SAHRUN", "PKH"),
        (WIFE, "SITI RAHMAH", "PKH"),
    ),
    "daftar-isi-bertentangan.csv": table(
        "NIK|NAMA|PROGRAM|STATUS", (*RECEIVES, "aktif"), (ZAIN, "MUH. ZAINUDDIN", "PKH", "aktif"),
        (ZAIN, "MUH. ZAINUDDIN", "PKH", "ditunda"),
    ),
    "daftar-kk-tanpa-nik.csv": table(
        "NIK|NO KK|NAMA|PROGRAM", ("", CARD, "AMAQ SAHRUN", "PKH"), ("", CARD_OF_ZAIN, "MUH. ZAINUDDIN", "PBI")
    ),
    "daftar-kata-tidak-dikenal.csv": table(
        "NIK|NAMA|PROGRAM|STATUS", (*RECEIVES, "aktif"), (ZAIN, "MUH. ZAINUDDIN", "XYZ", "aktif"),
        (SAHRUN, "AMAQ SAHRUN", "", "aktif"), (HARTINI, "BAIQ HARTINI", "PKH", "entah"),
    ),
    "daftar-tanggal-ditulis-lain.csv": table(
        "NIK|NAMA|PROGRAM|SEJAK", (WIRA, "WIRA", "PKH", "05-01-2026"), (ZAIN, "ZAINUDDIN", "PKH", "5 Januari 2026"),
        (HARTINI, "HARTINI", "PKH", "2026-01-05 00:00:00"), (SAHRUN, "SAHRUN", "PKH", "-"),
    ),
    "daftar-tanggal-salah.csv": table(
        "NIK|NAMA|PROGRAM|SEJAK", (WIRA, "WIRA", "PKH", "05-01-2026"), (SAHRUN, "SAHRUN", "PKH", "05-01-2026"),
        (ZAIN, "ZAINUDDIN", "PKH", "31/02/2026"), (HARTINI, "HARTINI", "PKH", "5 Jnauari 2026"),
    ),
    "daftar-uang-ditulis-lain.csv": table(
        _PAID, *[(*PAID[:3], f"2026-Q{n}", *PAID[4:5], text, PAID[6])
                 for n, text in enumerate(("Rp600.000,00", "600000", "600,000", "Rp 600.000,-"), 1)],
    ),
    "daftar-uang-salah.csv": table(
        _PAID, PAID, (*PAID[:3], "2026-Q4", *PAID[4:]), (*PAID[:3], "2026-Q2", PAID[4], "enam ratus ribu", PAID[6]),
        (*PAID[:3], "2026-Q3", PAID[4], "-600000", PAID[6]),
    ),
    "daftar-tahap-salah.csv": table(_PAID, PAID, (*PAID[:3], "tahap lalu", *PAID[4:])),
    "daftar-dibayar-tanpa-tercatat.csv": table(_PAID, PAID, (ZAIN, "MUH. ZAINUDDIN", *PAID[2:])),
    "daftar-kode-bps-salah.csv": table(
        "KODE|KODE BPS|NAMA", ("52.03.01.2001", "5203060001", "KESIK"), ("52.03.01.2002", "52030", "DANGER"),
        ("52.03.01.2003", "5203060001", "LENDANG NANGKA"), ("52.03.99.2001", "5203060009", "ENTAH"),
        ("52.03.01", "5203060", "MASBAGIK"),
    ),
    "daftar-berlaku-sampai-salah.csv": table(
        "NIK|NAMA|JENIS|TANGGAL|BERLAKU SAMPAI", (WIRA, "LALU MA'RUF WIRA", "PPPK", "5-1-2025", "31-12-2026"),
        (ZAIN, "MUH. ZAINUDDIN", "PPPK", "5-1-2026", "31-12-2025"),
    ),
    "daftar-kolom-lebih.csv": table(
        "NIK|NAMA|PROGRAM|ALAMAT|RT|RW|NO HP", (*RECEIVES, "DUSUN MONTONG RT 3/RW 05", "003", "5", "81234567804")
    ),
}  # fmt: skip
