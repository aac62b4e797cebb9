"""Rule sets as reviewable text files (TOML): one file, one version of one programme's rule."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from eligibility.rules.amounts import parse_amounts
from eligibility.rules.conditions import Condition
from eligibility.rules.facts import FAMILY, PERSON, RuleError
from eligibility.rules.parse import parse_conditions, refuse_unknown_keys


@dataclass(frozen=True)
class ProgrammeText:
    code: str
    name: str
    unit: str
    owner: str
    is_local: bool  # the district decides and enrols; else the centre does


@dataclass(frozen=True)
class RuleSetText:
    """A rule set as its file says; `raw_conditions` go to the database as they are."""

    source: str
    programme: ProgrammeText
    version: int
    effective_from: date
    effective_to: date | None
    legal_basis: str
    to_be_confirmed: str
    raw_conditions: list[dict[str, Any]]
    conditions: tuple[Condition, ...]
    raw_amounts: dict[str, Any]


def read_document(source: str, text: str) -> RuleSetText:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{source}: bukan berkas TOML ({error}); perbaiki baris itu") from None
    refuse_unknown_keys(source, data, {"programme", "rule_set", "conditions", "amounts"})
    programme = _programme(source, _table(source, data, "programme"))
    head = _table(source, data, "rule_set")
    known = {"version", "effective_from", "effective_to", "legal_basis", "to_be_confirmed"}
    refuse_unknown_keys(f"{source}, rule_set", head, known)
    starts = _day(source, head, "effective_from")
    ends = _day(source, head, "effective_to") if "effective_to" in head else None
    if ends is not None and ends < starts:
        raise RuleError(
            f"{source}: effective_to {ends} lebih awal dari effective_from {starts}; perbaiki salah satunya"
        )
    amounts = parse_amounts(source, data.get("amounts"))
    if amounts is not None and amounts.components is not None and programme.unit == PERSON:
        raise RuleError(f"{source}, amounts: program untuk orang memakai 'flat'; hapus 'components'")
    return RuleSetText(
        source=source,
        programme=programme,
        version=_version(source, head),
        effective_from=starts,
        effective_to=ends,
        legal_basis=_text(source, head, "legal_basis"),
        to_be_confirmed=str(head.get("to_be_confirmed", "")).strip(),
        raw_conditions=data.get("conditions") or [],
        conditions=parse_conditions(source, data.get("conditions"), programme.unit),
        raw_amounts=data.get("amounts") or {},
    )


def _table(source: str, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = data.get(key, {})
    if not isinstance(found, dict):
        raise RuleError(f"{source}: '{key}' berisi {found!r}; tulis sebagai tabel [{key}]")
    return found


def _programme(source: str, data: Mapping[str, Any]) -> ProgrammeText:
    place = f"{source}, programme"
    refuse_unknown_keys(place, data, {"code", "name", "unit", "owner", "is_local"})
    texts = {key: _text(place, data, key) for key in ("code", "name", "unit", "owner")}
    if texts["unit"] not in (FAMILY, PERSON):
        raise RuleError(f"{place}: 'unit' berisi {texts['unit']!r}; tulis FAMILY atau PERSON")
    return ProgrammeText(**texts, is_local=_is_local(place, data))


def _is_local(place: str, data: Mapping[str, Any]) -> bool:
    """Said, never guessed from the owner's name: whether the district may decide by hand and enrol follows from it."""
    value = data.get("is_local")
    if not isinstance(value, bool):
        raise RuleError(
            f"{place}: 'is_local' berisi {value!r}; tulis true (milik kabupaten atau desa) atau false (milik pusat)"
        )
    return value


def _text(place: str, data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise RuleError(f"{place}: '{key}' kosong; isi dengan teks")
    return value.strip()


def _day(place: str, data: Mapping[str, Any], key: str) -> date:
    value = data.get(key)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise RuleError(
            f"{place}: '{key}' berisi {value!r}; tulis tanggal seperti 2026-01-31, tanpa tanda kutip"
        )
    return value


def _version(place: str, data: Mapping[str, Any]) -> int:
    value = data.get("version")
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise RuleError(f"{place}: 'version' berisi {value!r}; isi bilangan bulat mulai 1")
    return value


@dataclass(frozen=True)
class Period:
    """When a version holds, both days included; for finding two that hold on one day."""

    name: str
    starts: date
    ends: date | None

    def overlaps(self, other: Period) -> bool:
        return self.starts <= (other.ends or date.max) and other.starts <= (self.ends or date.max)


def refuse_overlaps(programme: str, periods: Iterable[Period]) -> None:
    ordered = sorted(periods, key=lambda period: period.starts)
    for earlier, later in pairwise(ordered):
        if earlier.overlaps(later):
            raise RuleError(
                f"{programme}: {earlier.name} dan {later.name} sama-sama berlaku pada {later.starts}; "
                f"beri {earlier.name} effective_to sebelum hari itu"
            )
