"""From data (a text file, a JSON column) to conditions; whatever is not understood is refused, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from eligibility.rules.conditions import (
    BY_HAND,
    AtLeast,
    AtMost,
    ByHand,
    Component,
    Condition,
    Equals,
    InSet,
    NoConfirmedFlag,
    NoExclusiveProgramme,
    NoLead,
    SomeOf,
)
from eligibility.rules.facts import FAMILY, MOST_KINDS, MOST_PROGRAMMES, NAMES, PERSON, Fact, RuleError
from eligibility.rules.verdict import REFUSES, REVIEWS, SEVERITIES, WARNS

_CODE = re.compile(r"[A-Z][A-Z0-9_]{2,39}")
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
_PARAMETERS = {"fact", "age", "age_to", "codes", "kinds", "programmes", "subject"}
SMALLINT = 32767


def refuse_unknown_keys(place: str, data: Mapping[str, Any], known: set[str]) -> None:
    for key in sorted(set(data) - known):
        raise RuleError(f"{place}: '{key}' tidak dikenal di sini; pakai {', '.join(sorted(known))}")


def _whole(place: str, data: Mapping[str, Any], key: str) -> int:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= SMALLINT:
        raise RuleError(
            f"{place}: '{key}' berisi {value!r}; isi bilangan bulat 0 sampai {SMALLINT}, tanpa tanda kutip"
        )
    return value


def _wholes(place: str, data: Mapping[str, Any], key: str) -> tuple[int, ...]:
    values = data.get(key)
    if not isinstance(values, list) or not values:
        raise RuleError(f"{place}: '{key}' berisi {values!r}; isi daftar kode buku kode, misalnya [1, 2]")
    return tuple(_whole(place, {key: value}, key) for value in values)


def _names(place: str, data: Mapping[str, Any], key: str, most: int) -> tuple[str, ...]:
    values = data.get(key)
    if not isinstance(values, list) or not values or len(values) > most:
        raise RuleError(f"{place}: '{key}' berisi {values!r}; isi daftar 1 sampai {most} kode HURUF_BESAR")
    for value in values:
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise RuleError(f"{place}: '{key}' memuat {value!r}; isi kode HURUF_BESAR")
    if len(set(values)) < len(values):
        raise RuleError(f"{place}: '{key}' menyebut satu kode dua kali; sebut sekali saja")
    return tuple(values)


def _fact(place: str, data: Mapping[str, Any], unit: str) -> Fact:
    name = data.get("fact")
    if not isinstance(name, str) or name not in NAMES:
        raise RuleError(f"{place}: tidak ada data bernama {name!r}; yang ada: {', '.join(sorted(NAMES))}")
    known = NAMES[name]
    if unit not in known.units:
        raise RuleError(
            f"{place}: data '{name}' tidak ada untuk {unit}; hanya untuk {' atau '.join(known.units)}"
        )
    for parameter in ("age", "age_to", "codes", "kinds", "programmes"):
        if parameter not in known.takes and parameter in data:
            raise RuleError(f"{place}: data '{name}' tidak memakai '{parameter}'; hapus")
    if "age_to" in known.takes:
        return _aged_between(place, data, name)
    if "age" in known.takes:
        return Fact(name, age=_whole(place, data, "age"))
    if "codes" in known.takes:
        return Fact(name, codes=_wholes(place, data, "codes"))
    if "kinds" in known.takes:
        kinds = _names(place, data, "kinds", MOST_KINDS)
        return Fact(name, kinds=kinds, subject=_subject(place, data, unit))
    if "programmes" in known.takes:
        programmes = _names(place, data, "programmes", MOST_PROGRAMMES)
        return Fact(name, programmes=programmes, subject=_subject(place, data, unit))
    return Fact(name)


def _aged_between(place: str, data: Mapping[str, Any], name: str) -> Fact:
    age, age_to = _whole(place, data, "age"), _whole(place, data, "age_to")
    if age > age_to:
        raise RuleError(
            f"{place}: 'age' {age} lebih tua dari 'age_to' {age_to}, jadi tidak ada yang berumur begitu; "
            "isi umur termuda di 'age' dan umur tertua di 'age_to'"
        )
    return Fact(name, age=age, age_to=age_to)


def _subject(place: str, data: Mapping[str, Any], unit: str) -> str:
    """Whether a flag or a list of one member touches that person alone or the whole family: never left open."""
    subject = data.get("subject")
    if subject not in ("person", "family"):
        raise RuleError(
            f"{place}: 'subject' berisi {subject!r}; tulis person (orang itu saja) atau family (seluruh keluarga)"
        )
    if unit == FAMILY and subject == "person":
        raise RuleError(f"{place}: program ini untuk keluarga; tulis subject = 'family'")
    return PERSON if subject == "person" else FAMILY


def _severity(
    place: str, data: Mapping[str, Any], allowed: tuple[str, ...] = SEVERITIES, default: str = REFUSES
) -> str:
    severity = data.get("severity", default)
    if severity not in allowed:
        raise RuleError(f"{place}: 'severity' berisi {severity!r}; pilih {', '.join(allowed)}")
    return str(severity)


def _number_fact(place: str, data: Mapping[str, Any], unit: str) -> Fact:
    """A fact that is a quantity; flags and lists have kinds of their own."""
    fact = _fact(place, data, unit)
    if fact.name in ("flags", "enrolled", "by_hand"):
        raise RuleError(
            f"{place}: '{fact.name}' bukan angka; pakai jenis no_confirmed_flag, no_exclusive_programme, atau by_hand"
        )
    return fact


def _counted(fact: Fact, limit: int) -> Fact:
    """Members are counted as far as the limit needs: what is unknown beyond it decides nothing."""
    return replace(fact, enough=max(limit, 1)) if fact.is_of_members else fact


def _limited(kind: type[AtMost | AtLeast | Equals], beyond: int) -> Callable[..., Condition]:
    def read(place: str, data: Mapping[str, Any], unit: str) -> Condition:
        refuse_unknown_keys(place, data, {"code", "kind", "limit", "severity", *_PARAMETERS})
        limit = _whole(place, data, "limit")
        fact = _counted(_number_fact(place, data, unit), limit + beyond)
        return kind(code=data["code"], fact=fact, limit=limit, severity=_severity(place, data))

    return read


def _any_member(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "severity", *_PARAMETERS})
    fact = _member_fact(place, data, unit)
    return AtLeast(code=data["code"], fact=fact, limit=1, severity=_severity(place, data))


def _in_set(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "values", "severity", *_PARAMETERS})
    limit = _wholes(place, data, "values")
    fact = _counted(_number_fact(place, data, unit), max(limit) + 1)
    return InSet(code=data["code"], fact=fact, limit=limit, severity=_severity(place, data))


def _no_lead(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "severity", *_PARAMETERS})
    severity = _severity(place, data, (REVIEWS, WARNS), REVIEWS)
    return NoLead(code=data["code"], fact=_number_fact(place, data, unit), severity=severity)


def _no_confirmed_flag(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "kinds", "subject", "severity"})
    fact = _fact(place, {"fact": "flags", **_only(data, "kinds", "subject")}, unit)
    return NoConfirmedFlag(code=data["code"], fact=fact, severity=_severity(place, data))


def _no_exclusive_programme(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "programmes", "subject", "severity"})
    fact = _fact(place, {"fact": "enrolled", **_only(data, "programmes", "subject")}, unit)
    return NoExclusiveProgramme(code=data["code"], fact=fact, severity=_severity(place, data))


def _by_hand(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "programme"})
    if data["code"] != BY_HAND:
        raise RuleError(f"{place}: jenis by_hand memakai kode {BY_HAND}; tulis begitu")
    programmes = _names(place, {"programme": [data.get("programme")]}, "programme", 1)
    return ByHand(fact=Fact("by_hand", programmes=programmes, subject=unit))


def _only(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}


def _some_of(place: str, data: Mapping[str, Any], unit: str) -> Condition:
    refuse_unknown_keys(place, data, {"code", "kind", "components", "severity"})
    rows = data.get("components")
    if not isinstance(rows, list) or not rows:
        raise RuleError(
            f"{place}: 'components' kosong; isi paling sedikit satu, supaya syarat ini bisa dipenuhi"
        )
    components = tuple(_component(f"{place}, komponen {at}", row, unit) for at, row in enumerate(rows, 1))
    if len({component.name for component in components}) < len(components):
        raise RuleError(f"{place}: dua komponen bernama sama; beri nama sendiri-sendiri")
    return SomeOf(code=data["code"], components=components, severity=_severity(place, data))


def _component(place: str, row: Any, unit: str) -> Component:
    if not isinstance(row, dict):
        raise RuleError(f"{place}: {row!r} bukan tabel berisi 'name' dan 'fact'")
    refuse_unknown_keys(place, row, {"name", "fact", "age", "age_to", "codes"})
    name = row.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise RuleError(f"{place}: 'name' berisi {name!r}; isi nama huruf_kecil, misalnya small_child")
    return Component(name, _member_fact(place, row, unit))


def _member_fact(place: str, row: Mapping[str, Any], unit: str) -> Fact:
    fact = _fact(place, row, unit)
    if not fact.is_of_members:
        raise RuleError(f"{place}: '{fact.name}' tidak menghitung anggota; pakai data bernama members_...")
    return fact


KINDS: dict[str, Callable[[str, Mapping[str, Any], str], Condition]] = {
    "at_most": _limited(AtMost, 1),
    "at_least": _limited(AtLeast, 0),
    "equals": _limited(Equals, 1),
    "in_set": _in_set,
    "some_of": _some_of,
    "any_member": _any_member,
    "no_lead": _no_lead,
    "no_confirmed_flag": _no_confirmed_flag,
    "no_exclusive_programme": _no_exclusive_programme,
    "by_hand": _by_hand,
}


_CLASSES: dict[type[Condition], str] = {
    AtMost: "at_most",
    AtLeast: "at_least",
    Equals: "equals",
    InSet: "in_set",
    SomeOf: "some_of",
    NoLead: "no_lead",
    NoConfirmedFlag: "no_confirmed_flag",
    NoExclusiveProgramme: "no_exclusive_programme",
    ByHand: "by_hand",
}


def kind_of(condition: Condition) -> str:
    return _CLASSES[type(condition)]


def parse_conditions(place: str, rows: Any, unit: str) -> tuple[Condition, ...]:
    """The conditions of a rule set for this unit; RuleError where one does not resolve."""
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise RuleError(f"{place}: belum ada syarat; aturan tanpa syarat akan meloloskan semua orang")
    conditions = tuple(_condition(f"{place}, syarat {at}", row, unit) for at, row in enumerate(rows, 1))
    codes = [condition.code for condition in conditions]
    for code in codes:
        if codes.count(code) > 1:
            raise RuleError(f"{place}: dua syarat berkode {code}; beri kode sendiri-sendiri")
    if codes == [BY_HAND]:
        raise RuleError(f"{place}: {BY_HAND} saja akan meloloskan semua orang; tambahkan syarat lain")
    return conditions


def _condition(place: str, row: Any, unit: str) -> Condition:
    if not isinstance(row, dict):
        raise RuleError(f"{place}: {row!r} bukan tabel berisi 'code' dan 'kind'")
    code, kind = row.get("code"), row.get("kind")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise RuleError(f"{place}: 'code' berisi {code!r}; isi kode HURUF_BESAR, misalnya DECILE")
    if not isinstance(kind, str) or kind not in KINDS:
        raise RuleError(
            f"{place} ({code}): tidak ada jenis syarat {kind!r}; yang ada: {', '.join(sorted(KINDS))}"
        )
    if code == BY_HAND and kind != "by_hand":
        raise RuleError(f"{place}: kode {BY_HAND} khusus untuk jenis by_hand; pakai kode lain")
    return KINDS[kind](f"{place} ({code})", row, unit)
