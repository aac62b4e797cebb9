"""How full each column is: one aggregate over the staged rows, so that the reading pass counts nothing for it."""

from __future__ import annotations

from typing import Any

from bansos.common import db
from recipients.enums import FileKind
from recipients.importing import layouts
from recipients.importing.staging import table_name

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
    """By file: the rows that were read anew and are used, how many of them fill each column, and how many rows
    were refused for it. Rows that stand letter for letter were good when they came and are not read again."""
    return {kind.value: {**_filled(batch_id, kind), "refused": _refused(batch_id, kind)} for kind in kinds}


def _filled(batch_id: int, kind: FileKind) -> dict[str, Any]:
    fields = HEADERS[kind]
    counted = (f"NULLIF({field}, '')" if field in _TEXTS else field for field in fields.values())
    ((rows, *filled),) = db.fetch(
        f"SELECT count(*), {', '.join(f'count({value})' for value in counted)} "
        f"FROM {table_name(batch_id, kind)} WHERE NOT is_held"
    )
    return {"rows": rows, "filled": dict(zip(fields, filled, strict=True))}


def _refused(batch_id: int, kind: FileKind) -> dict[str, int]:
    query = """SELECT "column", count(DISTINCT line) FROM recipients_importrow
                WHERE batch_id = %s AND file = %s AND "column" <> '' GROUP BY 1 ORDER BY 1"""
    return dict(db.fetch(query, [batch_id, kind]))
