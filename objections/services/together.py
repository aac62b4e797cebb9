"""Several proposals approved at once, each of which the approver has opened; and who else has a case open now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from objections.enums import State
from objections.models import Objection
from objections.services.deciding import approve
from objections.services.moving import MoveRefused
from recipients.enums import Access
from recipients.models import AccessLog

MOST_AT_ONCE = 25
STILL_OPEN = timedelta(minutes=10)


@transaction.atomic
def approve_together(*, cases: list[Objection], by: Any, now: datetime) -> None:
    """All or none: alike in kind and outcome, at most 25, and each opened since it was proposed."""
    if not 1 <= len(cases) <= MOST_AT_ONCE:
        raise MoveRefused(_("Centang 1 sampai %d usul.") % MOST_AT_ONCE)
    if any(case.state != State.PROPOSED for case in cases):
        raise MoveRefused(_("Yang bisa disetujui bersama hanya sanggahan yang menunggu persetujuan kedua."))
    if len({(case.kind, case.proposed_outcome) for case in cases}) > 1:
        raise MoveRefused(_("Jenis atau usul hasilnya berbeda. Setujui bersama hanya yang sama."))
    looks = _looks(cases, by)
    unopened = [case.receipt_no for case in cases if not _opened_since_proposed(case, looks)]
    if unopened:
        raise MoveRefused(_("Buka dan baca dulu satu per satu: %s.") % ", ".join(unopened))
    for case in cases:  # one by one on purpose: each is guarded, and each has its event
        approve(objection=case, by=by, now=now)


def others_looking(*, objection: Objection, by: Any, now: datetime) -> list[AccessLog]:
    """The last look of each colleague in the last minutes: a notice, not a lock; moves guard themselves."""
    looks = AccessLog.objects.filter(kind=Access.OPEN_OBJECTION, subject=objection.reference)
    recent = looks.filter(at__gte=now - STILL_OPEN).exclude(by=by).select_related("by").order_by("by", "-at")
    return list(recent.distinct("by"))


def _looks(cases: list[Objection], by: Any) -> dict[str, datetime]:
    first = min(case.proposed_at for case in cases if case.proposed_at)
    looks = AccessLog.objects.filter(by=by, kind=Access.OPEN_OBJECTION, at__gte=first)
    named = looks.filter(subject__in=[case.reference for case in cases]).order_by("at")
    return dict(named.values_list("subject", "at"))


def _opened_since_proposed(case: Objection, looks: dict[str, datetime]) -> bool:
    seen = looks.get(case.reference)
    return seen is not None and case.proposed_at is not None and seen >= case.proposed_at
