"""Evidence goes when the time that the office settled is over, and leaves an event in its case."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from textwrap import wrap

from django.db import transaction
from django.utils.translation import gettext as _

from objections.attachments import keeping
from objections.enums import EventKind, RuleName
from objections.models import Attachment, Objection, ObjectionEvent, OfficeRule


@transaction.atomic
def remove_old_evidence(*, now: datetime) -> int:
    """How many files went. None do while no rule is in force."""
    rule = OfficeRule.objects.in_force(RuleName.EVIDENCE_YEARS)
    if rule is None:
        return 0
    with_files = Objection.objects.filter(pk__in=Attachment.objects.values("objection"))
    cases = with_files.ended_by(_years_before(now, rule.value)).select_for_update(of=("self",))
    gone = keeping.remove_of_cases({case.pk for case in cases.only("pk")})
    ObjectionEvent.objects.bulk_create(
        ObjectionEvent(objection_id=case, kind=EventKind.REMOVED, at=now, note=_told(list(files), rule))
        for case, files in groupby(gone, key=lambda file: file.objection_id)
    )
    return len(gone)


def _years_before(moment: datetime, years: int) -> datetime:
    day = (
        min(moment.day, 28) if moment.month == 2 else moment.day
    )  # 29 February: a day longer kept, never shorter
    return moment.replace(year=moment.year - years, day=day)


def _told(files: list[Attachment], rule: OfficeRule) -> str:
    head = _("%(count)d berkas. Dasar: %(rule)s (%(years)s).") % {
        "count": len(files),
        "rule": rule,
        "years": rule.says(),
    }
    return "\n".join([head, *(f"{file}: SHA-256 {_grouped(file.sha256)}" for file in files)])


def _grouped(digest: str) -> str:
    """By colons: sixteen digits in a row would be masked as a NIK."""
    return ":".join(wrap(digest, 8))
