"""Remedies of a case in words, for the case's page and the page that writes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from objections import centre_told
from objections.enums import RemedyKind
from objections.models import Objection, Remedy
from recipients import proposable, proposal_page
from recipients.addressing import STAFF
from recipients.enums import FlagStatus
from recipients.models import ExternalFlag, Family, UpdateProposal


@dataclass(frozen=True)
class Shown:
    remedy: Remedy
    lines: list[str]
    proposal: UpdateProposal | None = None
    centre: str = ""  # what the centre's release made of it


def shown(objection: Objection) -> list[Shown]:
    rows = list(objection.remedies.select_related("made_by", "done_by"))
    wanted = [row.payload["flag"] for row in rows if row.kind == RemedyKind.REFUTE]
    flags = {flag.pk: flag_words(flag) for flag in ExternalFlag.objects.filter(pk__in=wanted)}
    proposal = centre_told.proposal_of(objection)
    return [_shown(row, flags, proposal) for row in rows]


def _shown(remedy: Remedy, flags: dict[int, str], proposal: UpdateProposal | None) -> Shown:
    lines = _lines(remedy, flags)
    if remedy.kind != RemedyKind.PROPOSE or proposal is None or proposal.number != remedy.outcome:
        return Shown(remedy, lines)
    return Shown(remedy, lines, proposal, proposal_page.answer_words(proposal, STAFF))


def _lines(remedy: Remedy, flags: dict[int, str]) -> list[str]:
    if remedy.kind == RemedyKind.REFUTE:
        return [flags.get(remedy.payload["flag"], "")]
    return [
        _("%(label)s: %(value)s") % {"label": fact.label, "value": fact.say(fact.parse(change["value"]))}
        for change in remedy.payload.get("changes", [])
        for fact in [proposable.FACTS[change["field"]]]
    ]


def open_flags(family: Family) -> list[ExternalFlag]:
    return list(ExternalFlag.objects.filter(family=family).exclude(status=FlagStatus.REFUTED))


def flag_words(flag: ExternalFlag) -> str:
    return _("%(kind)s, kata %(source)s, %(day)s (%(status)s)") % {
        "kind": flag.get_kind_display(),
        "source": flag.source,
        "day": date_format(flag.observed_on, "j F Y"),
        "status": flag.get_status_display(),
    }
