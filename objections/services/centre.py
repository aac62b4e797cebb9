"""The centre's answer reaches the case: its proposals are answered by a release, and the citizen is told."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from objections.enums import State
from objections.models import Objection
from objections.models.objection import REFERENCE
from objections.services.moving import MoveRefused, close_by_centre
from recipients.enums import CentralResult, ProposalState
from recipients.models import UpdateProposal

CHANGED = frozenset(
    {CentralResult.JUDGED_POORER, CentralResult.JUDGED_BETTER_OFF, CentralResult.NEWLY_RANKED}
)


def answered_cases() -> list[Objection]:
    """Cases that wait for the centre and whose proposal a published release has answered."""
    of_case = UpdateProposal.objects.filter(
        reference=Concat(Value(REFERENCE), OuterRef("receipt_no")), state=ProposalState.ANSWERED
    )
    waiting = Objection.objects.filter(state=State.UPHELD_TO_CENTRE)
    return list(waiting.filter(Exists(of_case)).order_by("pk"))


def tell_centre_answers(*, now: datetime) -> int:
    """Close them by what the release made of them; how many. Doing it again finds none."""
    return sum(_close(objection, now) for objection in answered_cases())


def _close(objection: Objection, now: datetime) -> bool:
    answers = UpdateProposal.objects.filter(
        reference=objection.reference, state=ProposalState.ANSWERED
    ).order_by("-pk")
    proposal = answers[0]
    changed = proposal.result in CHANGED or bool(proposal.facts_taken)
    try:
        close_by_centre(objection=objection, changed=changed, by=None, now=now, note=proposal.number)
    except MoveRefused:
        return False  # somebody of the office closed it meanwhile
    return True
