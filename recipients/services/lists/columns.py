"""Whose column is whose field: suggested, said by a person, kept as the source's next version."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bansos.common import db
from recipients.enums import ListState
from recipients.importing.issues import printable
from recipients.importing.lists import mapping
from recipients.importing.lists.kinds import KINDS
from recipients.models import ColumnMapping, ListDelivery
from recipients.services.lists.steps import ListRefused, move, queue


def last_mapping(delivery: ListDelivery) -> ColumnMapping | None:
    return (
        ColumnMapping.objects.filter(kind=delivery.kind, source=delivery.source).order_by("-version").first()
    )


def fits(delivery: ListDelivery, known: ColumnMapping) -> bool:
    """Every column of the mapping is there, nothing needed is missing, and no new column looks like one of ours."""
    fixed = {**known.fixed, **delivery.fixed}
    if not set(known.columns.values()) <= set(delivery.header):
        return False
    if mapping.missing(delivery.kind, known.columns, fixed):
        return False
    new = set(delivery.header) - set(known.header)
    return not new or not any(one.header in new for one in suggestions(delivery).values())


def suggestions(delivery: ListDelivery) -> dict[str, mapping.Suggestion]:
    return mapping.suggest(delivery.kind, delivery.header, head_rows(delivery))


def head_rows(delivery: ListDelivery) -> list[list[str]]:
    return mapping.open_rows(delivery.sealed_head, delivery.pk) if delivery.sealed_head else []


@transaction.atomic
def map_list(
    *, delivery: ListDelivery, columns: Mapping[str, str], fixed: Mapping[str, str], by: User
) -> ListDelivery:
    """A person says whose column is whose field: kept as the source's next version, and the check is queued."""
    db.lock_until_commit(f"list:{delivery.pk}")
    delivery.refresh_from_db()
    if delivery.state not in (ListState.MAPPING, ListState.PREVIEWED):
        raise ListRefused(_("Kolom daftar ini tidak bisa dicocokkan lagi pada tahap ini."))
    columns, fixed = _cleaned(delivery, columns, fixed)
    delivery.mapping = _version(delivery, columns, fixed, by)
    before, delivery.fixed = ListState(delivery.state), fixed
    delivery.round += 1
    move(delivery, before, ListState.MAPPED, ["mapping", "fixed", "round"])
    queue(delivery, "lists.check")
    return delivery


def _cleaned(
    delivery: ListDelivery, columns: Mapping[str, str], fixed: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    fields = {field.name: field for field in KINDS[delivery.kind].fields}
    columns = {name: head for name, head in columns.items() if name in fields and head in delivery.header}
    fixed = {
        name: printable(text.strip())[:80]
        for name, text in fixed.items()
        if name in fields and fields[name].may_be_fixed and name not in columns and text.strip()
    }
    twice = sorted({head for head in columns.values() if list(columns.values()).count(head) > 1})
    if twice:
        raise ListRefused(_("Kolom %s dipilih untuk dua isian. Pilih satu saja.") % ", ".join(twice))
    lacking = mapping.missing(delivery.kind, columns, fixed)
    if lacking:
        labels = ", ".join(str(field.label) for field in lacking)
        raise ListRefused(_("Isian ini wajib dan belum ada kolomnya: %s.") % labels)
    return columns, fixed


def _version(
    delivery: ListDelivery, columns: dict[str, str], fixed: dict[str, str], by: User
) -> ColumnMapping:
    db.lock_until_commit(f"mapping:{delivery.kind}:{delivery.source}")
    last = last_mapping(delivery)
    said = (columns, fixed, delivery.header)
    if last and (last.columns, last.fixed, last.header) == said:
        return last
    versions = ColumnMapping.objects.filter(kind=delivery.kind, source=delivery.source)
    highest = versions.aggregate(highest=Max("version"))["highest"] or 0
    return ColumnMapping.objects.create(
        kind=delivery.kind,
        source=delivery.source,
        version=highest + 1,
        columns=columns,
        fixed=fixed,
        header=delivery.header,
        made_by=by,
    )
