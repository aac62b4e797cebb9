"""The registry as it would stand after a previewed delivery, for the families it touches; nothing real is written.

`show_as_applied` makes temporary copies of the touched rows and applies the delivery to them with the statements of
apply.py. The copies bear the names of the real tables, and Postgres looks among temporary tables first: until
`show_as_is`, whatever reads snapshots or memberships in this transaction reads the registry of tomorrow.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bansos.common import db
from recipients.enums import FileKind
from recipients.importing import apply
from recipients.importing.staging import table_name
from recipients.models import ImportBatch

COMES, GOES = "COMES", "GOES"
_SNAPSHOTS, _MEMBERSHIPS = "recipients_welfaresnapshot", "recipients_familymembership"


@dataclass(frozen=True)
class Foreseen:
    """A family as the delivery has it."""

    family_id: int
    village_id: int
    head_name: str
    decile: int | None


def foreseen(
    batch: ImportBatch,
    comes_or_goes: str,
    *,
    villages: Collection[int] | None = None,
    families: Collection[int] | None = None,
    start: int = 0,
    most: int | None = None,
) -> list[Foreseen]:
    """The families that the delivery would bring, or no longer names, in the order of their villages."""
    query, params = _listed(batch, comes_or_goes, villages, families)
    rows = db.fetch(
        f"SELECT * FROM ({query}) f ORDER BY village_id, head_name, family_id OFFSET %(start)s LIMIT %(most)s",
        params | {"start": start, "most": most},
    )
    return [Foreseen(*row) for row in rows]


def count_foreseen(batch: ImportBatch, comes_or_goes: str, *, villages: Collection[int]) -> int:
    query, params = _listed(batch, comes_or_goes, villages, None)
    ((count,),) = db.fetch(f"SELECT count(*) FROM ({query}) f", params)
    return int(count)


def _listed(
    batch: ImportBatch,
    comes_or_goes: str,
    villages: Collection[int] | None,
    families: Collection[int] | None,
) -> tuple[str, dict[str, Any]]:
    staged = table_name(batch.pk, FileKind.FAMILY)
    source = {
        COMES: "SELECT m.family_id, m.village_id, s.head_name, s.decile "
        f"FROM {staged}_match m JOIN {staged} s USING (line) WHERE m.is_new",
        GOES: "SELECT g.family_id, g.village_id, w.head_name, g.before AS decile "
        f"FROM {staged}_gone g JOIN {_SNAPSHOTS} w ON w.id = g.standing_id",
    }[comes_or_goes]
    asked = {"village_id": villages, "family_id": families}
    narrowed = {name: list(keys) for name, keys in asked.items() if keys is not None}
    tests = [f"{name} = ANY(%({name})s)" for name in narrowed]
    return f"SELECT * FROM ({source}) l WHERE {' AND '.join(tests) or 'true'}", narrowed


def list_touched(batch: ImportBatch) -> None:
    """Make the list `touched`: family, the village it would live in, whether it is new to the registry.

    A person who comes back touches the last family as well: there stands the decision that would be replaced.
    """
    families, members = (table_name(batch.pk, kind) for kind in (FileKind.FAMILY, FileKind.MEMBER))
    touched = apply.touched_families(batch)
    if batch.member_sha256:
        touched += (
            f" UNION SELECT w.family_id FROM {members}_match m JOIN {_MEMBERSHIPS} w ON w.person_id = m.person_id "
            "WHERE m.standing_id IS NULL AND NOT m.is_new"
        )
    db.run("DROP TABLE IF EXISTS pg_temp.touched")
    db.run(
        f"""CREATE TEMPORARY TABLE touched ON COMMIT DROP AS
            SELECT t.family_id, COALESCE(m.village_id, f.village_id) AS village_id, f.id IS NULL AS is_new
              FROM ({touched}) t LEFT JOIN {families}_match m ON m.family_id = t.family_id
              LEFT JOIN recipients_family f ON f.id = t.family_id"""
    )
    db.run("ANALYZE pg_temp.touched")


def show_as_applied(batch: ImportBatch, release_id: int) -> None:
    """After `list_touched`; `release_id` is the one the delivery would get, or any number above all others."""
    families, members = (table_name(batch.pk, kind) for kind in (FileKind.FAMILY, FileKind.MEMBER))
    copy = _copy(_SNAPSHOTS, "family_id IN (SELECT family_id FROM touched)")
    apply.close(copy, families, release_id)
    apply.begin_snapshots(copy, families, release_id)
    _show(copy, _SNAPSHOTS, "family_id")
    if batch.member_sha256:
        copy = _copy(
            _MEMBERSHIPS,
            f"""person_id IN (SELECT person_id FROM {_MEMBERSHIPS} JOIN touched USING (family_id)
                              UNION SELECT person_id FROM {members}_match)""",
        )
        apply.close(copy, members, release_id)
        apply.begin_memberships(copy, members, release_id)
        _show(copy, _MEMBERSHIPS, "family_id", "person_id")


def show_as_is() -> None:
    """The real registry again."""
    for table in (_SNAPSHOTS, _MEMBERSHIPS):
        db.run(f"DROP TABLE IF EXISTS pg_temp.{table}")


def _copy(table: str, condition: str) -> str:
    copy = f"{table}_foreseen"
    db.run(f"CREATE TEMPORARY TABLE {copy} (LIKE {table} INCLUDING IDENTITY) ON COMMIT DROP")
    db.run(f"INSERT INTO {copy} SELECT * FROM {table} WHERE {condition}")
    return copy


def _show(copy: str, table: str, *keys: str) -> None:
    for key in keys:
        db.run(f"CREATE INDEX ON {copy} ({key})")
    db.run(f"ANALYZE {copy}")
    db.run(f"ALTER TABLE {copy} RENAME TO {table}")
