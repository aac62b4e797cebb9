"""Why a decision says what it says: one answer for staff, the family and its letter."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from eligibility import wording
from eligibility.models import EligibilityDecision
from eligibility.rules.conditions import BY_HAND
from recipients.addressing import Reader


def deciding(decision: EligibilityDecision) -> list[dict[str, Any]]:
    """The findings whose verdict is the decision's: they made it.

    A finding to be checked beside one that says no is left out, for staff too: it decided nothing, and its "Ini bukan
    penolakan" would contradict the verdict above it. Staff who talk to a family must read what the family reads; every
    finding stands in `manage.py explain`. A rule that is met gives its reasons as well. Where the office decided by
    hand, that alone made the verdict.
    """
    by_hand = [finding for finding in decision.findings if finding.get("code") == BY_HAND]
    if by_hand:
        return by_hand
    same = [finding for finding in decision.findings if finding.get("verdict") == decision.verdict]
    return same or decision.findings


def in_words(decision: EligibilityDecision, *, programme: str, reader: Reader) -> list[str]:
    said = (_sentence(finding, programme, reader) for finding in deciding(decision))
    return list(dict.fromkeys(said))


def _sentence(finding: dict[str, Any], programme: str, reader: Reader) -> str:
    """A rule set of another time may have a condition that lost its words since."""
    try:
        return wording.sentence(finding, programme, reader).full
    except KeyError:
        return _("Syarat lain (%(code)s).") % {"code": finding.get("code", "-")}
