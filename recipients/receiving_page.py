"""What a family receives, put together in a fixed number of queries."""

from __future__ import annotations

from typing import Any

from recipients.family_page import head_name_of
from recipients.models import Enrolment, ExternalFlag, Family, FamilyMembership, ListDelivery, PayoutRecord

MOST_PAYOUTS = 24


def with_names(rows: list[Any]) -> list[Any]:
    """Give enrolments, payouts or flags the names of head, person and village: three queries for a page of them."""
    families = [_family_id(row) for row in rows]
    named = Family.objects.filter(pk__in=families).annotate(head=head_name_of("pk"))
    heads = {
        pk: {"head": head or str(Family(pk=pk)), "village": f"{village}, {part}"}
        for pk, head, village, part in named.values_list(
            "pk", "head", "village__name", "village__parent__name"
        )
    }
    people = people_names([_person_id(row) for row in rows])
    for row in rows:
        pk = _family_id(row)
        row.page = {"family_id": pk, **heads[pk], "person": people.get(_person_id(row) or 0, "")}
    return rows


def _family_id(row: Any) -> int:
    return row.enrolment.family_id if isinstance(row, PayoutRecord) else row.family_id


def _person_id(row: Any) -> int | None:
    return row.enrolment.person_id if isinstance(row, PayoutRecord) else getattr(row, "person_id", None)


def people_names(people: list[int | None]) -> dict[int, str]:
    """The last name by which a release knows each person."""
    wanted = [pk for pk in people if pk]
    return FamilyMembership.objects.published().filter(person__in=wanted).names()


def of_family(family: Family) -> dict[str, Any]:
    enrolments = list(
        Enrolment.objects.filter(family=family)
        .select_related("programme")
        .prefetch_related("events")
        .order_by("programme", "-since")
    )
    flags: list[Any] = list(ExternalFlag.objects.filter(family=family).order_by("-observed_on", "-id"))
    people = people_names(
        [row.person_id for row in (*enrolments, *flags)] + [e.caretaker_id for e in enrolments]
    )
    sources = _sources([event for one in enrolments for event in one.events.all()[:1]])
    payouts = PayoutRecord.objects.filter(enrolment__in=enrolments).select_related("enrolment__programme")
    return {
        "enrolments": [
            {
                "row": one,
                "person": people.get(one.person_id or 0, ""),
                "caretaker": people.get(one.caretaker_id or 0, ""),
                "source": sources.get(one.pk, ""),
            }
            for one in enrolments
        ],
        "flags": [{"row": flag, "person": people.get(flag.person_id or 0, "")} for flag in flags],
        "payouts": list(payouts.order_by("-period", "enrolment")[:MOST_PAYOUTS]),
    }


def _sources(first_events: list[Any]) -> dict[int, str]:
    """Which list put them there, in words."""
    keys = {event.enrolment_id: event.reference.removeprefix("list:") for event in first_events}
    numbers = {int(key) for key in keys.values() if key.isdecimal()}
    named = {str(one.pk): str(one) for one in ListDelivery.objects.filter(pk__in=numbers)}
    return {enrolment: named.get(key, "") for enrolment, key in keys.items()}
