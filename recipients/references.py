"""What the references of events and flags point at, in words, with a link for who may open it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bansos.common.admin import address_of, key_of
from recipients.models import ListDelivery, ProposedStep
from recipients.roles import named


@dataclass(frozen=True)
class Cause:
    words: str
    url: str = ""


def causes(references: Iterable[str], *, reader: Any) -> dict[str, Cause]:
    """`list:14`, `step:5`, `finding:3`, `objection:SGH-26-4K7Q-2`, `musdes:12`; anything else was typed and stays.

    One query for all lists, one for all steps.
    """
    by_kind: dict[str, dict[str, str]] = {}
    found: dict[str, Cause] = {}
    for reference in dict.fromkeys(references):
        kind, _colon, name = reference.partition(":")
        found[reference] = Cause(_("beberapa temuan") if reference == "finding" else reference)
        by_kind.setdefault(kind, {})[name] = reference
    for kind, told in _TOLD.items():
        if kind in by_kind:
            names = {name: reference for name, reference in by_kind[kind].items() if name}
            found |= {names[name]: cause for name, cause in told(names, reader).items()}
    return found


def _lists(names: Iterable[str], reader: Any) -> dict[str, Cause]:
    may_open = reader.has_perm("recipients.view_listdelivery")
    return {
        str(one.pk): Cause(
            _("%(list)s, %(day)s")
            % {"list": one, "day": date_format(timezone.localdate(one.received_at), "j F Y")},
            address_of("admin:recipients_listdelivery_change", one.pk) if may_open else "",
        )
        for one in ListDelivery.objects.filter(pk__in=map(key_of, names))
    }


def _steps(names: Iterable[str], reader: Any) -> dict[str, Cause]:
    rows = ProposedStep.objects.filter(pk__in=map(key_of, names)).select_related("proposed_by")
    return {str(one.pk): Cause(_("diusulkan %s") % named(one.proposed_by)) for one in rows}


def _findings(names: Iterable[str], reader: Any) -> dict[str, Cause]:
    may_open = reader.has_perm("eligibility.view_finding")
    return {
        name: Cause(
            _("temuan nomor %s") % name,
            address_of("admin:eligibility_finding_change", name) if may_open else "",
        )
        for name in names
    }


def _objections(names: Iterable[str], reader: Any) -> dict[str, Cause]:
    may_open = reader.has_perm("objections.view_objection")
    return {
        name: Cause(
            _("sanggahan %s") % name,
            address_of("admin:objections_objection_changelist", q=name) if may_open else "",
        )
        for name in names
    }


def _deliberations(names: Iterable[str], reader: Any) -> dict[str, Cause]:
    may_open = reader.has_perm("objections.view_musdes")
    return {
        name: Cause(
            _("musyawarah desa nomor %s") % name,
            address_of("admin:objections_musdes_change", key_of(name)) if may_open else "",
        )
        for name in names
    }


_TOLD: dict[str, Callable[[Iterable[str], Any], dict[str, Cause]]] = {
    "list": _lists,
    "step": _steps,
    "finding": _findings,
    "objection": _objections,
    "musdes": _deliberations,
}
