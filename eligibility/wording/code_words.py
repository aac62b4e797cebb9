"""What each reason is about, for who writes a rule: the sentence a citizen reads follows from it (CODES)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from eligibility.rules.conditions import BY_HAND
from eligibility.rules.facts import ASSETS, HOUSING
from eligibility.wording.rule_words import FACTS

CODE_WORDS: dict[str, Any] = {
    "DECILE": _("desil"),
    "COMPONENT": _("komponen PKH"),
    "SOME_MEMBERS": _("salah satu anggota yang menjadi syarat"),
    "CIVIL_SERVANT": _("pekerjaan ASN, TNI, Polri, atau BUMN"),
    "AGE_FROM": _("umur paling rendah"),
    "AGE_UP_TO": _("umur paling tinggi"),
    "NATIONAL_PBI": _("BPJS gratis dari pusat"),
    "MEMBERS_FROM": _("anggota paling sedikit"),
    "MEMBERS_UP_TO": _("anggota paling banyak"),
    "CHILDREN": _("anak kecil (sampai 6 tahun) paling sedikit"),
    "CHILDREN_UP_TO": _("anak kecil (sampai 6 tahun) paling banyak"),
    "MINORS": _("anak (sampai 17 tahun) paling sedikit"),
    "MINORS_UP_TO": _("anak (sampai 17 tahun) paling banyak"),
    "ADULTS": _("orang dewasa (mulai 17 tahun) paling sedikit"),
    "ADULTS_UP_TO": _("orang dewasa (mulai 17 tahun) paling banyak"),
    "ELDERS": _("lansia (mulai 60 tahun) paling sedikit"),
    "ELDERS_UP_TO": _("lansia (mulai 60 tahun) paling banyak"),
    "AGE_GROUP": _("rentang umur paling sedikit"),
    "AGE_GROUP_UP_TO": _("rentang umur paling banyak"),
    "PUPILS": _("anak sekolah paling sedikit"),
    "PUPILS_UP_TO": _("anak sekolah paling banyak"),
    "DISABILITY": _("anggota dengan disabilitas paling sedikit"),
    "DISABILITY_UP_TO": _("anggota dengan disabilitas paling banyak"),
    "FEMALE_HEAD": _("kepala keluarga perempuan"),
    **{name.upper(): FACTS[name] for name in (*HOUSING, *ASSETS)},
    "FLAG_INCOME": _("tanda gaji, pensiun, atau usaha"),
    "FLAG_ASSETS": _("tanda listrik, kendaraan, tanah, atau bank"),
    "FLAG_PRESENCE": _("tanda alamat atau penerima"),
    "OTHER_PROGRAMME": _("program lain yang tidak boleh dobel"),
    "YEARS_ENROLLED": _("lama menerima"),
    BY_HAND: _("keputusan daerah"),
}
