"""The notice before anything is cut: posted with the proposal, printed by the village or the office, then noted.

The window to object begins with the paper: printing late moves its end, and nothing is confirmed before the print.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import BigIntegerField, Count, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import outbox
from bansos.common.models import Channel, Message, MessageState
from eligibility import reasons
from eligibility.engine.finding_kinds import KINDS, Consequence
from eligibility.models import Finding, FindingEvent, FindingQuerySet
from recipients.addressing import LETTER
from recipients.models import Family

EARLY_WARNING = outbox.titled("eligibility.early_warning", gettext_lazy("surat peringatan"))
# Between the notice and the cut: Banyuwangi gives a month (domain.md 1). To be confirmed by the office.
OBJECTION_WINDOW = timedelta(days=30)
BAD_NEWS = [code for code, kind in KINDS.items() if kind.consequence is Consequence.SUSPEND]


@dataclass(frozen=True)
class Notice:
    """What a family reads about one programme: why, until when to object, and who would decide then."""

    family_id: int
    person_id: int | None
    programme: str
    is_local: bool
    reasons: tuple[str, ...]
    until: date


def announce(rows: Iterable[int], *, now: datetime) -> None:
    """A letter for each proposal that is bad news; proposed again on another day, it is another letter."""
    found = Finding.objects.filter(pk__in=rows, kind__in=BAD_NEWS)
    drafts = [
        outbox.Draft(
            f"early-warning:{row.pk}:{row.digest}:{row.window_ends_on}",
            EARLY_WARNING,
            Channel.PRINT,
            {"finding": row.pk},
        )
        for row in found
    ]
    outbox.post_many(drafts, now=now)


def unprinted() -> FindingQuerySet:
    """What is proposed and not yet on paper."""
    return Finding.objects.proposed().filter(pk__in=_letters().values("finding"))


def _letters() -> Any:  # of annotated messages: the stubs lose the annotation between functions
    waiting = Message.objects.filter(template=EARLY_WARNING, state=MessageState.WAITING)
    return waiting.annotate(finding=Cast(KeyTextTransform("finding", "values"), BigIntegerField()))


def families_to_warn(families: QuerySet[Family], *, today: date) -> dict[int, int]:
    """How many families of each village wait for a letter, by the village's id."""
    waiting = unprinted().ruled_on(today).filter(family__in=families)
    counted = waiting.order_by().values("family__village").annotate(n=Count("family", distinct=True))
    return dict(counted.values_list("family__village", "n"))


@transaction.atomic
def notices_to_print(*, families: QuerySet[Family], most: int, today: date) -> tuple[list[Notice], list[int]]:
    """The notices of the first `most` families that wait for one, and their findings; whose window begins today."""
    rows = unprinted().ruled_on(today).filter(family__in=families)
    first = rows.order_by("family").values_list("family", flat=True).distinct()[:most]
    keys = list(rows.filter(family__in=list(first)).values_list("pk", flat=True))
    chosen = Finding.objects.filter(pk__in=keys)
    chosen.filter(window_ends_on__lt=today + OBJECTION_WINDOW).update(window_ends_on=today + OBJECTION_WINDOW)
    found = list(chosen.select_related("programme").order_by("family", "pk"))
    said = reasons.of_findings(found, reader=LETTER)
    return [_notice(row, said.get(row.pk, [])) for row in found], [row.pk for row in found]


def _notice(row: Finding, why: list[str]) -> Notice:
    if row.programme is None or row.window_ends_on is None:
        raise ValueError(f"finding {row.pk} is proposed and about no programme")
    about = (row.family_id, row.person_id, row.programme.name, row.programme.is_local)
    return Notice(*about, reasons=tuple(why), until=row.window_ends_on)


@transaction.atomic
def mark_notices_printed(*, findings: QuerySet[Finding], by: User, now: datetime) -> int:
    """Somebody has the letters in hand; told twice it is noted once."""
    keys = findings.filter(pk__in=unprinted()).order_by("pk")
    rows = list(keys.select_for_update(of=("self",)).values_list("pk", flat=True))
    letters = _letters().filter(finding__in=rows)
    if not outbox.mark_printed(list(letters.values_list("pk", flat=True)), now=now):
        return 0
    step = _("surat peringatan dicetak %s") % f"{timezone.localdate(now):%d-%m-%Y}"
    FindingEvent.objects.bulk_create(
        [FindingEvent(finding_id=pk, step=step, by=by, at=now) for pk in rows], batch_size=2000
    )
    return len(rows)
