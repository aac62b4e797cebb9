"""What applying a delivery would do, in the names of the command's JSON, before anything is done."""

from __future__ import annotations

from typing import Any

from bansos.common import db
from recipients.enums import FileKind
from recipients.importing.staging import table_name
from recipients.models import CurrentRelease, RegistryRelease

Matrix = dict[tuple[int | None, int | None], int]


def family_counts(batch_id: int, rows: int, ticked: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The counts, and what the preview page shows: the decile histograms and the transition matrix.

    `rows` were in the file, `ticked` of them stand in the registry letter for letter.
    """
    staged = table_name(batch_id, FileKind.FAMILY)
    previous = CurrentRelease.get()
    refused = _refused_lines(batch_id, FileKind.FAMILY)
    moved: Matrix = {
        (before, after): count
        for before, after, count in db.fetch(
            f"SELECT before, after, count(*) FROM {staged}_match WHERE standing_id IS NOT NULL GROUP BY 1, 2"
        )
    }
    # New to us, or back after an absence.
    entered = dict(
        db.fetch(f"SELECT after, count(*) FROM {staged}_match WHERE standing_id IS NULL GROUP BY 1")
    )
    gone = dict(db.fetch(f"SELECT before, count(*) FROM {staged}_gone GROUP BY 1"))
    (new,) = db.fetch(f"SELECT count(*) FROM {staged}_match WHERE is_new")[0]
    (same,) = db.fetch(f"SELECT count(*) FROM {staged}_same")[0]
    matrix = _with_unchanged(moved, gone, previous)
    counts = {
        "rows": rows,
        "accepted": rows - refused,
        "refused": refused,
        "families_new": new,
        "families_changed": sum(moved.values()) + sum(entered.values()) - new,
        "families_unchanged": ticked + same,
        "families_missing": sum(gone.values()),
        "decile_up": sum(n for (a, b), n in matrix.items() if a and b and b > a),
        "decile_down": sum(n for (a, b), n in matrix.items() if a and b and b < a),
        "decile_same": sum(n for (a, b), n in matrix.items() if a and a == b),
        "newly_ranked": sum(n for (a, b), n in matrix.items() if b and not a)
        + sum(n for after, n in entered.items() if after),
    }
    return counts, _preview(matrix, entered, gone, previous)


def member_counts(batch_id: int, rows: int) -> dict[str, Any]:
    staged = table_name(batch_id, FileKind.MEMBER)
    ((changed, new),) = db.fetch(f"SELECT count(*), count(*) FILTER (WHERE is_new) FROM {staged}_match")
    (gone,) = db.fetch(f"SELECT count(*) FROM {staged}_gone")[0]
    return {
        "member_rows": rows,
        "members_refused": _refused_lines(batch_id, FileKind.MEMBER),
        "members_new": new,
        "members_changed": changed - new,
        "members_missing": gone,
    }


def refused_by_code(batch_id: int) -> dict[str, int]:
    query = "SELECT code, count(*) FROM recipients_importrow WHERE batch_id = %s GROUP BY 1 ORDER BY 1"
    return dict(db.fetch(query, [batch_id]))


def refusal_kinds(batch_id: int) -> list[dict[str, Any]]:
    """Kinds of error by file, the most frequent first, each with one row that shows it. Counted here once: a page
    that shows them must not count a hundred thousand rows."""
    query = """SELECT file, code, count(DISTINCT line) AS rows, min(id) FROM recipients_importrow
                WHERE batch_id = %s GROUP BY file, code ORDER BY rows DESC, file, code"""
    return [
        {"file": file, "code": code, "rows": rows, "example": example}
        for file, code, rows, example in db.fetch(query, [batch_id])
    ]


def _refused_lines(batch_id: int, kind: FileKind) -> int:
    query = "SELECT count(DISTINCT line) FROM recipients_importrow WHERE batch_id = %s AND file = %s"
    return int(db.fetch(query, [batch_id, kind])[0][0])


def _with_unchanged(moved: Matrix, gone: dict[int | None, int], previous: RegistryRelease | None) -> Matrix:
    """Add the families whose row did not change: those of the previous release that neither moved nor went."""
    matrix = dict(moved)
    for label, total in (previous.decile_counts if previous else {}).items():
        decile = int(label) or None
        moved_from = sum(count for (before, _after), count in moved.items() if before == decile)
        stayed = total - moved_from - gone.get(decile, 0)
        if stayed:
            matrix[decile, decile] = matrix.get((decile, decile), 0) + stayed
    return matrix


def _preview(
    matrix: Matrix,
    entered: dict[int | None, int],
    gone: dict[int | None, int],
    previous: RegistryRelease | None,
) -> dict[str, Any]:
    """Everything keyed by text, "0" for unranked, as JSON wants it."""
    after: dict[str, int] = {}
    for (_before, decile), count in [*matrix.items(), *(((None, d), n) for d, n in entered.items())]:
        after[str(decile or 0)] = after.get(str(decile or 0), 0) + count
    return {
        "previous": previous.label if previous else "",
        "before": previous.decile_counts if previous else {},
        "after": after,
        "matrix": {f"{a or 0}>{b or 0}": count for (a, b), count in matrix.items()},
        "entered": {str(decile or 0): count for decile, count in entered.items()},
        "gone": {str(decile or 0): count for decile, count in gone.items()},
    }
