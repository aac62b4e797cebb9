"""Findings in words (ux.md 5.4): codes are never shown raw, and the short form tells a stranger little.

`CODES` is the closed list: each code with its sentence, and the kinds of condition and the facts it fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from eligibility.rules.conditions import BY_HAND, Condition, SomeOf
from eligibility.rules.facts import ASSETS, FAMILY_FILE, FLAGS, HAND, HOUSING, LISTS, MEMBER_FILE, RuleError
from eligibility.rules.parse import kind_of
from eligibility.wording import flag_words, registry_words
from eligibility.wording.flag_words import programme_name
from eligibility.wording.registry_words import COMPONENTS
from eligibility.wording.saying import Sentence
from recipients.addressing import CITIZEN, Reader

__all__ = [
    "CODES", "COMPONENTS", "SOURCES", "Code", "Sentence", "programme_name", "refuse_unworded", "sentence",
]  # fmt: skip

SOURCES = {
    FAMILY_FILE: _("data pusat (DTSEN), berkas keluarga"),
    MEMBER_FILE: _("data pusat (DTSEN), berkas anggota keluarga"),
    FLAGS: _("daftar lain atau kunjungan, dicek petugas"),
    LISTS: _("daftar penerima program"),
    HAND: _("berita acara musyawarah desa, disetujui Dinas Sosial"),
}
_LIMITS = ("at_most", "at_least", "equals", "in_set")
_FEW, _MANY = ("at_most",), ("at_least", "any_member")


@dataclass(frozen=True)
class Code:
    """A finding's code: how it is said, and where a rule set may use it."""

    say: Callable[[Mapping[str, Any], Mapping[str, Any]], Sentence]
    kinds: tuple[str, ...]
    facts: tuple[str, ...]


def _count(who: Any, fact: str, *, is_least: bool = True) -> Code:
    say = partial(registry_words.counted, who=who, is_least=is_least)
    return Code(say, _MANY if is_least else _FEW, (fact,))


CODES: dict[str, Code] = {
    "DECILE": Code(registry_words.decile, ("at_most",), ("decile",)),
    "COMPONENT": Code(registry_words.pkh_component, ("some_of",), ()),
    "SOME_MEMBERS": Code(registry_words.some_members, ("some_of",), ()),
    "CIVIL_SERVANT": Code(registry_words.civil_servant, ("no_lead",), ("members_employed_as",)),
    "AGE_FROM": Code(partial(registry_words.age, is_least=True), ("at_least",), ("age",)),
    "AGE_UP_TO": Code(partial(registry_words.age, is_least=False), ("at_most",), ("age",)),
    "NATIONAL_PBI": Code(registry_words.national_pbi, ("equals", "in_set"), ("national_pbi",)),
    "MEMBERS_FROM": _count(_("anggota"), "members"),
    "MEMBERS_UP_TO": _count(_("anggota"), "members", is_least=False),
    "CHILDREN": _count(_("anak kecil"), "members_aged_up_to"),
    "ELDERS": _count(_("lansia"), "members_aged_from"),
    "PUPILS": _count(_("anak sekolah"), "members_at_school"),
    "DISABILITY": _count(_("anggota dengan disabilitas"), "members_with_disability"),
    "FEMALE_HEAD": Code(registry_words.female_head, _MANY, ("members_female_head",)),
    **{name.upper(): Code(registry_words.housing, _LIMITS, (name,)) for name in HOUSING},
    **{name.upper(): Code(registry_words.asset, ("equals", "in_set"), (name,)) for name in ASSETS},
    **{name: Code(flag_words.flags, ("no_confirmed_flag",), ("flags",)) for name in flag_words.GROUPS},
    "OTHER_PROGRAMME": Code(flag_words.other_programme, ("no_exclusive_programme",), ("enrolled",)),
    "YEARS_ENROLLED": Code(flag_words.years_enrolled, ("at_most",), ("years_enrolled",)),
    BY_HAND: Code(flag_words.by_hand, ("by_hand",), ("by_hand",)),
}


def sentence(finding: Mapping[str, Any], programme: str, reader: Reader = CITIZEN) -> Sentence:
    return CODES[finding["code"]].say(finding, {**reader.names(), "programme": programme})


def refuse_unworded(place: str, conditions: Iterable[Condition]) -> None:
    """A rule set whose reasons nobody could read is not loaded."""
    for condition in conditions:
        _refuse_misnamed(place, condition)
        for component in condition.components if isinstance(condition, SomeOf) else ():
            if component.name not in COMPONENTS:
                raise RuleError(
                    f"{place} ({condition.code}): komponen '{component.name}' belum punya kata; pakai "
                    f"{', '.join(sorted(COMPONENTS))}"
                )
        for kind in condition.facts[0].kinds:
            if kind not in flag_words.FLAGS:
                raise RuleError(
                    f"{place} ({condition.code}): tidak ada tanda berjenis {kind}; pakai {', '.join(flag_words.FLAGS)}"
                )


def _refuse_misnamed(place: str, condition: Condition) -> None:
    """The code's sentence must fit what the condition asks: a decile is not told in watts."""
    known = CODES.get(condition.code)
    if known is None:
        raise RuleError(
            f"{place}: kode {condition.code} belum punya kalimat untuk warga; "
            f"pakai {', '.join(sorted(CODES))}"
        )
    kind, fact = kind_of(condition), condition.facts[0].name
    fits = kind in known.kinds or ("any_member" in known.kinds and kind == "at_least")
    if not fits or (known.facts and fact not in known.facts):
        raise RuleError(
            f"{place} ({condition.code}): kalimatnya cocok untuk {', '.join(known.kinds)} atas "
            f"{', '.join(known.facts) or 'members_...'}, bukan {kind} atas {fact}; pakai kode lain"
        )
