"""Every kind of the messy-file catalogue (domain.md 10) has a sample whose exact outcome is tested.

Outcomes stand in test_bad_files.py and test_bad_lists.py; those that only a night run shows (10, 11) in
tests/eligibility/test_family_findings.py; what is done at an export (29) in test_import_downloads.py.
"""

from tests.files.make_files import HERE

CATALOGUE = {
    1: ("nomor-notasi-ilmiah.csv", "daftar-nomor-rusak.csv"),
    2: ("nomor-sel-angka-akhir-nol.xlsx", "nomor-papua-sel-angka.xlsx"),
    3: ("nomor-berakhir-titik-nol.csv",),
    4: ("nomor-tanda-petik.csv",),
    5: ("nomor-dengan-spasi.csv",),
    6: ("nomor-disensor.csv", "daftar-nik-disensor.csv"),
    7: ("nomor-tertukar-kolom.csv", "nomor-sama-di-dua-kolom.csv"),
    8: ("nomor-kurang-angka.csv", "nomor-pengganti.csv", "daftar-nomor-pengganti.csv"),
    9: ("baris-kembar.csv", "nik-di-dua-keluarga.csv", "kk-ganda-isi-beda.csv", "daftar-isi-bertentangan.csv"),
    10: ("nik-milik-orang-lain.csv", "daftar-nama-lain.csv"),
    11: ("orang-dengan-dua-nik.csv",),
    12: ("nama-almarhum.csv",),
    13: ("daftar-nama-disingkat.csv",),
    14: ("tanggal-ditulis-lain.csv", "tanggal-kosong.csv", "tanggal-mustahil.csv", "daftar-tanggal-salah.csv"),
    15: ("rt-rw-ditulis-lain.csv", "daftar-kolom-lebih.csv"),
    16: ("desa-berawalan.csv", "desa-nama-lain.csv", "desa-tidak-dikenal.csv"),
    17: ("kode-desa-ditulis-lain.csv", "daftar-kode-bps-salah.csv"),
    18: ("desil-ditulis-lain.csv", "desil-rentang.csv", "desil-di-luar.csv"),
    19: ("ya-tidak-ditulis-kata.csv", "ya-tidak-nol.csv"),
    20: ("daftar-uang-ditulis-lain.csv", "daftar-uang-salah.csv"),
    21: ("judul-di-atas.csv", "baris-jumlah-dan-tanda-tangan.csv"),
    22: ("lembar-per-desa.xlsx", "lembar-tersembunyi.xlsx", "baris-tersembunyi.xlsx", "sel-rumus-gagal.xlsx"),
    23: ("titik-koma.csv", "utf16.csv", "windows-1252.csv", "utf8-bom.csv", "baris-baru-dalam-alamat.csv"),
    24: ("halaman-web.xls", "dbase.xls", "xls-kata-sandi.xls", "arsip-rar.csv"),
    25: ("telepon-ditulis-lain.csv", "daftar-kolom-lebih.csv"),
    26: ("judul-lain.csv",),
    27: ("kiriman-sebagian.csv", "utf16.csv"),
    28: ("keluarga-tanpa-kepala.csv", "kepala-keluarga-dua.csv", "jumlah-anggota-beda.csv",
         "anggota-lebih-dari-15.csv"),
    29: ("nama-rumus.csv",),
    30: ("atap-buku-kode-lain.csv",),
}  # fmt: skip


def test_every_kind_of_the_catalogue_has_its_sample():
    written = {path.name for path in HERE.iterdir()}

    assert list(CATALOGUE) == list(range(1, 31))
    assert {name for names in CATALOGUE.values() for name in names} <= written
