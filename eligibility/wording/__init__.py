"""Findings in words (ux.md 5.4): codes are never shown raw, and the short form tells a stranger little.

`CODES` is the closed list: each code with its sentence, and the kinds of condition and the facts it fits. Words promise
something of an age or a code as well: nobody of 20 is told to be an elder, so such a condition is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from eligibility.rules.conditions import BY_HAND, Component, Condition, SomeOf
from eligibility.rules.facts import (
    ASSETS,
    FAMILY_FILE,
    FLAGS,
    HAND,
    HOUSING,
    LISTS,
    MEMBER_FILE,
    Fact,
    RuleError,
)
from eligibility.rules.parse import kind_of
from eligibility.wording import flag_words, registry_words
from eligibility.wording.flag_words import programme_name
from eligibility.wording.registry_words import COMPONENTS
from eligibility.wording.saying import Sentence, deciles_up_to
from recipients.addressing import CITIZEN, Reader

__all__ = [
    "CODES", "COMPONENTS", "SOURCES", "Code", "Sentence", "deciles_up_to", "programme_name", "refuse_unworded",
    "sentence", "source_words",
]  # fmt: skip

SOURCES = {
    FAMILY_FILE: _("data pusat (DTSEN), berkas keluarga"),
    MEMBER_FILE: _("data pusat (DTSEN), berkas anggota keluarga"),
    FLAGS: _("daftar lain atau kunjungan, dicek petugas"),
    LISTS: _("daftar penerima program"),
    HAND: _("berita acara musyawarah desa, disetujui Dinas Sosial"),
}
_NO_FLAG = _("tidak ada di daftar lain yang kami terima")
_LIMITS = ("at_most", "at_least", "equals", "in_set")
_FEW, _MANY = ("at_most",), ("at_least", "any_member")
_BETWEEN = ("members_aged_between",)
Fits = Callable[[Fact], bool]


def source_words(finding: Mapping[str, Any]) -> str:
    """Where the value was read; of a list that names nobody nothing was checked."""
    is_empty = finding["source"] == FLAGS and finding["seen"] == {}
    return str(_NO_FLAG if is_empty else SOURCES[finding["source"]])


def _any(_fact: Fact) -> bool:
    return True


def _between(low: int, high: int) -> Fits:
    return lambda fact: fact.ages is not None and low <= fact.ages[0] and fact.ages[1] <= high


def _aged(low: int, high: int) -> Fits:
    return lambda fact: fact.age is not None and low <= fact.age <= high


# UU 35/2014: a child is under 18; UU 13/1998: an elder is 60 or more; PKH counts small children up to 6.
_SMALL, _MINOR, _GROWN, _OLD = _aged(0, 6), _aged(0, 17), _aged(17, 59), _aged(60, 120)
_STATE_PAID = (5,)  # Regsosek 2022-K: civil servants, soldiers, police, staff of state firms
_COMPONENTS_FIT: dict[str, tuple[str, Fits]] = {
    "small_child": ("members_aged_up_to", _SMALL),
    "school_age": ("members_aged_between", _between(5, 18)),
    "elder": ("members_aged_from", _OLD),
    "disability": ("members_with_disability", _any),
    "female_head": ("members_female_head", _any),
    **dict.fromkeys(("pupil_sd", "pupil_smp", "pupil_sma"), ("members_at_school", _any)),
}


@dataclass(frozen=True)
class Code:
    """A finding's code: how it is said, and where a rule set may use it."""

    say: Callable[[Mapping[str, Any], Mapping[str, Any]], Sentence]
    kinds: tuple[str, ...]
    facts: tuple[str, ...]
    fits: Fits = _any

    def may_say(self, fact: Fact) -> bool:
        return (not self.facts or fact.name in self.facts) and self.fits(fact)


def _count(who: Any, fact: str, fits: Fits = _any, *, is_least: bool = True) -> Code:
    say = partial(registry_words.counted, who=who, is_least=is_least)
    return Code(say, _MANY if is_least else _FEW, (fact,), fits)


_COUNTED = {
    "CHILDREN": (_("anak kecil"), "members_aged_up_to", _SMALL),
    "MINORS": (_("anak di bawah 18 tahun"), "members_aged_up_to", _MINOR),
    "ADULTS": (_("orang dewasa"), "members_aged_from", _GROWN),
    "ELDERS": (_("lansia"), "members_aged_from", _OLD),
    "PUPILS": (_("anak sekolah"), "members_at_school", _any),
    "DISABILITY": (_("anggota dengan disabilitas"), "members_with_disability", _any),
}

CODES: dict[str, Code] = {
    "DECILE": Code(registry_words.decile, ("at_most",), ("decile",)),
    "COMPONENT": Code(registry_words.pkh_component, ("some_of",), ()),
    "SOME_MEMBERS": Code(registry_words.some_members, ("some_of",), ()),
    "CIVIL_SERVANT": Code(
        registry_words.civil_servant,
        ("no_lead",),
        ("members_employed_as",),
        lambda fact: fact.codes == _STATE_PAID,
    ),
    "AGE_FROM": Code(partial(registry_words.age, is_least=True), ("at_least",), ("age",)),
    "AGE_UP_TO": Code(partial(registry_words.age, is_least=False), ("at_most",), ("age",)),
    "NATIONAL_PBI": Code(registry_words.national_pbi, ("equals", "in_set"), ("national_pbi",)),
    "MEMBERS_FROM": _count(_("anggota"), "members"),
    "MEMBERS_UP_TO": _count(_("anggota"), "members", is_least=False),
    **{code: _count(*words) for code, words in _COUNTED.items()},
    **{f"{code}_UP_TO": _count(*words, is_least=False) for code, words in _COUNTED.items()},
    "AGE_GROUP": Code(partial(registry_words.in_age_group, is_least=True), _MANY, _BETWEEN, _between(0, 120)),
    "AGE_GROUP_UP_TO": Code(
        partial(registry_words.in_age_group, is_least=False), _FEW, _BETWEEN, _between(0, 120)
    ),
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
            _refuse_component(f"{place} ({condition.code})", component)
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
    kind, fact = kind_of(condition), condition.facts[0]
    if not (_takes(known, kind) and known.may_say(fact)):
        raise RuleError(
            f"{place} ({condition.code}): kalimatnya cocok untuk {', '.join(known.kinds)} atas "
            f"{', '.join(known.facts) or 'members_...'}, bukan {_asked(kind, fact)}; {_others(fact)}"
        )


def _takes(code: Code, kind: str) -> bool:
    return kind in code.kinds or ("any_member" in code.kinds and kind == "at_least")


def _asked(kind: str, fact: Fact) -> str:
    ages = " sampai ".join(str(age) for age in (fact.age, fact.age_to) if age is not None)
    given = f" {ages} tahun" if ages else f" kode {list(fact.codes)}" if fact.codes else ""
    return f"{kind} atas {fact.name}{given}"


def _others(fact: Fact) -> str:
    """Which codes have a sentence for this fact, and with which kinds."""
    fitting = [
        f"{name} ({', '.join(code.kinds)})"
        for name, code in CODES.items()
        if code.facts and code.may_say(fact)
    ]
    return f"pakai {' atau '.join(fitting)}" if fitting else "belum ada kalimat untuk data itu"


def _refuse_component(place: str, component: Component) -> None:
    fact, fits = _COMPONENTS_FIT.get(component.name, ("", _any))
    if not fact:
        raise RuleError(
            f"{place}: komponen '{component.name}' belum punya kata; pakai {', '.join(sorted(_COMPONENTS_FIT))}"
        )
    if component.fact.name != fact or not fits(component.fact):
        instead = fact if component.fact.name != fact else "umur lain"
        raise RuleError(
            f"{place}: komponen '{component.name}' disebut '{COMPONENTS[component.name]}', "
            f"itu tidak cocok untuk {_asked('jumlah', component.fact)}; pakai {instead}"
        )
