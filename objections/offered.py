"""Which reasons somebody is offered who opened the family's data with its code: those that answer what is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from eligibility import reasons
from eligibility.models import EligibilityDecision, Verdict
from objections.enums import Reason
from recipients.addressing import CITIZEN

# A finding's code, and what can be wrong behind it. A decile is made of many facts; a list names one.
ANSWERS: dict[str, tuple[Reason, ...]] = {
    "DECILE": (
        Reason.POWER_NOT_OURS, Reason.PROPERTY_NOT_OURS, Reason.INCOME_FELL, Reason.EARNER_GONE, Reason.ILL_OR_OLD,
        Reason.FAMILY_SIZE, Reason.HOUSE, Reason.NOT_VISITED,
    ),
    "COMPONENT": (Reason.ILL_OR_OLD, Reason.FAMILY_SIZE),
    "CIVIL_SERVANT": (Reason.INCOME_FELL, Reason.EARNER_GONE),
    "FLAG_INCOME": (Reason.INCOME_FELL, Reason.EARNER_GONE),
    "FLAG_ASSETS": (Reason.POWER_NOT_OURS, Reason.PROPERTY_NOT_OURS),
    "FLAG_PRESENCE": (Reason.NOT_DEAD, Reason.ADDRESS, Reason.NOT_VISITED),
}  # fmt: skip
ALWAYS = (Reason.NIK_MISUSED, Reason.OTHER, Reason.UNKNOWN)


@dataclass(frozen=True)
class Offer:
    reasons: list[str]
    recorded: list[str]  # what the data say, in the family's words


def to_family(family_id: int, day: date) -> Offer:
    """All reasons where a finding is not in the table: nobody is kept from saying what is wrong."""
    standing = EligibilityDecision.objects.standing_on(day).filter(family=family_id)
    against = standing.exclude(verdict=Verdict.ELIGIBLE)
    codes: set[str] = set()
    recorded: list[str] = []
    for decision in against.select_related("programme").order_by("programme", "pk"):
        codes |= {str(finding.get("code", "")) for finding in reasons.deciding(decision)}
        recorded += reasons.in_words(decision, programme=decision.programme.name, reader=CITIZEN)
    return Offer(_answers(codes), list(dict.fromkeys(recorded)))


def narrow(form: Any, family_id: int, *, day: date, shows_all: bool = False) -> dict[str, Any]:
    """Leave those reasons on the form, and what was ticked. For its page: what is recorded, and whether more exist."""
    offer, field = to_family(family_id, day), form.fields["reasons"]
    shown = {*offer.reasons, *(form["reasons"].value() or [])}
    is_short = not shows_all and len(shown) < len(field.choices)
    if is_short:
        field.choices = [choice for choice in field.choices if choice[0] in shown]
    return {"recorded": offer.recorded, "is_short": is_short}


def _answers(codes: set[str]) -> list[str]:
    if not codes or codes - ANSWERS.keys():
        return list(Reason.values)
    wanted = {reason for code in codes for reason in ANSWERS[code]} | set(ALWAYS)
    return [value for value in Reason.values if value in wanted]
