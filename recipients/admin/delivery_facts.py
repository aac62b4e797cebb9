"""What the page of a delivery tells of its files: what they are, what was left out, and how good the rows are."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from recipients import file_facts
from recipients.enums import FileKind
from recipients.models import ImportBatch

THINNEST = 1  # percent of a bar's width: one refused row in a million is still to be seen
_RELEASE = re.compile(r"(20[0-9]{2})[^0-9]{0,3}(?:q|tw|triwulan|kuartal)[^0-9]?([1-4])", re.IGNORECASE)


def recognised(batch: ImportBatch) -> list[dict[str, Any]]:
    notes = batch.counts.get("notes", {})
    return [
        file_facts.recognised(
            FileKind(kind).label, batch.file_of(FileKind(kind))[1], facts, notes.get(kind, [])
        )
        for kind, facts in batch.counts.get("files", {}).items()
    ]


def workbooks(batch: ImportBatch) -> list[dict[str, Any]]:
    """Those files that have several sheets."""
    return [
        file_facts.workbook(kind, batch.file_of(FileKind(kind))[1], sheets)
        for kind, facts in batch.counts.get("files", {}).items()
        if (sheets := facts.get("all_sheets"))
    ]


def release_in_name(batch: ImportBatch) -> str:
    """The release that the file's name speaks of, when it is not the one that was given."""
    named = _RELEASE.search(batch.family_file_name)
    label = f"{named[1]}-Q{named[2]}" if named else ""
    return label if label != batch.release_label else ""


def quality(batch: ImportBatch) -> list[dict[str, Any]]:
    """By file: one bar of rows used, used with a warning and refused; and its columns."""
    counts = batch.counts
    refused = {FileKind.FAMILY: counts.get("refused", 0), FileKind.MEMBER: counts.get("members_refused", 0)}
    return [
        {
            "label": FileKind(kind).label,
            **_bar(facts["rows"], facts["warned"], refused[FileKind(kind)]),
            **_columns(batch.preview.get("columns", {}).get(kind)),
        }
        for kind, facts in counts.get("files", {}).items()
        if facts["rows"]
    ]


def _bar(rows: int, warned: int, refused: int) -> dict[str, Any]:
    refused = min(refused, rows)
    warned = min(warned, rows - refused)
    parts = [
        (_("dipakai"), "good", rows - refused - warned),
        (_("dengan peringatan"), "odd", warned),
        (_("ditolak"), "bad", refused),
    ]
    widths = [max(THINNEST, 100 * count / rows) if count else 0 for _label, _mark, count in parts]
    scale, at, marks = 100 / sum(widths), 0.0, []
    for (label, mark, count), width in zip(parts, widths, strict=True):
        drawn = width * scale
        marks.append({"label": label, "mark": mark, "count": count, "share": 100 * count / rows,
                      "at": round(at, 2), "width": round(drawn, 2)})  # fmt: skip
        at += drawn
    return {"rows": rows, "marks": marks}


def _columns(kept: dict[str, Any] | None) -> dict[str, Any]:
    """Columns with refused values or blanks, the worst first; of those that are whole only the names are told."""
    if not kept or not (kept["rows"] or kept["refused"]):
        return {"read": 0, "count": 0}
    read = kept["rows"]
    known = list(kept["filled"])
    others = [header for header in kept["refused"] if header not in known]
    shown = [
        {
            "name": header.replace("_", " "),
            "filled": round(100 * kept["filled"].get(header, read) / read) if read else 0,
            "refused": kept["refused"].get(header, 0),
        }
        for header in [*others, *known]
    ]
    shown.sort(key=lambda column: (-column["refused"], column["filled"]))
    whole = [column["name"] for column in shown if column["filled"] == 100 and not column["refused"]]
    return {
        "read": read,
        "count": len(shown),
        "columns": [column for column in shown if column["name"] not in whole],
        "whole": whole,
    }
