"""Sentences about flags, lists of recipients and decisions by hand (domain.md 5.1, ux.md 5.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE
from eligibility.wording.saying import Sentence, told

# What a list or a visit says, after "Data mencatat".
FLAGS = {
    "ADDR_NOT_FOUND": gettext_lazy("alamat %(family)s belum ditemukan"),
    "PERSON_NOT_FOUND": gettext_lazy("petugas belum bertemu seorang anggota %(family)s"),
    "DECEASED": gettext_lazy("penerima di %(family)s sudah meninggal"),
    "MOVED": gettext_lazy("anggota %(family)s sudah pindah"),
    "CIVIL_SERVANT": gettext_lazy("anggota %(card)s bekerja sebagai ASN, TNI, atau Polri"),
    "STATE_CONTRACT": gettext_lazy("anggota %(card)s bekerja sebagai pegawai kontrak negara"),
    "PENSIONER": gettext_lazy("anggota %(card)s menerima pensiun dari negara"),
    "CERTIFIED_TEACHER": gettext_lazy("anggota %(card)s adalah guru bersertifikat"),
    "VILLAGE_OFFICIAL": gettext_lazy("anggota %(card)s bekerja sebagai perangkat desa"),
    "STATE_INCOME": gettext_lazy("anggota %(card)s digaji dari APBN atau APBD"),
    "SOCIAL_FACILITATOR": gettext_lazy("anggota %(card)s bekerja sebagai pendamping sosial"),
    "WAGE_OVER_MINIMUM": gettext_lazy("anggota %(card)s digaji di atas upah minimum"),
    "COMPANY_OFFICER": gettext_lazy("anggota %(card)s tercatat sebagai pengurus perusahaan"),
    "POWER_HIGH": gettext_lazy("daya listrik rumah %(family)s di atas batas"),
    "VEHICLE": gettext_lazy("ada kendaraan atas nama anggota %(family)s"),
    "LAND": gettext_lazy("ada tanah atau rumah lain atas nama anggota %(family)s"),
    "BANK_ANOMALY": gettext_lazy("ada transaksi bank besar memakai NIK anggota %(family)s"),
    "GAMBLING": gettext_lazy("rekening anggota %(family)s dipakai untuk judi daring"),
    "DUPLICATE": gettext_lazy("anggota %(family)s sudah menerima bantuan ini di KK lain"),
    "REFUSED": gettext_lazy("%(family)s meminta berhenti menerima bantuan"),
    "GRADUATED": gettext_lazy("%(family)s sudah selesai dari program ini"),
    "CENTRAL_CHECK": gettext_lazy("pusat meminta data %(family)s diperiksa"),
    "CARD_NEVER_USED": gettext_lazy("kartu bantuan %(family)s belum pernah dipakai"),
}
# A group of kinds is one condition and one code: what a stranger may read of it, and what is said of none. A rule asks
# for some of a group's kinds, so that "none" is said of what stands in the way, never of what there is.
GROUPS = {
    "FLAG_INCOME": (
        gettext_lazy("Ada data gaji atau pensiun."),
        gettext_lazy("Tidak ada catatan gaji, pensiun, atau usaha yang menghalangi %(programme)s."),
    ),
    "FLAG_ASSETS": (
        gettext_lazy("Ada data tanah, kendaraan, bank, atau catatan pusat."),
        gettext_lazy(
            "Tidak ada catatan listrik, kendaraan, tanah, atau bank yang menghalangi %(programme)s."
        ),
    ),
    "FLAG_PRESENCE": (
        gettext_lazy("Ada data yang perlu dicocokkan."),
        gettext_lazy("Tidak ada catatan tentang alamat atau penerima yang menghalangi %(programme)s."),
    ),
}
PROGRAMMES = {
    "PKH": "PKH",
    "SEMBAKO": gettext_lazy("Program Sembako"),
    "PBI_JK": gettext_lazy("BPJS gratis dari pusat"),
    "PBI_DAERAH": gettext_lazy("BPJS gratis dari daerah"),
    "PAKET_DAERAH": gettext_lazy("paket sembako daerah"),
}


def programme_name(code: str) -> str:
    return str(PROGRAMMES.get(code, code.replace("_", " ").capitalize()))


def flags(finding: Mapping[str, Any], names: Mapping[str, Any]) -> Sentence:
    short, none = GROUPS[str(finding["code"])]
    seen: Mapping[str, str] = finding["seen"] or {}
    if finding["verdict"] == ELIGIBLE:
        return Sentence(str(none) % names, _("Tidak ada catatan yang menghalangi."))
    is_refused = finding["verdict"] == INELIGIBLE
    deciding = [kind for kind, level in seen.items() if not is_refused or level == "CONFIRMED"]
    said = [_("Data mencatat %s.") % (str(FLAGS[kind]) % names) for kind in FLAGS if kind in deciding]
    settled = _("Petugas sudah memastikannya.") if is_refused else _("Petugas memeriksanya dulu.")
    if finding["verdict"] == "WARNING":
        settled = _("Ini hanya catatan. Hasilnya tetap.")
    objecting = _("Jika keliru, %(you)s boleh menyanggah.") % names
    return Sentence(" ".join([*said, settled, objecting]), str(short))


def other_programme(finding: Mapping[str, Any], names: Mapping[str, Any]) -> Sentence:
    listed = ", ".join(programme_name(code) for code in finding["seen"] or [])
    return told(
        finding,
        {**names, "listed": listed},
        met=_("Data tidak mencatat bantuan lain yang tidak boleh dobel."),
        unmet=_("Data mencatat sudah ada %(listed)s. %(programme)s tidak boleh dobel dengan itu."),
        unknown=_("Data penerima bantuan lain belum lengkap."),
        short=_("Ada data bantuan lain."),
    )


def years_enrolled(finding: Mapping[str, Any], names: Mapping[str, Any]) -> Sentence:
    said = _("Data mencatat bantuan sudah berjalan %(seen)s tahun. Batas untuk ditinjau %(limit)s tahun.")
    return told(
        finding,
        {**names, "seen": finding["seen"], "limit": finding["limit"]},
        met=said,
        unmet=said,
        unknown=_("Data lama menerima bantuan belum ada."),
        short=_("Ada data lama menerima bantuan."),
    )


def by_hand(finding: Mapping[str, Any], names: Mapping[str, Any]) -> Sentence:
    if finding["verdict"] == ELIGIBLE:
        full = _(
            "Desa meminta %(family)s ikut %(programme)s. Musyawarah desa mencatatnya. Dinas Sosial setuju."
        )
    else:
        full = _(
            "Desa meminta %(family)s belum ikut %(programme)s. Musyawarah desa mencatatnya. Dinas Sosial setuju. "
            "Jika keliru, %(you)s boleh menyanggah."
        )
    return Sentence(full % names, _("Ada keputusan daerah untuk %(family)s.") % names)
