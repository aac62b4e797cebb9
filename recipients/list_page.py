"""What the pages of a list show, put in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.stages import marked, under_way
from recipients import file_facts
from recipients.enums import EnrolmentState, FlagKind, ListState, PayoutState, RegionLevel
from recipients.importing.lists import mapping
from recipients.importing.lists.issues import WORK_MESSAGES, label
from recipients.importing.lists.kinds import KINDS, Content, Field
from recipients.list_receipt import ACTION_LABELS, ROW_LABELS
from recipients.models import ListDelivery, Programme, Region
from recipients.roles import APPROVE, UPLOAD
from recipients.services import lists

MOVING = (ListState.RECEIVED, ListState.MAPPED, ListState.APPROVED)
STAGES = (
    (ListState.RECEIVED, gettext_lazy("Masuk")),
    (ListState.MAPPING, gettext_lazy("Kolom")),
    (ListState.MAPPED, gettext_lazy("Diperiksa")),
    (ListState.PREVIEWED, gettext_lazy("Pratinjau")),
    (ListState.APPROVED, gettext_lazy("Disetujui")),
    (ListState.APPLIED, gettext_lazy("Diterapkan")),
)
WRITING = ("NEW", "MOVED", "CHANGED", "GONE")
MOST_VILLAGES = 20


def page_of(delivery: ListDelivery, user: Any) -> dict[str, Any]:
    counts, state = delivery.counts, ListState(delivery.state)
    may_act = user.has_perm(APPROVE) or user.has_perm(UPLOAD)
    is_previewed = state == ListState.PREVIEWED
    stopped = lists.stopped_list_job(delivery)
    actions = counts.get("actions", {})
    return {
        "title": str(delivery),
        "delivery": delivery,
        "stages": marked(STAGES, state, is_over=state == ListState.APPLIED),
        "job": under_way(lists.list_job(delivery)),
        "is_moving": state in MOVING,
        "rows": [(words, counts[name]) for name, words in ROW_LABELS.items() if counts.get(name)],
        "actions": [(words, actions[name]) for name, words in ACTION_LABELS.items() if actions.get(name)],
        "used": counts.get("used", 0),
        "changes": sum(actions.get(name, 0) for name in WRITING),
        "reasons": [
            (label(code), n, code in WORK_MESSAGES, code) for code, n in counts.get("by_code", {}).items()
        ],
        "groups": _spread(delivery.preview.get("by_group", {}), _group_names()),
        "villages": _villages(delivery.preview.get("by_village", {})),
        "may_map": user.has_perm(UPLOAD) and state in (ListState.MAPPING, ListState.PREVIEWED),
        "seen": lists.seen_as(delivery),
        "may_approve": is_previewed and user.has_perm(APPROVE) and delivery.received_by_id != user.pk,
        "is_own": is_previewed and user.has_perm(APPROVE) and delivery.received_by_id == user.pk,
        "may_withdraw": may_act
        and (state in lists.OPEN or (state == ListState.APPROVED and stopped is not None)),
        "may_retry": may_act and stopped is not None,
        "may_download": user.has_perm(UPLOAD) and bool(counts.get("by_code")),
        "gone": actions.get("GONE", 0),
        "share_gone": lists.share_gone(delivery),
        "must_confirm": lists.loses_many(delivery),
        "fixed": _fixed_in_words(delivery),
        "recognised": _recognised(delivery),
        "workbooks": _workbooks(delivery),
        "may_choose": user.has_perm(UPLOAD) and state in (ListState.MAPPING, ListState.PREVIEWED),
        "choose_url": reverse("admin:recipients_list_sheets", args=[delivery.pk]),
    }


def _recognised(delivery: ListDelivery) -> list[dict[str, Any]]:
    if "file" not in (counts := delivery.counts):
        return []
    kind = delivery.get_kind_display()
    return [file_facts.recognised(kind, delivery.file_name, counts["file"], counts["notes"])]


def _workbooks(delivery: ListDelivery) -> list[dict[str, Any]]:
    sheets = delivery.counts.get("all_sheets")
    return [file_facts.workbook("", delivery.file_name, sheets)] if sheets else []


def _fixed_in_words(delivery: ListDelivery) -> list[tuple[Any, str]]:
    return [
        (field.label, delivery.fixed[field.name])
        for field in KINDS[delivery.kind].fields
        if delivery.fixed.get(field.name)
    ]


def _group_names() -> dict[str, Any]:
    """Codes of programmes, flags and levels of regions, as people say them."""
    names: dict[str, Any] = dict(Programme.objects.values_list("code", "name"))
    return {**names, **dict(FlagKind.choices), **dict(RegionLevel.choices)}


def _spread(found: dict[str, dict[str, int]], names: dict[str, Any]) -> dict[str, Any]:
    """A table: a row a group, a column for each action that occurs."""
    columns = [name for name in ACTION_LABELS if any(name in actions for actions in found.values())]
    return {
        "head": [ACTION_LABELS[name] for name in columns],
        "body": [(names.get(key, key), [found[key].get(name, 0) for name in columns]) for key in found],
    }


def _villages(found: dict[str, dict[str, int]]) -> dict[str, Any]:
    """Where most would change, the most first."""
    most = dict(sorted(found.items(), key=lambda entry: -sum(entry[1].values()))[:MOST_VILLAGES])
    regions = Region.objects.filter(pk__in=map(int, most)).select_related("parent")
    names = {str(region.pk): f"{region.name}, {region.parent.name}" for region in regions if region.parent}
    return {**_spread(most, names), "all": len(found)}


def mapping_of(delivery: ListDelivery, chosen: dict[str, str] | None) -> dict[str, Any]:
    """Our field, their column, three samples, how much is filled and how sure the suggestion is."""
    rows = lists.head_rows(delivery)
    found = mapping.suggest(delivery.kind, delivery.header, rows)
    said = _said_before(delivery)
    if chosen is None:
        chosen = said or {name: one.header for name, one in found.items()}
    samples = mapping.samples(delivery.header, rows)
    filled = dict(zip(delivery.header, delivery.filled, strict=False))
    fields = KINDS[delivery.kind].fields
    return {
        "title": _("Cocokkan kolom: %s") % delivery,
        "fields": [
            {
                "field": field,
                "chosen": (head := chosen.get(field.name, "")),
                "samples": samples.get(head, []),
                "filled": filled.get(head),
                "confidence": _confidence(found, field.name, head),
                "is_needed": field.is_required or (field.name == "nik" and KINDS[delivery.kind].needs_number),
                "fixed": delivery.fixed.get(field.name, ""),
                "choices": _choices(field),
            }
            for field in fields
        ],
        "columns": [
            {"name": head, "filled": filled.get(head, 0), "samples": samples.get(head, [])}
            for head in delivery.header
            if head
        ],
        "known": None if delivery.mapping else lists.last_mapping(delivery),
    }


def _said_before(delivery: ListDelivery) -> dict[str, str]:
    """What the list, or its source, was mapped as last; columns that are not there any more fall away."""
    known = delivery.mapping or lists.last_mapping(delivery)
    return {name: head for name, head in known.columns.items() if head in delivery.header} if known else {}


def _confidence(found: dict[str, mapping.Suggestion], name: str, head: str) -> int | None:
    one = found.get(name)
    return round(100 * one.confidence) if one and one.header == head else None


def _choices(field: Field) -> list[tuple[str, Any]]:
    if not field.may_be_fixed:
        return []
    if field.content is Content.PROGRAMME:
        return [(name, name) for name in Programme.objects.values_list("name", flat=True)]
    if field.content is Content.FLAG:
        return list(FlagKind.choices)
    if field.content is Content.STATE:
        return [choice for choice in EnrolmentState.choices if choice[0] != EnrolmentState.EXITED]
    return list(PayoutState.choices) if field.content is Content.PAYOUT_STATE else []
