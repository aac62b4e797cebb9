"""Rule sets from their text files into the database: all of them resolve, or none is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from bansos.common import db
from eligibility import wording
from eligibility.models import RuleSet
from eligibility.rules.conditions import AtMost
from eligibility.rules.documents import Period, ProgrammeText, RuleSetText, read_document, refuse_overlaps
from eligibility.rules.facts import Fact, RuleError
from eligibility.rules.parse import parse_conditions
from recipients.ceilings import publish_ceilings
from recipients.models import Programme

FOLDER = Path(__file__).resolve().parent.parent / "rulesets"


@dataclass(frozen=True)
class Loaded:
    rule_sets: int
    new: tuple[str, ...]
    closed: tuple[str, ...]


@transaction.atomic
def load_rule_sets(folder: Path = FOLDER) -> Loaded:
    """Load every *.toml of the folder; RuleError says what to correct, and then nothing was changed."""
    db.lock_until_commit("load_rule_sets")
    texts = [read_document(path.name, path.read_text()) for path in sorted(folder.glob("*.toml"))]
    if not texts:
        raise RuleError(f"{folder}: tidak ada berkas *.toml di sini; sebut map yang memuat aturan")
    for text in texts:
        wording.refuse_unworded(text.source, text.conditions)
    programmes = _load_programmes(texts)
    changes = [_load_one(programmes[text.programme.code], text) for text in texts]
    for programme in programmes.values():
        refuse_overlaps(programme.code, _periods(programme))
        publish_ceilings(programme, _ceilings(programme))
    return Loaded(
        len(texts),
        tuple(name for name, change in changes if change == "new"),
        tuple(name for name, change in changes if change == "closed"),
    )


@transaction.atomic
def load_text(text: RuleSetText) -> RuleSet:
    """One new version, ending the open one before it; the caller has looked whether it fits."""
    programme = _load_programme(text.programme)
    starts = text.effective_from
    programme.rule_sets.filter(effective_to=None, effective_from__lt=starts).update(
        effective_to=starts - timedelta(days=1)
    )
    rule = RuleSet.objects.create(programme=programme, version=text.version, **_values(text))
    refuse_overlaps(programme.code, _periods(programme))
    publish_ceilings(programme, _ceilings(programme))
    return rule


def end_rule_set(rule: RuleSet, on: date) -> None:
    """Its last day, where no version follows; the caller holds the rule sets."""
    RuleSet.objects.filter(pk=rule.pk, effective_to=None).update(effective_to=on)
    publish_ceilings(rule.programme, _ceilings(rule.programme))


def _load_programmes(texts: Iterable[RuleSetText]) -> dict[str, Programme]:
    said: dict[str, tuple[str, ProgrammeText]] = {}
    for text in texts:
        source, first = said.setdefault(text.programme.code, (text.source, text.programme))
        if first != text.programme:
            raise RuleError(f"{text.source}: program {first.code} ditulis lain di {source}; samakan")
    return {code: _load_programme(text) for code, (_source, text) in said.items()}


def _load_programme(text: ProgrammeText) -> Programme:
    known = Programme.objects.filter(code=text.code).first()
    if known is not None and known.unit != text.unit and known.rule_sets.exists():
        raise RuleError(f"program {text.code} untuk {known.unit}; program untuk {text.unit} perlu kode lain")
    if known is not None and known.is_local != text.is_local and known.rule_sets.exists():
        raise RuleError(
            f"program {text.code} sudah dimuat dengan is_local = {str(known.is_local).lower()}; tulis begitu, "
            "atau pakai kode lain"
        )
    values = {"name": text.name, "unit": text.unit, "owner": text.owner, "is_local": text.is_local}
    return Programme.objects.update_or_create(code=text.code, defaults=values)[0]


def _load_one(programme: Programme, text: RuleSetText) -> tuple[str, str]:
    """A loaded version never changes, except that one without an end may be given one."""
    name = f"{programme.code} {text.version}"
    standing = RuleSet.objects.filter(programme=programme, version=text.version).first()
    if standing is None:
        RuleSet.objects.create(programme=programme, version=text.version, **_values(text))
        return name, "new"
    differing = [field for field, value in _values(text).items() if getattr(standing, field) != value]
    if differing == ["effective_to"] and text.effective_to is None:
        return name, "same"  # a version approved since has ended this one
    if differing == ["effective_to"] and standing.effective_to is None:
        RuleSet.objects.filter(pk=standing.pk).update(effective_to=text.effective_to)
        return name, "closed"
    if differing:
        raise RuleError(
            f"{text.source}: versi {text.version} dari {programme.code} sudah dimuat dan berbeda pada "
            f"{', '.join(differing)}; naikkan versinya dan beri effective_from sendiri"
        )
    return name, "same"


def _values(text: RuleSetText) -> dict[str, object]:
    return {
        "effective_from": text.effective_from,
        "effective_to": text.effective_to,
        "legal_basis": text.legal_basis,
        "to_be_confirmed": text.to_be_confirmed,
        "conditions": text.raw_conditions,
        "amounts": text.raw_amounts,
        "source_file": text.source,
    }


def _periods(programme: Programme) -> list[Period]:
    return [
        Period(f"versi {rule.version}", rule.effective_from, rule.effective_to)
        for rule in programme.rule_sets.all()
    ]


def _ceilings(programme: Programme) -> list[tuple[int, date, date | None]]:
    return [
        (condition.limit, rule.effective_from, rule.effective_to)
        for rule in programme.rule_sets.all()
        for condition in parse_conditions(str(rule), rule.conditions, programme.unit)
        if isinstance(condition, AtMost) and condition.fact == Fact("decile")
    ]
