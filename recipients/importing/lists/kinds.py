"""The table of list kinds: their fields, whose headers mean which field, and what applying does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as _

from recipients.enums import ListKind


class Effect(Enum):
    ENROL = "ENROL"
    PAY = "PAY"
    FLAG = "FLAG"
    CODE = "CODE"


class Content(Enum):
    """What the cells of a field hold; how each is read stands in staging.py."""

    NIK = "NIK"
    CARD_NO = "CARD_NO"
    NAME = "NAME"
    TEXT = "TEXT"
    PLACE_CODE = "PLACE_CODE"
    PLACE = "PLACE"
    DAY = "DAY"
    MONEY = "MONEY"
    PERIOD = "PERIOD"
    PROGRAMME = "PROGRAMME"
    STATE = "STATE"
    PAYOUT_STATE = "PAYOUT_STATE"
    FLAG = "FLAG"
    REMARK_FLAG = "REMARK_FLAG"  # a remark that may name a reason we know
    CARD_MASKED = "CARD_MASKED"
    REGION_CODE = "REGION_CODE"
    BPS_CODE = "BPS_CODE"


@dataclass(frozen=True)
class Field:
    name: str
    label: Any
    explain: Any
    content: Content
    synonyms: tuple[str, ...]  # plain: small letters and figures only
    is_required: bool = False
    may_be_fixed: bool = False


def _field(name: str, content: Content, synonyms: str, label: Any, explain: Any, **more: bool) -> Field:
    return Field(name, label, explain, content, tuple(synonyms.split()), **more)


NIK = _field(
    "nik", Content.NIK,
    "nik nonik nomorindukkependudukan nikktp nikpenerima nikpengurus nikmask nikkpm nikpeserta nikanggota",
    _("NIK"), _("NIK orang yang dimaksud. NIK bersensor boleh, bila nama dan desa ada."),
)  # fmt: skip
CARD = _field(
    "card_no", Content.CARD_NO, "nokk kk nkk nomorkartukeluarga nokartukeluarga nomorkk nokkmask kkpenerima",
    _("No. KK"), _("Dipakai bila NIK kosong."),
)  # fmt: skip
NAME = _field(
    "name", Content.NAME,
    "nama namapenerima namapengurus namakrt namapeserta namalengkap namakpm namaanggota peserta namapemilik",
    _("Nama"), _("Untuk memastikan NIK tidak tertukar."),
)  # fmt: skip
VILLAGE_CODE = _field(
    "village_code", Content.PLACE_CODE, "kodewilayah kodedesa kodekelurahan kodekelurahandesa kddesa iddesa",
    _("Kode desa"), _("Kode Kemendagri atau BPS, 10 angka."),
)  # fmt: skip
VILLAGE = _field(
    "village", Content.PLACE, "desa kelurahan kel kelurahandesa desakelurahan namadesa namakelurahan",
    _("Desa/kelurahan"), _("Dipakai untuk mencocokkan NIK bersensor."),
)  # fmt: skip
SUBDISTRICT = _field(
    "subdistrict", Content.PLACE, "kecamatan kec namakecamatan", _("Kecamatan"), _("Bersama nama desa.")
)
PROGRAMME = _field(
    "programme", Content.PROGRAMME, "program namaprogram jenisbantuan bansos bantuan jenisbansos namabantuan",
    _("Program"), _("PKH, Sembako, dan seterusnya."), is_required=True, may_be_fixed=True,
)  # fmt: skip
STATE = _field(
    "state", Content.STATE, "status statuskpm statuspenerima keadaan statuskepesertaan keterangan",
    _("Keadaan"), _("Aktif, terdaftar, ditunda, atau menunggu. Kosong berarti aktif."), may_be_fixed=True,
)  # fmt: skip
SINCE = _field(
    "day", Content.DAY, "sejak tanggal tanggalmulai tmt tanggalpenetapan tglpenetapan mulai",
    _("Sejak"), _("Tanggal mulai menerima. Kosong berarti tanggal daftar."),
)  # fmt: skip
KKS = _field(
    "kks", Content.CARD_MASKED, "nokks kks nomorkks norekening norekeningmask nokartu rekening",
    _("No. KKS atau rekening"), _("Hanya empat angka terakhir yang disimpan."),
)  # fmt: skip
PERIOD = _field(
    "period", Content.PERIOD, "tahap periode triwulan tahappenyaluran periodesalur bulan masapenyaluran",
    _("Tahap"), _("Misalnya 2026-Q1 atau Januari 2026."), is_required=True, may_be_fixed=True,
)  # fmt: skip
PAYOUT_STATE = _field(
    "state", Content.PAYOUT_STATE, "status statusbayar statussalur statuspenyaluran statustransaksi hasil keterangan",
    _("Hasil pembayaran"), _("Berhasil, gagal, belum diambil, dan seterusnya."), is_required=True, may_be_fixed=True,
)  # fmt: skip
AMOUNT = _field(
    "amount", Content.MONEY, "jumlah nominal nilai jumlahuang besaran nominalbantuan jumlahbantuan rupiah",
    _("Jumlah (Rp)"), _("Angka saja atau dengan Rp."), is_required=True, may_be_fixed=True,
)  # fmt: skip
CHANNEL = _field(
    "channel", Content.TEXT, "bank lembagapenyalur penyalur saluran bankpenyalur himbara",
    _("Penyalur"), _("Nama bank atau pos."), may_be_fixed=True,
)  # fmt: skip
PAID_ON = _field(
    "day", Content.DAY, "tanggalbayar tanggal tglbayar tanggalcair tglcair tanggaltransaksi tglsalur",
    _("Tanggal dibayar"), _("Boleh kosong bila belum dibayar."),
)  # fmt: skip
REASON = _field(
    "note", Content.TEXT, "sebab alasan sebabgagal alasangagal penjelasan catatan",
    _("Sebab"), _("Sebab gagal bayar."),
)  # fmt: skip
FLAG = _field(
    "kind", Content.FLAG, "jenis jenistanda tanda kategori jenisanomali anomali keterangan indikasi status",
    _("Jenis tanda"), _("ASN, meninggal, pindah, kendaraan, dan seterusnya."), is_required=True, may_be_fixed=True,
)  # fmt: skip
KNOWN_ON = _field(
    "day", Content.DAY, "tanggal tanggaldata tanggalkejadian tanggalmeninggal tglmeninggal tmt",
    _("Tanggal kejadian"), _("Kosong berarti tanggal daftar."),
)  # fmt: skip
UNTIL = _field(
    "until", Content.DAY, "berlakusampai berlakuhingga sampai masaberlaku tanggalberakhir kedaluwarsa tglberakhir",
    _("Berlaku sampai"), _("Hari terakhir keterangan ini berlaku, misalnya akhir kontrak. Kosong berarti tanpa batas."),
)  # fmt: skip
EVIDENCE = _field(
    "note", Content.TEXT, "catatan bukti uraian rincian penjelasan instansi unitkerja keterangantambahan",
    _("Bukti"), _("Ditampilkan kepada petugas yang memeriksa."),
)  # fmt: skip
REMARK = _field(
    "kind", Content.REMARK_FLAG, "keterangan jenisanomali anomali alasan", _("Keterangan"),
    _("Alasan pusat meminta pemeriksaan. Kata yang belum dikenal tetap dicatat."),
)  # fmt: skip
REGION_CODE = _field(
    "region_code", Content.REGION_CODE, "kode kodekemendagri kodewilayah kodedesa kemendagri kdkemendagri",
    _("Kode Kemendagri"), _("Misalnya 52.03.01.2001."), is_required=True,
)  # fmt: skip
BPS_CODE = _field(
    "bps_code", Content.BPS_CODE, "kodebps bps idbps kdbps", _("Kode BPS"), _("10, 7, atau 4 angka."),
    is_required=True,
)  # fmt: skip
PLACES = (VILLAGE_CODE, VILLAGE, SUBDISTRICT)


@dataclass(frozen=True)
class Kind:
    fields: tuple[Field, ...]
    effect: Effect

    @property
    def needs_number(self) -> bool:
        """A row must name a person or a family card."""
        return self.effect is not Effect.CODE

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


KINDS: dict[str, Kind] = {
    ListKind.RECIPIENTS: Kind((NIK, CARD, NAME, *PLACES, PROGRAMME, STATE, SINCE, KKS), Effect.ENROL),
    ListKind.PAYOUT: Kind(
        (NIK, CARD, NAME, *PLACES, PROGRAMME, PERIOD, PAYOUT_STATE, AMOUNT, PAID_ON, CHANNEL, REASON), Effect.PAY
    ),
    ListKind.FLAGS: Kind((NIK, CARD, NAME, *PLACES, FLAG, KNOWN_ON, UNTIL, EVIDENCE), Effect.FLAG),
    ListKind.NATIONAL_CHECK: Kind((NIK, CARD, NAME, *PLACES, REMARK, CHANNEL), Effect.FLAG),
    ListKind.VILLAGE_PROGRAMME: Kind((NIK, NAME, *PLACES, PROGRAMME, STATE, SINCE), Effect.ENROL),
    ListKind.REGION_CODES: Kind((REGION_CODE, BPS_CODE, NAME), Effect.CODE),
}  # fmt: skip
