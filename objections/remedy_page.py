"""Remedies of a case in words, for the case's page and the page that writes them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from objections.enums import RemedyKind
from objections.models import Objection, Remedy
from recipients import proposable
from recipients.enums import FlagStatus
from recipients.models import ExternalFlag, Family


@dataclass(frozen=True)
class Shown:
    remedy: Remedy
    lines: list[str]


def shown(objection: Objection) -> list[Shown]:
    rows = list(objection.remedies.select_related("made_by", "done_by"))
    wanted = [row.payload["flag"] for row in rows if row.kind == RemedyKind.REFUTE]
    flags = {flag.pk: flag_words(flag) for flag in ExternalFlag.objects.filter(pk__in=wanted)}
    return [Shown(row, _lines(row, flags)) for row in rows]


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
