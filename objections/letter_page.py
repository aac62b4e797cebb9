"""Letters of cases for the screen: where one stands, what it says, what waits in which village, and a preview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objections import case_page, services
from objections.enums import Kind, State
from objections.models import Letter, LetterTemplate, Objection
from objections.paper import posting
from objections.paper.sheets import Page
from recipients.models import WelfareSnapshot
from recipients.roles import PRINT_LETTER

CODE_LATER = gettext_lazy("dibuat saat dicetak")


@dataclass(frozen=True)
class Stage:
    kind: str
    words: str


@dataclass(frozen=True)
class Waiting:
    """`key` is the village's, or 0 where nobody knows the village yet."""

    key: int
    place: str
    count: int


def stage(letter: Letter) -> Stage:
    if letter.handed_on:
        told = {"day": date_format(letter.handed_on, "j M Y"), "who": letter.handed_to}
        return Stage("fine", _("diserahkan %(day)s kepada %(who)s") % told)
    if letter.printed_at:
        day = date_format(timezone.localdate(letter.printed_at), "j M Y")
        return Stage("paused", _("dicetak %s, belum diserahkan") % day)
    return Stage("soon", _("menunggu dicetak"))


def waiting_by_village(user: Any) -> list[Waiting]:
    """What waits for a printer in one's own area; one query."""
    rows = (
        Letter.objects.printable_by(user)
        .waiting()
        .order_by("objection__village__parent__name", "objection__village__name")
        .values_list("objection__village", "objection__village__name", "objection__village__parent__name")
        .annotate(n=Count("pk"))
    )
    return [
        Waiting(key or 0, f"{village}, {parent}" if key else _("Desa belum diketahui"), count)
        for key, village, parent, count in rows
    ]


def of_case(objection: Objection) -> list[tuple[Letter, Stage]]:
    rows = objection.letters.select_related("template", "objection")
    return [(letter, stage(letter)) for letter in rows]


def of_letter(letter: Letter, user: Any, today: date) -> Page:
    """As sent, with the name where the family is in the user's area; never with a code."""
    return _page(
        letter.objection, letter.template, letter.text(), user, today, timezone.localdate(letter.made_at)
    )


def preview(objection: Objection, user: Any, now: datetime, *, outcome: str, answer: str) -> Page | None:
    """The letter that would go out for this outcome now; none where the case's step has no letter."""
    step = step_of(objection, outcome)
    if step is None or objection.kind == Kind.WELL_OFF:
        return None
    template = LetterTemplate.objects.in_force(posting.KIND_OF_STEP[step])
    said = posting.written(posting.Cause("", objection, step), template, now=now, answer=answer)
    today = timezone.localdate(now)
    return _page(objection, template, said, user, today, today)


def step_of(objection: Objection, outcome: str) -> str | None:
    """The step a letter would tell of: what is typed, what is proposed, or where the case stands."""
    named = outcome or (objection.proposed_outcome if objection.state == State.PROPOSED else objection.state)
    return named if named in posting.KIND_OF_STEP else None


def may_post(objection: Objection, user: Any) -> bool:
    has_letter = objection.state in posting.KIND_OF_STEP and objection.kind != Kind.WELL_OFF
    return has_letter and user.has_perm(PRINT_LETTER)


def _page(
    objection: Objection, template: LetterTemplate, said: str, user: Any, today: date, made_on: date
) -> Page:
    family = case_page.visible_family(objection, user)
    snapshot = None
    if family is not None:
        snapshot = (
            WelfareSnapshot.objects.standing().filter(family=family).select_related("village__parent").first()
        )
    code = str(CODE_LATER) if snapshot else ""
    return services.page_of(template, said, snapshot, objection, code=code, today=today, made_on=made_on)
