"""Letters are written when their cause happens, and wait in the outbox for whoever prints them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansos.common import outbox
from bansos.common.models import Channel
from bansos.common.outbox import Draft
from objections.enums import Kind, LetterKind, State
from objections.models import Letter, LetterTemplate, Objection
from objections.models.letter import seal_text
from objections.paper import text, values

TEMPLATE = outbox.titled("objections.letter", _("surat sanggahan"))
KIND_OF_STEP: dict[str, LetterKind] = {
    State.UPHELD_TO_CENTRE: LetterKind.TO_CENTRE,
    State.UPHELD_HERE: LetterKind.UPHELD,
    State.REJECTED: LetterKind.REJECTED,
    State.INCOMPLETE: LetterKind.COMPLETION,
}


@dataclass(frozen=True)
class Cause:
    """What a letter tells: a step of a case, and the day of a visit. `key` names the cause, so it makes one letter."""

    key: str
    objection: Objection
    step: str
    on: date | None = None

    @property
    def kind(self) -> LetterKind:
        return KIND_OF_STEP.get(self.step, LetterKind.NEWS)


def post(causes: Iterable[Cause], *, now: datetime, by: Any = None) -> int:
    """Write the letters and put them in the outbox; call it in the transaction of their cause.

    Who reported somebody gets none: an envelope on the way through the village would give the reporter away.
    """
    told = [cause for cause in causes if cause.objection.kind != Kind.WELL_OFF]
    templates = {kind: LetterTemplate.objects.in_force(kind) for kind in {cause.kind for cause in told}}
    Letter.objects.bulk_create(
        (_letter(cause, templates[cause.kind], now, by) for cause in told), ignore_conflicts=True
    )
    drafts = [
        Draft(message_key(cause.key), TEMPLATE, Channel.PRINT, {"number": cause.objection.receipt_no})
        for cause in told
    ]
    return outbox.post_many(drafts, now=now)


def message_key(letter_key: str) -> str:
    return f"letter:{letter_key}"


def written(cause: Cause, template: LetterTemplate, *, now: datetime, answer: str = "") -> str:
    """The letter as it would be sent now; name and code come on paper."""
    today = timezone.localdate(now)
    told = values.of_case(cause.objection, step=cause.step, today=today, answer=answer, on=cause.on)
    return text.fill(template.body, told)


def _letter(cause: Cause, template: LetterTemplate, now: datetime, by: Any) -> Letter:
    said = written(cause, template, now=now)
    return Letter(
        key=cause.key,
        objection=cause.objection,
        template=template,
        text_sealed=seal_text(said, cause.key),
        made_at=now,
        made_by=by,
    )
