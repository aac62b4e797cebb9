"""Small lists written for one test, and their way through the real stages."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.utils import timezone

from bansos.common import jobs
from recipients.enums import ListState
from recipients.importing import storage
from recipients.models import ListDelivery
from recipients.services import lists
from tests.recipients.deliveries import people

AS_OF = date(2026, 2, 1)


def as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def receive(
    kind: str, rows: list[dict[str, str]] | bytes, *, source: str = "Kemensos", **more: Any
) -> ListDelivery:
    data = rows if isinstance(rows, bytes) else as_csv(rows)
    delivery = lists.receive_list(
        kind=kind,
        stored=storage.store("daftar.csv", [data]),
        source=source,
        as_of=more.pop("as_of", AS_OF),
        by=people()[0],
        today=date(2026, 12, 31),
        **more,
    )
    follow(delivery, ListState.MAPPING, ListState.PREVIEWED)
    return delivery


def check(kind: str, rows: list[dict[str, str]] | bytes, **more: Any) -> ListDelivery:
    """As far as the preview; a file of a new source is mapped as suggested."""
    delivery = receive(kind, rows, **more)
    if delivery.state == ListState.MAPPING:
        columns = {name: one.header for name, one in lists.suggestions(delivery).items()}
        lists.map_list(delivery=delivery, columns=columns, fixed=delivery.fixed, by=people()[0])
        follow(delivery, ListState.PREVIEWED)
    return delivery


def deliver(kind: str, rows: list[dict[str, str]] | bytes, **more: Any) -> ListDelivery:
    delivery = check(kind, rows, **more)
    assert delivery.state == ListState.PREVIEWED, delivery.refusal
    lists.approve_list(delivery=delivery, by=people()[1], now=timezone.now(), accepts_gone=True)
    follow(delivery, ListState.APPLIED)
    return delivery


def follow(delivery: ListDelivery, *goal: ListState) -> None:
    def is_reached() -> bool:
        delivery.refresh_from_db()
        return delivery.state in {*goal, ListState.REFUSED}

    jobs.work_until(is_reached, wait_s=60)


def codes(delivery: ListDelivery) -> dict[int, str]:
    return dict(delivery.rows.values_list("line", "code"))
