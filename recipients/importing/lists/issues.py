"""Why a row of a list was not used: refused for what is written in it, or left for a person (domain.md 9 and 10)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from recipients.importing import issues
from recipients.importing.issues import Issue

# A person has to look: the row is readable, and what it speaks of is not clear.
WORK_MESSAGES = {
    "NOT_FOUND": _("Nomor ini tidak ada di data kami. Cek NIK di kartu keluarga, atau usulkan ke pusat."),
    "NIK_UNKNOWN": _("No. KK ini ada di data kami, tetapi NIK ini tidak. Cek NIK di kartu keluarga."),
    "MASK_NOT_FOUND": _("Tidak ada orang di desa itu yang cocok dengan NIK bersensor dan nama ini."),
    "MASK_AMBIGUOUS": _("Lebih dari satu orang cocok dengan NIK bersensor dan nama ini. Minta NIK lengkap."),
    "MASK_NEEDS_PLACE": _("NIK bersensor hanya bisa dicocokkan bila nama dan desa terisi."),
    "NAME_DIFFERS": _("NIK ini di data kami atas nama lain. Cek apakah NIK atau nama yang salah tulis."),
    "SAME_FAMILY_TWICE": _(
        "Keluarga ini sudah ada di baris lain untuk program yang sama. Cek dobel bantuan."
    ),
    "CONTRADICTING": _(
        "Baris lain tentang orang dan tahap yang sama isinya berbeda. Semua ditahan: pilih satu."
    ),
    "NEEDS_PERSON": _("Ini berlaku untuk satu orang, jadi NIK harus terisi. No. KK saja tidak cukup."),
    "NO_ENROLMENT": _(
        "Ada pembayaran, tetapi keluarga ini tidak tercatat di program itu. Cek daftar penerima."
    ),
}
REFUSED_MESSAGES = {
    "NUMBER_MISSING": _("NIK dan No. KK kosong. Isi salah satu."),
    "WORD_UNKNOWN": _("Kolom {column} berisi {value}. Kata itu belum dikenal; cek ejaannya."),
    "WORD_EMPTY": _("Kolom {column} kosong. Isi kolom itu di berkas, atau pilih satu nilai tetap."),
    "LIST_DATE": _("Kolom {column} berisi {value}. Tanggal ditulis hari-bulan-tahun, misalnya 27-08-1975."),
    "LIST_AMOUNT": _("Kolom {column} berisi {value}. Jumlah ditulis angka saja, misalnya 600000."),
    "LIST_PERIOD": _("Kolom {column} berisi {value}. Tahap ditulis seperti 2026-Q1 atau Januari 2026."),
    "UNTIL_BEFORE": _("Berlaku sampai lebih awal dari tanggal kejadian. Perbaiki salah satunya."),
    "REGION_UNKNOWN": _("Kode wilayah {value} belum dikenal. Cek kode Kemendagri."),
    "BPS_CODE": _("Kolom {column} berisi {value}. Kode BPS desa 10 angka, kecamatan 7, kabupaten 4."),
    "BPS_CODE_TAKEN": _("Kode BPS ini sudah dipakai wilayah lain. Cek kedua baris itu."),
}
LABELS = {
    "NOT_FOUND": _("tidak ada di data kami"),
    "NIK_UNKNOWN": _("No. KK ada, NIK tidak"),
    "MASK_NOT_FOUND": _("NIK bersensor tidak cocok"),
    "MASK_AMBIGUOUS": _("NIK bersensor cocok dengan beberapa orang"),
    "MASK_NEEDS_PLACE": _("NIK bersensor tanpa nama atau desa"),
    "NAME_DIFFERS": _("nama berbeda"),
    "SAME_FAMILY_TWICE": _("keluarga tercatat dua kali"),
    "CONTRADICTING": _("isi bertentangan"),
    "NEEDS_PERSON": _("NIK harus terisi"),
    "NO_ENROLMENT": _("dibayar tanpa tercatat"),
    "NUMBER_MISSING": _("nomor kosong"),
    "WORD_UNKNOWN": _("kata belum dikenal"),
    "WORD_EMPTY": _("isian kosong"),
    "LIST_DATE": _("tanggal salah"),
    "LIST_AMOUNT": _("jumlah uang salah"),
    "LIST_PERIOD": _("tahap salah"),
    "UNTIL_BEFORE": _("masa berlaku salah"),
    "REGION_UNKNOWN": _("kode wilayah belum dikenal"),
    "BPS_CODE": _("kode BPS salah"),
    "BPS_CODE_TAKEN": _("kode BPS dobel"),
}


@dataclass(frozen=True, slots=True)
class ListIssue(Issue):
    """An issue of lists only; what is wrong with a number is told in the words of the registry's import."""

    def message(self) -> str:
        words = WORK_MESSAGES.get(self.code) or REFUSED_MESSAGES.get(self.code)
        if words is None:
            return Issue(self.code, self.column, self.value, self.low, self.high, self.limit).message()
        return str(words).format(column=self.column, value=f'"{self.value}"' if self.value else "")


def label(code: str) -> str:
    return str(LABELS[code] if code in LABELS else issues.CODE_LABELS.get(code, code))
