"""Small deliveries in the centre's layouts, written for one test."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from bansos.common import jobs
from recipients import services
from recipients.enums import BatchState
from recipients.importing import layouts, storage
from recipients.models import ImportBatch
from tests.factories.registry import make_card_no, make_nik

CODES = {column.header: str(max(column.low, 1)) for column in layouts.FAMILY_CODED}


def family_row(**cells: str) -> dict[str, str]:
    row = dict.fromkeys(layouts.FAMILY_HEADERS, "") | CODES
    row |= {
        layouts.CARD_NO: make_card_no(),
        layouts.HEAD_NAME: "AMAQ SAHRUN",
        layouts.ADDRESS: "DUSUN MONTONG RT 003",
        layouts.VILLAGE_NAME: "KESIK",
        layouts.SUBDISTRICT_NAME: "MASBAGIK",
    }
    return row | cells


def member_row(card_no: str, **cells: str) -> dict[str, str]:
    row = dict.fromkeys(layouts.MEMBER_HEADERS, "")
    row |= {
        layouts.NIK: make_nik(date(1980, 5, 12)),
        layouts.CARD_NO: card_no,
        layouts.MEMBER_NAME: "INAQ SAHRUN",
        layouts.SEX: "2",
        layouts.BIRTH_DATE: "1980-05-12",
        "status_hubungan_keluarga": "1",
    }
    return row | cells


def as_csv(rows: list[dict[str, str]], headers: tuple[str, ...] = (), delimiter: str = ",") -> bytes:
    headers = headers or (layouts.MEMBER_HEADERS if layouts.NIK in rows[0] else layouts.FAMILY_HEADERS)
    text = io.StringIO()
    writer = csv.DictWriter(text, headers, lineterminator="\n", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def people() -> tuple[Any, Any]:
    create = get_user_model().objects.get_or_create
    return create(username="pengunggah")[0], create(username="penyetuju")[0]


def upload(name: str, data: bytes) -> storage.Stored:
    return storage.store(name, [data])


def receive(
    family: bytes,
    member: bytes | None = None,
    *,
    label: str = "2026-Q1",
    as_of: date = date(2026, 1, 23),
    **more: Any,
) -> ImportBatch:
    """As far as the preview (or the refusal)."""
    batch = services.receive_file(
        family=upload("keluarga.csv", family),
        member=upload("anggota.csv", member) if member else None,
        label=label,
        as_of=as_of,
        by=people()[0],
        today=date(2026, 12, 31),
        **more,
    )
    jobs.work_until(_reached(batch, BatchState.PREVIEWED), wait_s=60)
    return batch


def deliver(family: bytes, member: bytes | None = None, **release: Any) -> ImportBatch:
    """All the way into the registry."""
    batch = receive(family, member, **release)
    assert batch.state == BatchState.PREVIEWED, batch.refusal
    for guard in batch.guards.unanswered():
        services.answer_guard(
            guard=guard, by=people()[1], why="Dicek dengan surat pengantar", now=timezone.now()
        )
    services.approve_import(batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True)
    jobs.work_until(_reached(batch, BatchState.APPLIED), wait_s=60)
    return batch


def _reached(batch: ImportBatch, state: BatchState) -> Callable[[], bool]:
    def is_reached() -> bool:
        batch.refresh_from_db()
        return batch.state in (state, BatchState.DECIDED, BatchState.REFUSED)

    return is_reached
