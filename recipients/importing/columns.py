"""How full each column is: two aggregates a file, so that the reading pass counts nothing for it."""

from __future__ import annotations

from typing import Any

from bansos.common import db
from recipients.enums import FileKind
from recipients.importing import layouts
from recipients.importing.staging import INTERVALS, table_name

_FAMILY = {
    layouts.HEAD_NAME: "head_name",
    layouts.ADDRESS: "address",
    layouts.VILLAGE_NAME: "village_id",
    **{column.header: column.field for column in layouts.FAMILY_CODED},
}
_MEMBER = {
    layouts.MEMBER_NAME: "name",
    layouts.SEX: "sex",
    layouts.BIRTH_DATE: "birth_date",
    **{column.header: column.field for column in layouts.MEMBER_CODED},
}
HEADERS = {FileKind.FAMILY: _FAMILY, FileKind.MEMBER: _MEMBER}
_TEXTS = ("head_name", "address", "name")  # a blank text is staged as a blank, not as NULL


def of_files(batch_id: int, kinds: list[FileKind]) -> dict[str, Any]:
    """By file: the rows that are used, how many of them fill each column, and how many rows were refused for it."""
    return {kind.value: {**_filled(batch_id, kind), "refused": _refused(batch_id, kind)} for kind in kinds}


def _filled(batch_id: int, kind: FileKind) -> dict[str, Any]:
    """Over the rows that were read, and over those that stand letter for letter and were only ticked off."""
    fields, staged = HEADERS[kind], table_name(batch_id, kind)
    counted = ", ".join(
        f"count(NULLIF({field}, ''))" if field in _TEXTS else f"count({field})" for field in fields.values()
    )
    read = db.fetch(f"SELECT count(*), {counted} FROM {staged} WHERE NOT is_held")[0]
    ticked = db.fetch(
        f"SELECT count(*), {counted} FROM {INTERVALS[kind]} w WHERE until_release_id IS NULL "
        f"AND NOT EXISTS (SELECT FROM {staged}_unseen u WHERE u.row_key = w.row_key)"
    )[0]
    rows, *filled = map(sum, zip(read, ticked, strict=True))
    return {"rows": rows, "filled": dict(zip(fields, filled, strict=True))}


def _refused(batch_id: int, kind: FileKind) -> dict[str, int]:
    query = """SELECT "column", count(DISTINCT line) FROM recipients_importrow
                WHERE batch_id = %s AND file = %s AND "column" <> '' GROUP BY 1 ORDER BY 1"""
    return dict(db.fetch(query, [batch_id, kind]))
