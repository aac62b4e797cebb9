"""What the centre's release made of what a case proposed: better, the same or worse, in words.

A decile is the family's own data: number and PIN tell that the centre answered, the family's code what it said.
"""

from __future__ import annotations

from django.db.models import Case, When

from objections.models import Objection
from recipients import proposal_page
from recipients.addressing import CITIZEN
from recipients.models import UpdateProposal


def proposal_of(objection: Objection) -> UpdateProposal | None:
    """The last one that rests on this case and is of its family; one the centre answered before one it did not."""
    of_case = UpdateProposal.objects.filter(reference=objection.reference, family_id=objection.family_id)
    return of_case.order_by(Case(When(result="", then=1), default=0), "-pk").first()


def of_case(objection: Objection, *, opened_family: int | None) -> str:
    """`opened_family` is the family whose code the reader typed."""
    if objection.family_id is None or objection.family_id != opened_family:
        return ""
    proposal = proposal_of(objection)
    return proposal_page.answer_words(proposal, CITIZEN) if proposal else ""
