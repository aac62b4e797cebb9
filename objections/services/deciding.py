"""Deciding a case together with what it makes happen: outcome, remedies and notice are one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from objections.enums import State
from objections.models import Objection
from objections.services import moving, remedies


@transaction.atomic
def propose(
    *, objection: Objection, outcome: State, by: Any, now: datetime, answer: str, note: str = ""
) -> None:
    """One officer proposes; an outcome that says something is put right needs a remedy that does it."""
    remedies.hold(objection)
    remedies.require_for(objection, outcome)
    moving.propose(objection=objection, outcome=outcome, by=by, now=now, answer=answer, note=note)


@transaction.atomic
def approve(*, objection: Objection, by: Any, now: datetime, note: str = "") -> None:
    """A second person decides as proposed, and what was prepared is done; where it cannot be, nothing is decided."""
    moving.approve(objection=objection, by=by, now=now, note=note)
    if objection.state in remedies.NEEDED:
        remedies.carry_out(objection=objection, by=by, now=now)
