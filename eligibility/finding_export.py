"""Findings as rows of a file: what is handed to the centre or carried to a meeting. No identity numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from eligibility import reasons
from eligibility.models import Finding
from recipients.addressing import STAFF
from recipients.family_page import head_name_of
from recipients.receiving_page import people_names

HEADER = (
    "temuan_no", "temuan", "keluarga_no", "kepala_keluarga", "orang", "kecamatan", "desa_kelurahan", "program",
    "milik_pusat", "sebab", "keadaan", "hasil", "ditemukan", "diputus",
)  # fmt: skip
AT_ONCE = 2000


def rows(findings: Any) -> Iterator[tuple[Any, ...]]:
    """Two thousand at a time, with their names and reasons."""
    named = findings.annotate(head=head_name_of("family_id")).order_by("pk")
    named = named.select_related("programme", "family__village__parent")
    waiting = named.iterator(chunk_size=AT_ONCE)
    while part := list(islice(waiting, AT_ONCE)):
        said = reasons.of_findings(part, reader=STAFF)
        people = people_names([row.person_id for row in part])
        for row in part:
            yield _cells(row, " ".join(said.get(row.pk, [])), people.get(row.person_id or 0, ""))


def _cells(row: Finding, why: str, person: str) -> tuple[Any, ...]:
    village = row.family.village
    return (
        row.pk,
        row.get_kind_display(),
        row.family_id,
        row.head,  # type: ignore[attr-defined]
        person,
        village.parent.name if village.parent else "",
        village.name,
        row.programme.name if row.programme else "",
        ("tidak" if row.programme.is_local else "ya") if row.programme else "",
        why,
        row.get_state_display(),
        row.get_outcome_display(),
        f"{row.found_at:%Y-%m-%d}",
        f"{row.settled_at:%Y-%m-%d}" if row.settled_at else "",
    )
