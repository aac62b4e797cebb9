"""What worklists hold whatever happened before: the same as made from nothing, less what people closed."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from bansos.common import db
from eligibility.engine.finding_kinds import KINDS
from eligibility.engine.findings import Found, find
from eligibility.models import Finding, FindingState
from recipients.models import CurrentRelease


def find_all(day: date) -> list[Found]:
    release = CurrentRelease.get()
    return [
        find(kind, as_of=day, release_id=release.pk if release else 0, run_id=None) for kind in KINDS.values()
    ]


def check(day: date) -> None:
    find_all(day)
    assert all((found.opened, found.changed, found.resolved) == (0, 0, 0) for found in find_all(day))
    closed = _rows(Finding.objects.filter(state=FindingState.DISMISSED))
    kept = _rows(Finding.objects.waiting())
    point = transaction.savepoint()
    db.run("SET CONSTRAINTS ALL IMMEDIATE")
    db.run("TRUNCATE eligibility_finding CASCADE")
    find_all(day)
    assert kept == _rows(Finding.objects.waiting()) - closed
    transaction.savepoint_rollback(point)


def _rows(findings) -> set[tuple[str, str, str]]:
    return set(findings.values_list("kind", "subject_key", "digest"))
