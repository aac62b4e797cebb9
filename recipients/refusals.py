"""Kinds of error of a delivery in words, as they were counted when it was checked."""

from __future__ import annotations

from typing import Any

from recipients.enums import FileKind
from recipients.importing.issues import CODE_LABELS
from recipients.models import ImportBatch, ImportRow


def of_batch(batch: ImportBatch) -> list[dict[str, Any]]:
    """The most frequent first, each with the number of rows and one example."""
    found = batch.counts.get("refusals", [])
    examples = ImportRow.objects.defer("sealed_row").in_bulk([kind["example"] for kind in found])
    return [
        {
            "code": kind["code"],
            "label": CODE_LABELS.get(kind["code"], kind["code"]),
            "rows": kind["rows"],
            "file": FileKind(kind["file"]),
            "example": examples.get(kind["example"]),
        }
        for kind in found
    ]
