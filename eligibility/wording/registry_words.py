"""Sentences about what the centre's files say: decile, members, house and belongings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE
from eligibility.wording.saying import Sentence, deciles_up_to, told
from recipients import codebook

COMPONENTS = {
    "pregnant": gettext_lazy("ibu hamil"),
    "small_child": gettext_lazy("anak kecil"),
    "pupil_sd": gettext_lazy("anak SD atau sederajat"),
    "pupil_smp": gettext_lazy("anak SMP atau sederajat"),
    "pupil_sma": gettext_lazy("anak SMA atau sederajat"),
    "school_age": gettext_lazy("anak usia sekolah"),
    "elder": gettext_lazy("lansia"),
    "disability": gettext_lazy("anggota dengan disabilitas"),
    "female_head": gettext_lazy("kepala keluarga perempuan"),
}
Finding = Mapping[str, Any]
Names = Mapping[str, Any]


def decile(finding: Finding, names: Names) -> Sentence:
    values = {**names, "seen": finding["seen"], "limit": deciles_up_to(finding["limit"])}
    return _decile_known(finding, values) if finding["seen"] is not None else _decile_unknown(values)


def _decile_known(finding: Finding, values: Names) -> Sentence:
    if finding["verdict"] == ELIGIBLE:
        return Sentence(
            _("Data pusat menempatkan %(family)s di desil %(seen)s. %(programme)s untuk desil %(limit)s.")
            % values,
            _("Peringkat %(family)s di data pusat masih dalam batas bantuan ini.") % values,
        )
    return told(
        finding,
        values,
        met="",
        unmet=_(
            "Data pusat menempatkan %(family)s di desil %(seen)s. %(programme)s hanya untuk desil %(limit)s."
        ),
        unknown="",
        short=_("Data pusat menganggap %(family)s lebih mampu dari batas bantuan ini."),
    )


def _decile_unknown(values: Names) -> Sentence:
    return Sentence(
        _("Data pusat belum memuat desil %(family)s. Ini bukan penolakan. Petugas perlu memeriksanya.")
        % values,
        _("Data pusat belum memuat peringkat %(family)s.") % values,
    )


def pkh_component(finding: Finding, names: Names) -> Sentence:
    needed = _("PKH perlu ibu hamil, anak kecil, anak sekolah, lansia, atau anggota dengan disabilitas.")
    return _component(finding, {**names, "needed": needed})


def some_members(finding: Finding, names: Names) -> Sentence:
    wanted = ", ".join(str(word) for name, word in COMPONENTS.items() if name in finding["seen"])
    needed = _("%(programme)s perlu salah satu: %(wanted)s.") % {**names, "wanted": wanted}
    return _component(finding, {**names, "needed": needed})


def _component(finding: Finding, names: Names) -> Sentence:
    if finding["verdict"] == INELIGIBLE:
        return Sentence(
            _("%(needed)s Data belum mencatatnya.") % names,
            _("Data anggota keluarga belum lengkap untuk bantuan ini."),
        )
    if finding["verdict"] == ELIGIBLE:
        return Sentence(
            _("Data mencatat anggota keluarga yang menjadi syarat %(programme)s: %(members)s.")
            % {**names, "members": _members(finding["seen"])},
            _("Data mencatat anggota keluarga yang menjadi syarat bantuan ini."),
        )
    return Sentence(
        _(
            "%(needed)s Data anggota %(family)s belum lengkap. Ini bukan penolakan. Petugas perlu memeriksanya."
        )
        % names,
        _("Data anggota keluarga belum lengkap untuk bantuan ini."),
    )


def _members(seen: Mapping[str, int | None]) -> str:
    return ", ".join(f"{count} {COMPONENTS[name]}" for name, count in seen.items() if count)


def civil_servant(finding: Finding, names: Names) -> Sentence:
    if finding["verdict"] == ELIGIBLE:
        return Sentence(
            _("Data tidak mencatat anggota %(family)s sebagai ASN, TNI, Polri, atau pegawai BUMN/BUMD.")
            % names,
            _("Tidak ada catatan gaji tetap dari negara."),
        )
    return Sentence(
        _(
            "Data mencatat ada anggota %(card)s yang bekerja sebagai ASN, TNI, Polri, atau pegawai BUMN/BUMD. "
            "Petugas memeriksanya dulu. Jika keliru, %(you)s boleh menyanggah."
        )
        % names,
        _("Ada data gaji atau pensiun."),
    )


def age(finding: Finding, names: Names, *, is_least: bool) -> Sentence:
    values = {**names, "seen": finding["seen"], "limit": finding["limit"]}
    limit = (
        _("%(programme)s untuk umur %(limit)s tahun atau lebih.")
        if is_least
        else _("%(programme)s untuk umur paling tinggi %(limit)s tahun.")
    )
    said = _("Menurut data pusat, umurnya %(seen)s tahun.") + " " + limit
    return told(
        finding,
        values,
        met=said,
        unmet=said,
        unknown=_("Data pusat belum memuat tanggal lahir."),
        short=_("Umur di data pusat di luar batas bantuan ini."),
    )


def counted(finding: Finding, names: Names, *, who: Any, is_least: bool) -> Sentence:
    """How many members of a sort there are, against how many the rule wants."""
    values = {**names, "seen": finding["seen"], "limit": finding["limit"], "who": who}
    limit = (
        _("%(programme)s perlu paling sedikit %(limit)s.")
        if is_least
        else _("Batasnya paling banyak %(limit)s.")
    )
    said = _("Data pusat mencatat %(seen)s %(who)s di %(family)s.") + " " + limit
    return told(
        finding,
        values,
        met=said,
        unmet=said,
        unknown=_("Data pusat belum lengkap tentang %(who)s di %(family)s."),
        short=_("Ada data anggota keluarga yang belum cocok dengan syarat."),
    )


def in_age_group(finding: Finding, names: Names, *, is_least: bool) -> Sentence:
    """Members counted from one age to another: the finding tells the ages, a stranger's sentence does not."""
    low, high = finding["ages"]
    who = _("anggota berumur %(low)s sampai %(high)s tahun") % {"low": low, "high": high}
    return counted(finding, names, who=who, is_least=is_least)


def female_head(finding: Finding, names: Names) -> Sentence:
    return told(
        finding,
        names,
        met=_("Di data pusat, kepala %(family)s perempuan."),
        unmet=_(
            "%(programme)s untuk keluarga yang kepalanya perempuan. "
            "Data pusat tidak mencatat perempuan sebagai kepala %(family)s."
        ),
        unknown=_("Data pusat belum lengkap tentang siapa kepala %(family)s, laki-laki atau perempuan."),
        short=_("Ada data anggota keluarga yang belum cocok dengan syarat."),
    )


def national_pbi(finding: Finding, names: Names) -> Sentence:
    return told(
        finding,
        names,
        met=_("Data pusat belum mencatat BPJS gratis dari pusat untuk orang ini."),
        unmet=_("Data pusat mencatat orang ini sudah menerima BPJS gratis dari pusat."),
        unknown=_("Data pusat tidak menyebut BPJS gratis untuk orang ini."),
        short=_("Ada data bantuan lain."),
    )


def housing(finding: Finding, names: Names) -> Sentence:
    """Any fact of the house: what the file says, and what the rule takes."""
    name = str(finding["code"]).lower()
    limit = finding["limit"]
    taken = limit if isinstance(limit, list) else [limit]
    values = {
        **names,
        "what": _label(name),
        "seen": housing_value(name, finding["seen"]),
        "limit": ", ".join(str(housing_value(name, value)) for value in taken),
    }
    return told(
        finding,
        values,
        met=_("Data pusat mencatat %(what)s: %(seen)s. Ini sesuai syarat."),
        unmet=_("Data pusat mencatat %(what)s: %(seen)s. Batasnya: %(limit)s."),
        unknown=_("Data pusat belum mencatat %(what)s."),
        short=_("Ada data rumah yang belum cocok dengan syarat."),
    )


def _label(name: str) -> str:
    if name == "member_count":
        return _("jumlah anggota keluarga")
    return str(codebook.HOUSING[name][0]).lower()


def housing_value(name: str, value: int | None) -> Any:
    book = None if name == "member_count" else codebook.HOUSING[name][1]
    if book is not None:
        return codebook.say(book, value)
    return codebook.UNKNOWN if value is None else f"{value} m²" if name == "floor_area" else value


def asset(finding: Finding, names: Names) -> Sentence:
    values = {**names, "what": codebook.ASSETS[str(finding["code"]).lower()]}
    has = _("Data pusat mencatat %(family)s punya %(what)s.")
    has_not = _("Data pusat mencatat %(family)s tidak punya %(what)s.")
    said = has if finding["seen"] == 1 else has_not
    return told(
        finding,
        values,
        met=said,
        unmet=said,
        unknown=_("Data pusat belum mencatat apakah %(family)s punya %(what)s."),
        short=_("Ada data barang atau tanah."),
    )
