"""What the page of a delivery or of a list tells of a file: what it is, and in words what was met on the way."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bansos.common import ids
from recipients.importing.readers.notes import Note, from_json

SHEETS_TOLD = 12
SAID_APART = {"DELIMITER", "UTF16"}  # notes that stand in the list of facts


def recognised(
    label: Any, name: str, facts: dict[str, Any], kept_notes: list[dict[str, Any]]
) -> dict[str, Any]:
    """For components of the pages; `facts` are format, sheets and rows as they were counted."""
    notes = from_json(kept_notes)
    return {
        "label": label,
        "name": name,
        "facts": _facts(facts, {note.code: note for note in notes}),
        "told": [ids.scrub(note.message()) for note in notes if note.code not in SAID_APART],
    }


def workbook(kind: str, name: str, sheets: list[dict[str, Any]]) -> dict[str, Any]:
    """A file of several sheets, for choosing among them (admin/recipients/sheets.html)."""
    return {
        "kind": kind,
        "name": name,
        "sheets": sheets,
        "taken": sum(sheet["is_taken"] for sheet in sheets),
        "is_short": len(sheets) <= SHEETS_TOLD,
    }


def _facts(facts: dict[str, Any], notes: dict[str, Note]) -> list[tuple[str, Any]]:
    told: list[tuple[str, Any]] = [(_("Jenis"), facts["format"])]
    if "DELIMITER" in notes:
        marks = dict.fromkeys(notes["DELIMITER"].text.split(", "))
        told += [(_("Huruf"), _encoding(notes)), (_("Pemisah kolom"), ", ".join(marks))]
    else:
        sheets = facts["sheets"]
        more = _(" dan %d lembar lain") % (len(sheets) - SHEETS_TOLD) if len(sheets) > SHEETS_TOLD else ""
        told.append((_("Lembar"), ", ".join(sheets[:SHEETS_TOLD]) + more))
    told.append((_("Baris data"), facts["rows"]))
    if facts.get("unchanged"):
        told.append((_("Sama persis dengan rilis sekarang"), facts["unchanged"]))
    return told


def _encoding(notes: dict[str, Note]) -> str:
    if "UTF16" in notes:
        return "UTF-16"
    return _("UTF-8, sebagian Windows-1252") if "ENCODING" in notes else "UTF-8"
