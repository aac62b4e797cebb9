"""Why a row was refused: a stable code, and a message that names place, value, rule and fix (ux.md 5.10)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from bansos.common import ids
from recipients.importing.readers import FileRefused

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

MESSAGES = {
    "ROW_LENGTH": _(
        "Jumlah sel di baris ini tidak sama dengan judul kolom. Cek tanda pemisah dan tanda kutip."
    ),
    "NUMBER_EMPTY": _("Kolom {column} kosong. Setiap baris perlu nomor 16 angka."),
    "NUMBER_LENGTH": _("Kolom {column} berisi {value} ({length} tanda). Nomor harus tepat 16 angka."),
    "NUMBER_SCIENTIFIC": _(
        "Nomor di kolom {column} rusak oleh Excel (tertulis {value}). Buka berkas asli, atur kolom sebagai Teks, "
        "simpan ulang."
    ),
    "NUMBER_ROUNDED": _(
        "Kolom {column} disimpan sebagai angka ({value}), jadi angka terakhirnya mungkin sudah berubah. Ditahan. "
        "Minta berkas dengan kolom itu sebagai Teks."
    ),
    "NUMBER_MASKED": _(
        "Kolom {column} disensor ({value}). Berkas pusat perlu nomor lengkap. Minta berkas tanpa sensor."
    ),
    "NUMBER_NONE": _(
        "Kolom {column} berisi {value}, artinya belum ada nomor. Baris ini perlu nomor dari Dukcapil."
    ),
    "NUMBERS_SWAPPED": _(
        "NIK dan No. KK tertukar kolom di baris ini. Tukar kembali semuanya dengan satu perbaikan, atau tukar judul "
        "kedua kolom itu di berkas lalu unggah lagi."
    ),
    "NUMBERS_SAME": _("NIK dan No. KK sama ({value}). Salah satunya salah tulis. Cek kartu keluarga."),
    "CELL_ERROR": _("Kolom {column} berisi {value}: rumus di Excel gagal. Perbaiki rumusnya, simpan ulang."),
    "CELL_UNCALCULATED": _(
        "Kolom {column} berisi rumus tanpa hasil. Buka di Excel, tunggu dihitung, simpan ulang."
    ),
    "NUMBER_SHAPE": _(
        "Nomor {value} di kolom {column} bukan nomor yang mungkin: bagian tanggalnya tidak ada."
    ),
    "TEXT_EMPTY": _("Kolom {column} kosong. Isi nama seperti di kartu keluarga."),
    "TEXT_LENGTH": _("Kolom {column} terlalu panjang ({length} huruf). Paling banyak {limit} huruf."),
    "TEXT_CONTROL": _("Kolom {column} berisi tanda yang tidak bisa disimpan. Ketik ulang isinya."),
    "TEXT_NUMBER": _("Kolom {column} berisi nomor 16 angka. Nomor hanya boleh di kolom NIK dan No. KK."),
    "VILLAGE_UNKNOWN": _("Desa {value} belum dikenal. Cek kode desa, nama desa, dan nama kecamatan."),
    "VILLAGE_OUTSIDE": _("Desa {value} di luar kabupaten ini. Baris ini bukan milik kita."),
    "DECILE_RANGE": _("Kolom {column} berisi {value}, yaitu rentang. Desil harus satu angka, 1 sampai 10."),
    "CODE_RANGE": _("Kolom {column} berisi {value}. Isinya harus angka {low} sampai {high}, atau kosong."),
    "DATE": _("Kolom {column} berisi {value}. Tanggal ditulis tahun-bulan-hari, misalnya 1975-08-27."),
    "SEX": _("Kolom {column} berisi {value}. Isinya 1 (laki-laki) atau 2 (perempuan)."),
    "DUPLICATE_ROW": _("Baris ini sama persis dengan baris sebelumnya. Baris pertama yang dipakai."),
    "DUPLICATE_CARD": _(
        "No. KK ini ada di beberapa baris dengan isi berbeda. Semua baris itu ditahan: pilih satu."
    ),
    "DUPLICATE_NIK": _(
        "NIK ini ada di beberapa baris dengan isi berbeda. Semua baris itu ditahan: pilih satu."
    ),
    "LEFT_OUT": _("Baris ini sengaja ditinggalkan lewat perbaikan kiriman, karena baris lain yang benar."),
    "MEMBER_WITHOUT_FAMILY": _("No. KK anggota ini tidak ada di berkas keluarga. Lengkapi berkas keluarga."),
}

CODE_LABELS = {
    "ROW_LENGTH": _("jumlah sel tidak cocok"),
    "NUMBER_EMPTY": _("nomor kosong"),
    "NUMBER_LENGTH": _("nomor bukan 16 angka"),
    "NUMBER_SCIENTIFIC": _("nomor rusak oleh Excel"),
    "NUMBER_ROUNDED": _("nomor mungkin terpotong Excel"),
    "NUMBER_MASKED": _("nomor disensor"),
    "NUMBER_NONE": _("belum ada nomor"),
    "NUMBERS_SWAPPED": _("NIK dan No. KK tertukar"),
    "NUMBERS_SAME": _("NIK sama dengan No. KK"),
    "CELL_ERROR": _("rumus gagal"),
    "CELL_UNCALCULATED": _("rumus tanpa hasil"),
    "VILLAGE_OUTSIDE": _("desa di luar kabupaten"),
    "DECILE_RANGE": _("desil berupa rentang"),
    "NUMBER_SHAPE": _("nomor tidak mungkin"),
    "TEXT_EMPTY": _("nama kosong"),
    "TEXT_LENGTH": _("teks terlalu panjang"),
    "TEXT_CONTROL": _("tanda yang tidak bisa disimpan"),
    "TEXT_NUMBER": _("nomor di kolom teks"),
    "VILLAGE_UNKNOWN": _("desa belum dikenal"),
    "CODE_RANGE": _("isi di luar daftar kode"),
    "DATE": _("tanggal salah"),
    "SEX": _("jenis kelamin salah"),
    "DUPLICATE_ROW": _("baris kembar"),
    "DUPLICATE_CARD": _("No. KK di beberapa baris"),
    "DUPLICATE_NIK": _("NIK di beberapa baris"),
    "LEFT_OUT": _("sengaja ditinggalkan"),
    "MEMBER_WITHOUT_FAMILY": _("anggota tanpa keluarga"),
}

# Rows that wait for a person or a better file; every other code is refused for what is written there.
HELD = frozenset(
    {
        "NUMBER_ROUNDED", "NUMBER_MASKED", "NUMBER_NONE", "NUMBERS_SWAPPED", "NUMBERS_SAME", "DUPLICATE_CARD",
        "DUPLICATE_NIK", "MEMBER_WITHOUT_FAMILY", "VILLAGE_UNKNOWN",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Issue:
    code: str
    column: str
    value: str = ""
    low: int = 0
    high: int = 0
    limit: int = 0

    def message(self) -> str:
        return str(MESSAGES[self.code]).format(
            column=self.column,
            value=f'"{self.value}"' if self.value else "",
            length=len(self.value),
            low=self.low,
            high=self.high,
            limit=self.limit,
        )


def too_long(name: str, most: int) -> FileRefused:
    told = {"name": name, "most": f"{most:,}".replace(",", ".")}
    return FileRefused(
        _text(
            "Berkas %(name)s punya lebih dari %(most)s baris. Bagi per kecamatan, lalu unggah satu per satu."
        )
        % told
    )


def printable(text: str) -> str:
    """Fit to be stored and shown: no control characters, and no identifier that slipped into another column."""
    return _CONTROL.sub("?", ids.scrub(text))
