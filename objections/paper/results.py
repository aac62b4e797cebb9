"""The computed results of families in the words of a letter: per programme the verdict and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from eligibility import reasons
from eligibility.models import EligibilityDecision, Verdict
from recipients.addressing import LETTER
from recipients.enums import Unit


@dataclass(frozen=True)
class Result:
    programme: str
    words: str
    reasons: list[str]

    @property
    def line(self) -> str:
        return " ".join([f"- {self.programme}: {self.words}.", *self.reasons])


def of_families(
    families: Iterable[Any], *, day: date, programme: int | None = None
) -> dict[int, list[Result]]:
    """Members are counted where the unit is the person. One query for all families."""
    standing = EligibilityDecision.objects.standing_on(day).filter(family__in=families)
    if programme is not None:
        standing = standing.filter(programme=programme)
    grouped: dict[int, dict[Any, list[EligibilityDecision]]] = defaultdict(lambda: defaultdict(list))
    for decision in standing.select_related("programme").order_by("programme", "pk"):
        grouped[decision.family_id][decision.programme].append(decision)
    answer: dict[int, list[Result]] = defaultdict(list)
    for family_id, programmes in grouped.items():
        answer[family_id] = [_result(one, decisions) for one, decisions in programmes.items()]
    return answer


def _result(programme: Any, decisions: list[EligibilityDecision]) -> Result:
    if programme.unit == Unit.PERSON:
        eligible = sum(decision.verdict == Verdict.ELIGIBLE for decision in decisions)
        words = _("%(eligible)d dari %(all)d anggota memenuhi syarat") % {
            "eligible": eligible,
            "all": len(decisions),
        }
    else:
        words = decisions[0].get_verdict_display()
    against = [decision for decision in decisions if decision.verdict != Verdict.ELIGIBLE]
    why = [
        reason
        for decision in against
        for reason in reasons.in_words(decision, programme=programme.name, reader=LETTER)
    ]
    return Result(programme.name, words, list(dict.fromkeys(why)))
