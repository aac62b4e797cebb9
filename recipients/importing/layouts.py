"""The centre's file layouts: which header means which field, and which codes a cell may hold.

Layout A (`keluarga`) and layout B (`anggota`) as found in public copies of the DTSEN tables (domain.md 3.1, 3.2);
codes of the Regsosek 2022-K code book reused in DTSEN (domain.md 3.3). A new header of the ministry goes here first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

YES_NO = (1, 2)
COUNT = (0, 32767)


@dataclass(frozen=True)
class Coded:
    """A column of whole numbers from `low` to `high` that goes to `field`; a blank cell is unknown."""

    header: str
    field: str
    low: int
    high: int


def _coded(header: str, field: str, bounds: tuple[int, int]) -> Coded:
    return Coded(header, field, *bounds)


CARD_NO = "nomor_kartu_keluarga"
HEAD_NAME = "nama_anggota_keluarga"
ADDRESS = "alamat"
VILLAGE_NAME = "kelurahan_desa"
SUBDISTRICT_NAME = "kecamatan"
VILLAGE_CODE = "kode_kelurahan_desa"
DECILE = "desil_nasional"

FAMILY_CODED = (
    _coded("jumlah_anggota_keluarga", "member_count", (1, 99)),
    _coded(DECILE, "decile", (1, 10)),
    _coded("status_kepemilikan_rumah", "home_ownership", (1, 5)),
    _coded("luas_lantai", "floor_area", (0, 9999)),
    _coded("jenis_lantai_terluas", "floor_type", (1, 9)),
    _coded("jenis_dinding_terluas", "wall_type", (1, 7)),
    _coded("jenis_atap_terluas", "roof_type", (1, 8)),
    _coded("sumber_air_minum_utama", "water_source", (1, 11)),
    _coded("sumber_penerangan_utama", "lighting_source", (1, 4)),
    _coded("daya_terpasang", "power", (1, 5)),
    _coded("bahan_bakar_utama_memasak", "cooking_fuel", (0, 12)),
    _coded("fasilitas_bab", "toilet", (1, 6)),
    _coded("jenis_kloset", "closet", (1, 4)),
    _coded("pembuangan_akhir_tinja", "sewage", (1, 6)),
    _coded("aset_bergerak_tabung_gas", "asset_gas_cylinder", YES_NO),
    _coded("aset_bergerak_lemari_es", "asset_fridge", YES_NO),
    _coded("aset_bergerak_ac", "asset_air_conditioner", YES_NO),
    _coded("aset_bergerak_pemanas_air", "asset_water_heater", YES_NO),
    _coded("aset_bergerak_telepon_rumah", "asset_landline", YES_NO),
    _coded("aset_bergerak_tv_datar", "asset_flat_tv", YES_NO),
    _coded("aset_bergerak_emas_perhiasan", "asset_gold", YES_NO),
    _coded("aset_bergerak_komputer_laptop_tablet", "asset_computer", YES_NO),
    _coded("aset_bergerak_sepeda_motor", "asset_motorcycle", YES_NO),
    _coded("aset_bergerak_sepeda", "asset_bicycle", YES_NO),
    _coded("aset_bergerak_mobil", "asset_car", YES_NO),
    _coded("aset_bergerak_perahu", "asset_boat", YES_NO),
    _coded("aset_bergerak_kapal_perahu_motor", "asset_motorboat", YES_NO),
    _coded("aset_bergerak_smartphone", "asset_smartphone", YES_NO),
    _coded("aset_tidak_bergerak_lahan_lainnya", "asset_other_land", YES_NO),
    _coded("aset_tidak_bergerak_rumah_lainnya", "asset_other_house", YES_NO),
    _coded("kepemilikan_aset", "asset_ownership", YES_NO),
    _coded("jumlah_ternak_sapi", "cattle", COUNT),
    _coded("jumlah_ternak_kerbau", "buffaloes", COUNT),
    _coded("jumlah_ternak_kuda", "horses", COUNT),
    _coded("jumlah_ternak_babi", "pigs", COUNT),
    _coded("jumlah_ternak_kambing_domba", "goats_sheep", COUNT),
    _coded("pbi_nas", "national_pbi", YES_NO),
    _coded("pbi_pemda", "local_pbi", YES_NO),
)

# In the order of the delivered file; columns without a field above are read past (id_pelanggan_pln identifies a
# customer and no rule needs it).
FAMILY_HEADERS = (
    CARD_NO, HEAD_NAME, "jumlah_anggota_keluarga", ADDRESS, VILLAGE_NAME, SUBDISTRICT_NAME, "kabupaten_kota",
    "provinsi", "kode_provinsi", "kode_kabupaten_kota", "kode_kecamatan", VILLAGE_CODE,
    "status_kepemilikan_rumah", "luas_lantai", "jenis_lantai_terluas", "jenis_dinding_terluas", "jenis_atap_terluas",
    "sumber_air_minum_utama", "sumber_penerangan_utama", "daya_terpasang", "id_pelanggan_pln",
    "bahan_bakar_utama_memasak", "fasilitas_bab", "jenis_kloset", "pembuangan_akhir_tinja",
    *(column.header for column in FAMILY_CODED if column.header.startswith("aset_bergerak_")),
    "aset_tidak_bergerak_lahan_lainnya", "aset_tidak_bergerak_rumah_lainnya", "kepemilikan_aset",
    *(column.header for column in FAMILY_CODED if column.header.startswith("jumlah_ternak_")),
    "pbi_nas", "pbi_pemda", DECILE,
)  # fmt: skip

NIK = "nomor_induk_kependudukan"
MEMBER_NAME = "nama"
SEX = "jenis_kelamin"  # 1 male, 2 female
SEX_CODES = {
    "L": "1",
    "P": "2",
    "LAKI-LAKI": "1",
    "PEREMPUAN": "2",
    "LK": "1",
    "PR": "2",
}  # Dukcapil-style files
BIRTH_DATE = "tanggal_lahir"  # yyyy-mm-dd

MEMBER_CODED = (
    _coded("status_kawin", "marital_status", (1, 4)),
    _coded("status_hubungan_keluarga", "relation", (1, 8)),
    _coded("partisipasi_sekolah", "school_participation", (1, 3)),  # 1 never, 2 at school, 3 no longer
    _coded("jenjang_tertinggi_yang_diduduki", "school_level", (1, 22)),
    _coded(
        "status_dalam_pekerjaan_utama", "employment", (1, 8)
    ),  # 5: civil servant, army, police, state firm
    _coded("pbi_nas", "national_pbi", YES_NO),
    _coded("pbi_pemda", "local_pbi", YES_NO),
)

# Functional difficulty, 1 cannot at all, 2 much, 3 some, 4 none. Specific personal data (UU 27/2022 art. 4): read for
# the PKH component "disability" (any of them 1 or 2) and not kept one by one.
DISABILITY = (
    "penglihatan", "pendengaran", "berjalan_atau_naik_tangga", "menggunakan_tangan_jari", "mengingat_berkonsentrasi",
    "berbicara_komunikasi", "belajar_kemampuan_intelektual", "mengurus_diri",
)  # fmt: skip
SEVERE = frozenset({"1", "2"})

MEMBER_HEADERS = (
    NIK, CARD_NO, MEMBER_NAME, SEX, BIRTH_DATE, "status_kawin", "status_hubungan_keluarga",
    "alamat_ktp", "dusun_ktp", "rt_ktp", "rw_ktp", "kelurahan_desa_ktp", "kecamatan_ktp", "kabupaten_kota_ktp",
    "provinsi_ktp", "kode_provinsi_ktp", "kode_kabupaten_kota_ktp", "kode_kecamatan_ktp", "kode_kelurahan_desa_ktp",
    "partisipasi_sekolah", "jenjang_tertinggi_yang_diduduki", "kelas_tertinggi_yang_diduduki",
    "ijazah_tertinggi_yang_dimiliki", "status_bekerja", "status_dalam_pekerjaan_utama",
    "lapangan_usaha_dari_pekerjaan_utama", "kepemilikan_usaha", "jumlah_usaha", "omzet_usaha_utama",
    "kondisi_gizi", "penyakit_kronis", *DISABILITY, "kesedihan_depresi", "pengendalian_perilaku",
    "pbi_nas", "pbi_pemda", "id_pelanggan_pln",
)  # fmt: skip

# How offices and villages write the same headers (domain.md 10). A header of the centre always stands for itself.
SYNONYMS = {
    other: header
    for header, others in {
        NIK: "nik no_nik nomor_nik nik_ktp nik_anggota",
        CARD_NO: "no_kk nokk nkk nomor_kk kk no_kartu_keluarga",
        MEMBER_NAME: "nama_lengkap nama_anggota",
        HEAD_NAME: "nama_kepala_keluarga nama_krt kepala_keluarga",
        SEX: "jk l_p",
        BIRTH_DATE: "tgl_lahir",
        DECILE: "desil peringkat desil_kesejahteraan",
        VILLAGE_NAME: "desa kelurahan desa_kelurahan kel",
        SUBDISTRICT_NAME: "kec",
        VILLAGE_CODE: "kode_desa kode_kelurahan kode_wilayah kddesa",
    }.items()
    for other in others.split()
}


def canonical(header: list[str]) -> list[str]:
    """The header in the centre's words, where a column of that name is not there already."""
    named = [header_word(column) for column in header]
    present = set(named)
    return [SYNONYMS[word] if word in SYNONYMS and SYNONYMS[word] not in present else word for word in named]


def header_word(column: str) -> str:
    """`No. KK` as `no_kk`."""
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
