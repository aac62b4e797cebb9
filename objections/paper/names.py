"""The names in braces that a letter's text may hold: a closed list for each kind, checked when a text is saved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from objections.enums import LetterKind


@dataclass(frozen=True)
class Name:
    """`stands_alone`: it brings its own lines, so nothing else stands in its paragraph."""

    says: Any
    sample: Any
    stands_alone: bool = False


NAMES: dict[str, Name] = {
    "nama": Name(_("nama kepala keluarga"), "AMAQ CONTOH"),
    "nomor": Name(_("nomor sanggahan"), "SGH-26-4K7Q-2"),
    "desa": Name(_("desa atau kelurahan"), _("Desa Contoh")),
    "tanggal": Name(_("tanggal surat"), _("12 Maret 2026")),
    "kantor": Name(_("nama kantor"), _("Dinas Sosial Kabupaten Lombok Timur")),
    "telepon": Name(_("telepon kantor"), "0376-000000"),
    "situs": Name(_("alamat portal"), "bansos.lomboktimurkab.go.id"),
    "batas": Name(_("tanggal batas"), _("26 Maret 2026")),
    "batas_ulang": Name(_("batas minta diperiksa ulang"), _("6 April 2026")),
    "hal": Name(_("yang masih diperlukan"), _("foto meteran listrik")),
    "kabar": Name(_("kalimat kabar tahap ini"), _("Sanggahan Anda sudah masuk.")),
    "jawaban": Name(_("jawaban yang diputus"), _("Kami melihat rumah dan meteran."), True),
    "temuan": Name(
        _("yang dilihat saat kunjungan"),
        _("Petugas datang pada 5 Maret 2026.\n\n- Daya listrik: data mencatat 2.200 watt, terlihat 450 watt."),
        True,
    ),
    "alasan": Name(
        _("alasan dari hitungan syarat"),
        _("Menurut data dan hitungan syarat:\n- PKH: desil keluarga Bapak/Ibu 6, batas PKH 4."),
        True,
    ),
    "bukti": Name(
        _("yang dipakai untuk memutuskan"),
        _("Yang kami pakai untuk memutuskan:\n- 2 foto\n- 1 kunjungan"),
        True,
    ),
    "perubahan": Name(_("kalimat perubahan desil"), _("Desil keluarga Bapak/Ibu dulu 4, sekarang 6.")),
    "sumber": Name(_("kalimat sumber data"), _("Data ini berasal dari DTSEN rilis 2026-Q1.")),
    "hasil": Name(_("hasil hitungan tiap program"), _("Menurut hitungan kami:\n\n- PKH: belum memenuhi syarat."), True),
    "kode": Name(_("kode pembuka data sendiri"), "", True),
    "jumlah": Name(_("banyak keluarga yang pindah desil"), "41"),
    "keluar": Name(_("banyak keluarga yang melewati batas"), "9"),
    "masuk": Name(_("banyak keluarga yang masuk batas"), "6"),
}  # fmt: skip
AT_PRINTING = frozenset({"nama", "kode"})
"""Filled in on the paper only: what is kept of a letter names nobody and opens nothing."""

_OFFICE = frozenset({"tanggal", "kantor", "telepon", "situs"})
_CASE = _OFFICE | {"nama", "nomor", "desa", "kode"}
_DECIDED = _CASE | {"jawaban", "temuan", "alasan", "bukti"}


@dataclass(frozen=True)
class Allowed:
    needed: frozenset[str]
    known: frozenset[str]


def _allowed(needed: str, known: frozenset[str]) -> Allowed:
    must = frozenset(needed.split())
    return Allowed(must, known | must)


ALLOWED: dict[str, Allowed] = {
    LetterKind.CHANGE: _allowed("nama perubahan sumber hasil kode", _OFFICE | {"desa"}),
    LetterKind.TO_CENTRE: _allowed("nama nomor jawaban", _DECIDED),
    LetterKind.UPHELD: _allowed("nama nomor jawaban", _DECIDED),
    LetterKind.REJECTED: _allowed("nama nomor jawaban batas_ulang", _DECIDED),
    LetterKind.COMPLETION: _allowed("nama nomor hal batas", _CASE),
    LetterKind.VILLAGE: _allowed("desa jumlah keluar masuk", _OFFICE | {"sumber", "batas"}),
    LetterKind.NEWS: _allowed("nama nomor kabar", _CASE),
}
