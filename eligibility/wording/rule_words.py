"""A rule set in words: each condition as a sentence, and what differs between two versions (ux.md 5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.rules.facts import ASSETS, HOUSING, MEMBER_TESTS
from eligibility.rules.verdict import REFUSES, REVIEWS, WARNS
from eligibility.wording.flag_words import programme_name
from eligibility.wording.registry_words import COMPONENTS, housing_value
from eligibility.wording.saying import deciles_up_to
from recipients import codebook
from recipients.enums import FlagKind

Row = Mapping[str, Any]

KINDS = {
    "at_most": gettext_lazy("paling tinggi"),
    "at_least": gettext_lazy("paling rendah"),
    "equals": gettext_lazy("harus sama dengan"),
    "in_set": gettext_lazy("salah satu dari"),
    "some_of": gettext_lazy("ada salah satu anggota"),
    "any_member": gettext_lazy("ada anggota"),
    "no_lead": gettext_lazy("tidak ada petunjuk tentang"),
    "no_confirmed_flag": gettext_lazy("tidak ada tanda yang terbukti"),
    "no_exclusive_programme": gettext_lazy("tidak menerima program lain"),
    "by_hand": gettext_lazy("boleh diputus daerah"),
}
SEVERITIES = {
    REFUSES: gettext_lazy("tidak memenuhi syarat"),
    REVIEWS: gettext_lazy("perlu diperiksa"),
    WARNS: gettext_lazy("hanya catatan"),
}
FACTS = {
    "decile": gettext_lazy("desil"),
    "age": gettext_lazy("umur (tahun)"),
    "national_pbi": gettext_lazy("tercatat BPJS gratis dari pusat (1 ya, 2 tidak)"),
    "members": gettext_lazy("jumlah anggota"),
    "members_aged_up_to": gettext_lazy("anggota berumur paling tinggi"),
    "members_aged_from": gettext_lazy("anggota berumur mulai"),
    "members_aged_between": gettext_lazy("anggota dalam rentang umur"),
    "members_at_school": gettext_lazy("anggota yang masih sekolah, jenjang"),
    "members_with_disability": gettext_lazy("anggota dengan disabilitas"),
    "members_female_head": gettext_lazy("kepala keluarga perempuan"),
    "members_employed_as": gettext_lazy("anggota dengan status pekerjaan"),
    "flags": gettext_lazy("tanda"),
    "enrolled": gettext_lazy("daftar penerima"),
    "years_enrolled": gettext_lazy("lama menerima (tahun)"),
    "by_hand": gettext_lazy("keputusan daerah"),
    "member_count": gettext_lazy("jumlah anggota di berkas keluarga"),
    **{name: codebook.HOUSING[name][0] for name in HOUSING if name in codebook.HOUSING},
    **{name: codebook.ASSETS[name] for name in ASSETS},
}
SUBJECTS = {"person": gettext_lazy("orang itu sendiri"), "family": gettext_lazy("seluruh keluarga")}


def fact_in_words(row: Row) -> str:
    said = str(FACTS.get(str(row.get("fact")), row.get("fact") or ""))
    if "age_to" in row:
        values = {"fact": said, "age": row.get("age"), "age_to": row["age_to"]}
        return _("%(fact)s %(age)s sampai %(age_to)s tahun") % values
    if "age" in row:
        return _("%(fact)s %(age)s tahun") % {"fact": said, "age": row["age"]}
    if row.get("codes"):
        codes = ", ".join(map(str, row["codes"]))
        return _("%(fact)s (kode %(codes)s)") % {"fact": said, "codes": codes}
    if row.get("programmes") and row.get("fact") == "years_enrolled":
        return f"{said}: {', '.join(map(programme_name, row['programmes']))}"
    return said


def _value(row: Row, value: Any) -> str:
    fact = str(row.get("fact"))
    if fact in HOUSING:
        return str(housing_value(fact, value))
    if fact in ASSETS:
        return str(_("ya") if value == 1 else _("tidak"))
    return str(value)


def condition_in_words(row: Row) -> str:
    """One condition of a rule set as a sentence of staff Indonesian."""
    said = _core(row)
    severity = row.get("severity")
    if severity in (None, REFUSES):
        return said
    return f"{said} {_('Jika tidak: %s.') % SEVERITIES.get(severity, severity)}"


def needed_in_words(row: Row) -> str:
    """What would have to be different; who can change it where that is not the family or this office."""
    said = _core(row)
    if row.get("fact") == "decile":
        return f"{said} {_('Desil dihitung pusat. Yang bisa diusulkan adalah data rumah dan barang.')}"
    return said


def needed_from_citizen(row: Row) -> str:
    """The same for the family itself, with what it can do about it."""
    match row.get("kind"):
        case "at_most" if row.get("fact") == "decile":
            return _(
                "Desil harus 1 sampai %s. Pusat menghitung desil dari data rumah, barang, dan pekerjaan. "
                "Jika data itu keliru, ajukan sanggahan."
            ) % row.get("limit")
        case "some_of":
            return f"{_core(row)} {_('Jika ada tetapi belum tercatat, ajukan sanggahan.')}"
        case "no_confirmed_flag" | "no_lead":
            return _("Catatan itu harus tidak ada. Jika catatan itu keliru, ajukan sanggahan dan bawa bukti.")
    return _core(row)


def _core(row: Row) -> str:
    kind, fact = row.get("kind"), fact_in_words(row)
    if row.get("code") == "DECILE" and kind == "at_most":
        return _("Desil %s.") % deciles_up_to(row.get("limit"))
    if kind == "at_most" and row.get("limit") == 0 and row.get("fact") in MEMBER_TESTS:
        return _("Tidak ada %s.") % fact
    if kind in ("at_most", "at_least", "equals"):
        values = {"fact": _first_upper(fact), "kind": KINDS[kind], "limit": _value(row, row.get("limit"))}
        return _("%(fact)s %(kind)s %(limit)s.") % values
    if kind == "in_set":
        listed = ", ".join(_value(row, value) for value in row.get("values") or [])
        return _("%(fact)s salah satu dari: %(values)s.") % {"fact": _first_upper(fact), "values": listed}
    if kind == "some_of":
        names = [
            str(COMPONENTS.get(part.get("name"), part.get("name"))) for part in row.get("components") or []
        ]
        return _("Ada paling sedikit satu anggota keluarga yang menjadi syarat: %s.") % ", ".join(names)
    return _of_records(row, fact)


def _of_records(row: Row, fact: str) -> str:
    kind = row.get("kind")
    if row.get("code") == "CIVIL_SERVANT" and kind == "no_lead":
        return _(
            "Tidak ada anggota KK yang bekerja sebagai ASN, TNI, Polri, atau pegawai BUMN/BUMD. Jika tercatat ada, "
            "petugas memeriksa dulu."
        )
    if kind == "any_member":
        return _("Ada %s.") % fact
    if kind == "no_lead":
        return _("Tidak ada %s. Jika tercatat ada, petugas memeriksa dulu.") % fact
    if kind == "no_confirmed_flag":
        kinds = ", ".join(_flag(kind) for kind in row.get("kinds") or [])
        values = {"kinds": kinds, "subject": SUBJECTS.get(str(row.get("subject")), "-")}
        return (
            _(
                "Tidak ada tanda yang terbukti pada %(subject)s: %(kinds)s. Tanda yang belum dicek diperiksa dulu."
            )
            % values
        )
    if kind == "no_exclusive_programme":
        return _("Tidak sedang menerima: %s.") % ", ".join(map(programme_name, row.get("programmes") or []))
    if kind == "by_hand":
        return _("Daerah boleh memutuskan lain lewat musyawarah desa, disetujui dua orang.")
    return ", ".join(f"{name}: {value}" for name, value in row.items())


def _flag(kind: str) -> str:
    return str(FlagKind(kind).label) if kind in FlagKind.values else kind


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def differences(before: Sequence[Row], after: Sequence[Row]) -> list[str]:
    """What a newer version changes, condition by condition, in words."""
    old, new = ({str(row.get("code")): row for row in rows} for rows in (before, after))
    said = [_changed(old[code], row) for code, row in new.items() if code in old and row != old[code]]
    said += [_("Syarat baru: %s") % condition_in_words(row) for code, row in new.items() if code not in old]
    said += [
        _("Syarat yang hilang: %s") % condition_in_words(row) for code, row in old.items() if code not in new
    ]
    return said


def _changed(old: Row, new: Row) -> str:
    """A changed limit alone is told as two numbers; any other change as both sentences."""
    if {**old, "limit": None} == {**new, "limit": None}:
        values = {
            "fact": fact_in_words(new),
            "old": _value(old, old.get("limit")),
            "new": _value(new, new.get("limit")),
        }
        return _("Batas %(fact)s: %(old)s → %(new)s.") % values
    return _("Syarat berubah: %(old)s → %(new)s") % {
        "old": condition_in_words(old),
        "new": condition_in_words(new),
    }
