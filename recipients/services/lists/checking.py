"""Every row staged and matched, and what applying would do counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from bansos.common import db, jobs
from recipients.enums import ListState
from recipients.importing import storage
from recipients.importing.lists import match, plan, staging
from recipients.importing.lists.kinds import KINDS
from recipients.importing.readers import FileRefused
from recipients.models import CurrentRelease, ListDelivery
from recipients.services.batches import REGISTRY
from recipients.services.lists.steps import ListRefused, hold, move, refuse_list, took


def check_list(delivery: ListDelivery, *, lease: jobs.Lease, clock: Callable[[], datetime]) -> None:
    """MAPPED -> PREVIEWED: stage every row, find whom it speaks of, count what applying would do."""
    started = clock()
    try:
        with lease.completing():
            if not hold(delivery, ListState.MAPPED):
                return
            db.share_until_commit(REGISTRY)
            _check(delivery, lease)
            if not delivery.counts["used"] and not delivery.counts["work"]:
                raise ListRefused(
                    _("Tidak ada satu baris pun yang bisa dipakai. Lihat sebabnya di baris ditolak.")
                )
            took(delivery, "check", clock() - started)
            move(delivery, ListState.MAPPED, ListState.PREVIEWED, ["counts", "preview", "stage_seconds"])
    except (FileRefused, ListRefused) as refusal:
        refuse_list(delivery, str(refusal))


def _check(delivery: ListDelivery, lease: jobs.Lease) -> None:
    staging.drop_tables(delivery.pk)
    delivery.rows.all().delete()
    assert delivery.mapping is not None
    with storage.open_stored(delivery.stored) as file:
        stager = staging.ListStager(delivery, file, delivery.mapping.columns)
        rows = stager.run(lambda done: lease.report(rows=done))
    if KINDS[delivery.kind].needs_number:
        match.match_rows(delivery)
    plan.settle(delivery)
    actions = plan.make(delivery)
    delivery.counts = {
        **plan.row_counts(delivery, rows),
        "actions": actions,
        "by_code": plan.by_code(delivery),
        "read_against": CurrentRelease.label(),
        "all_sheets": delivery.counts.get("all_sheets", []),
        "notes": stager.notes.as_json(),
        "file": {"format": stager.notes.format, "sheets": stager.sheets, "rows": rows},
    }
    delivery.preview = plan.breakdown(delivery)
