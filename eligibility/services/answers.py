"""What an explanation is made of, as data: for the family's page, a letter, the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Reason:
    """One finding with its words; `code` is for programs, `full` and `short` for people."""

    code: str
    verdict: str
    verdict_label: str
    seen: Any
    limit: Any
    source: str
    source_label: str
    full: str
    short: str
    source_date: date | None = None
    needed: str = ""  # what would have to be different; empty where the condition is met


@dataclass(frozen=True)
class Stored:
    """The decision that stands in the database."""

    decision_id: int
    verdict: str
    verdict_label: str
    as_of: date
    decided_at: datetime
    release: str | None
    rule_set_version: int


@dataclass(frozen=True)
class ProgrammeAnswer:
    """What the rule says that day; `agrees` is None where no decision was made yet."""

    programme: str
    programme_name: str
    unit: str
    person_id: int | None
    person_name: str
    verdict: str | None
    verdict_label: str
    reasons: tuple[Reason, ...]
    rule_set: str
    rule_set_version: int | None
    legal_basis: str
    to_be_confirmed: str
    stored: Stored | None
    agrees: bool | None
    estimate: str = ""


@dataclass(frozen=True)
class Explanation:
    family_id: int
    masked_number: str
    as_of: date
    release: str | None
    release_as_of: date | None
    answers: tuple[ProgrammeAnswer, ...]


@dataclass(frozen=True)
class Changed:
    """One finding on two days; None where that day had none of this code."""

    before: Reason | None
    after: Reason | None


@dataclass(frozen=True)
class Versus:
    """One programme's answer on two days, and the findings that differ between them."""

    before: ProgrammeAnswer
    after: ProgrammeAnswer
    changed: tuple[Changed, ...]

    @property
    def is_same(self) -> bool:
        return self.before.verdict == self.after.verdict and not self.changed
