"""Findings in words (ux.md 5.4): codes are never shown raw, and the short form tells a stranger little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.rules.conditions import Condition, SomeOf
from eligibility.rules.facts import FAMILY_FILE, MEMBER_FILE, RuleError
from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE
from recipients.addressing import CITIZEN, Reader

COMPONENTS = {
    "small_child": gettext_lazy("anak kecil"),
    "pupil_sd": gettext_lazy("anak SD atau sederajat"),
    "pupil_smp": gettext_lazy("anak SMP atau sederajat"),
    "pupil_sma": gettext_lazy("anak SMA atau sederajat"),
    "elder": gettext_lazy("lansia"),
    "disability": gettext_lazy("anggota dengan disabilitas"),
}

SOURCES = {
    FAMILY_FILE: gettext_lazy("data pusat (DTSEN), berkas keluarga"),
    MEMBER_FILE: gettext_lazy("data pusat (DTSEN), berkas anggota keluarga"),
}


@dataclass(frozen=True)
class Sentence:
    """`full` for the family itself, opened with a code, and for staff; `short` for everything else."""

    full: str
    short: str


def _decile(finding: Mapping[str, Any], names: Mapping[str, Any]) -> Sentence:
    values = {**names, "seen": finding["seen"], "limit": finding["limit"]}
    if finding["verdict"] == INELIGIBLE:
        return Sentence(
            _(
                "Data pusat menempatkan %(family)s di desil %(seen)s. "
                "%(programme)s hanya untuk desil 1 sampai %(limit)s."
            )
            % values,
            _("Data pusat menganggap %(family)s lebih mampu dari batas bantuan ini.") % values,
        )
    if finding["verdict"] == ELIGIBLE:
        return Sentence(
            _(
                "Data pusat menempatkan %(family)s di desil %(seen)s. %(programme)s untuk desil 1 sampai %(limit)s."
            )
            % values,
            _("Peringkat %(family)s di data pusat masih dalam batas bantuan ini.") % values,
        )
    return Sentence(
        _("Data pusat belum memuat desil %(family)s. Ini bukan penolakan. Petugas perlu memeriksanya.")
        % values,
        _("Data pusat belum memuat peringkat %(family)s.") % values,
    )


def _component(finding: Mapping[str, Any], names: Mapping[str, Any]) -> Sentence:
    needed = _("PKH perlu ibu hamil, anak kecil, anak sekolah, lansia, atau anggota dengan disabilitas.")
    if finding["verdict"] == INELIGIBLE:
        return Sentence(
            _("%(needed)s Data belum mencatatnya.") % {"needed": needed},
            _("Data anggota keluarga belum lengkap untuk PKH."),
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
        % {**names, "needed": needed},
        _("Data anggota keluarga belum lengkap untuk PKH."),
    )


def _members(seen: Mapping[str, int | None]) -> str:
    return ", ".join(f"{count} {COMPONENTS[name]}" for name, count in seen.items() if count)


def _civil_servant(finding: Mapping[str, Any], names: Mapping[str, Any]) -> Sentence:
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


_WORDS: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Sentence]] = {
    "DECILE": _decile,
    "COMPONENT": _component,
    "CIVIL_SERVANT": _civil_servant,
}


def sentence(finding: Mapping[str, Any], programme: str, reader: Reader = CITIZEN) -> Sentence:
    return _WORDS[finding["code"]](finding, {**reader.names(), "programme": programme})


def refuse_unworded(place: str, conditions: Iterable[Condition]) -> None:
    """A rule set whose reasons nobody could read is not loaded."""
    for condition in conditions:
        if condition.code not in _WORDS:
            raise RuleError(
                f"{place}: the code {condition.code} has no sentence; use {', '.join(sorted(_WORDS))} "
                "or add its words to eligibility/wording.py"
            )
        for component in condition.components if isinstance(condition, SomeOf) else ():
            if component.name not in COMPONENTS:
                raise RuleError(
                    f"{place} ({condition.code}): the component '{component.name}' has no word; use "
                    f"{', '.join(sorted(COMPONENTS))} or add it to eligibility/wording.py"
                )
