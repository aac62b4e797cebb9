"""What about a whole delivery looks wrong: asked once the preview is counted, in numbers, before anybody approves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bansos.common import db
from recipients.enums import FileKind, GuardCode, Limit
from recipients.importing import codebooks
from recipients.importing.layouts import FAMILY_CODED
from recipients.importing.staging import table_name
from recipients.models import CurrentRelease, ImportBatch

# Of fewer, shares say nothing.
ROUNDED_FROM = 20  # number cells
BACK_FROM = 20  # families whose decile moved
ENOUGH = 50  # families before
NAMES_TOLD = 10

_WRITTEN = "COALESCE((written_codes ->> '{0}')::int, {0})"  # in the file's own book

Guard = tuple[GuardCode, dict[str, Any]]
Limits = dict[str, int]  # by Limit: what the office tolerates


def met(batch: ImportBatch, staged: dict[str, dict[str, Any]]) -> list[Guard]:
    """The guards that this delivery meets; `staged` are the tallies of its files."""
    limits = batch.preview["limits"]
    guards = [*_of_numbers(staged, limits), *_of_codes(batch)]
    before = {int(decile): count for decile, count in batch.preview["before"].items()}
    if not before:
        return guards  # the first release has nothing to be compared with
    return [
        *guards,
        *_of_content(batch, limits),
        *_of_families(batch, sum(before.values()), limits),
        *_of_deciles(batch, before, limits),
    ]


def _of_numbers(staged: dict[str, dict[str, Any]], limits: Limits) -> Iterator[Guard]:
    cells = sum(tally.get("number_cells", 0) for tally in staged.values())
    rounded = sum(tally.get("rounded_cells", 0) for tally in staged.values())
    if cells >= ROUNDED_FROM and 100 * rounded >= limits[Limit.ROUNDED_SHARE] * cells:
        yield GuardCode.NUMBERS_ROUNDED, {"share": round(100 * rounded / cells), "count": cells}
    swapped = sum(tally.get("swapped", 0) for tally in staged.values())
    if swapped >= limits[Limit.SWAPPED_FROM]:
        yield GuardCode.NUMBERS_SWAPPED, {"count": swapped}


def _of_codes(batch: ImportBatch) -> Iterator[Guard]:
    """A number that the delivery's book does not have, and another has, in the rows read anew: one is enough to ask."""
    headers = {column.field: column.header for column in FAMILY_CODED}
    for field, code in codebooks.book(batch.code_book).absent():
        ((count,),) = db.fetch(
            f"SELECT count(*) FROM {table_name(batch.pk, FileKind.FAMILY)} WHERE {_WRITTEN.format(field)} = %s",
            [code],
        )
        if count:
            column = headers[field].replace("_", " ").capitalize()
            book = batch.code_book
            yield GuardCode.OTHER_CODE_BOOK, {"column": column, "code": code, "count": count, "book": book}
            return


def _of_content(batch: ImportBatch, limits: Limits) -> Iterator[Guard]:
    """The same content under another name: no digest is needed, for nothing would change."""
    counts, release = batch.counts, batch.preview["previous"]
    changes = ("families_new", "families_changed", "families_missing", "members_new", "members_changed",
               "members_missing", "refused", "members_refused")  # fmt: skip
    if not any(counts.get(name) for name in changes):
        yield GuardCode.NOTHING_NEW, {"release": release}
    moved, back = _moved_back(batch)
    if moved >= BACK_FROM and 100 * back >= limits[Limit.BACK_SHARE] * moved:
        yield GuardCode.OLD_CONTENT, {"share": round(100 * back / moved), "release": release}


def _moved_back(batch: ImportBatch) -> tuple[int, int]:
    """Of the families whose decile moved at the published release and moves now: all, and those that go back."""
    current = CurrentRelease.get()
    if current is None:
        return 0, 0
    staged = table_name(batch.pk, FileKind.FAMILY)
    ((moved, back),) = db.fetch(
        f"""SELECT count(*), count(*) FILTER (WHERE c.before = m.after)
              FROM {staged}_match m JOIN recipients_decilechange c ON c.family_id = m.family_id AND c.release_id = %s
             WHERE m.before <> m.after""",
        [current.pk],
    )
    return moved, back


def _of_families(batch: ImportBatch, total: int, limits: Limits) -> Iterator[Guard]:
    missing, new = batch.counts["families_missing"], batch.counts["families_new"]
    if 100 * missing >= limits[Limit.MISSING_SHARE] * total:
        yield (
            GuardCode.FAMILIES_MISSING,
            {"count": missing, "total": total, "share": round(100 * missing / total)},
        )
    if total >= ENOUGH and 100 * new >= limits[Limit.NEW_SHARE] * total:
        yield GuardCode.FAMILIES_MANY, {"count": new, "total": total, "share": round(100 * new / total)}
    if names := _villages_without_a_row(batch, limits[Limit.VILLAGE_FROM]):
        told = ", ".join(names[:NAMES_TOLD]) + (", ..." if len(names) > NAMES_TOLD else "")
        yield GuardCode.VILLAGES_MISSING, {"count": len(names), "names": told}


def _villages_without_a_row(batch: ImportBatch, least: int) -> list[str]:
    """Villages of which every standing family would go, and none comes."""
    staged = table_name(batch.pk, FileKind.FAMILY)
    found = db.fetch(
        f"""SELECT v.name FROM (SELECT village_id, count(*) AS n FROM {staged}_gone GROUP BY 1) g
              JOIN recipients_region v ON v.id = g.village_id
             WHERE g.n >= %s AND g.n = (SELECT count(*) FROM recipients_welfaresnapshot w
                           WHERE w.village_id = g.village_id AND w.until_release_id IS NULL)
               AND NOT EXISTS (SELECT FROM {staged}_match m WHERE m.village_id = g.village_id) ORDER BY v.name""",
        [least],
    )
    return [name for (name,) in found]


def _of_deciles(batch: ImportBatch, before: dict[int, int], limits: Limits) -> Iterator[Guard]:
    counts = batch.counts
    moved = counts["decile_up"] + counts["decile_down"]
    stayed = moved + counts["decile_same"]
    if stayed >= ENOUGH and 100 * moved >= limits[Limit.MOVED_SHARE] * stayed:
        yield GuardCode.DECILES_MOVED, {"share": round(100 * moved / stayed)}
    after = {int(decile): count for decile, count in batch.preview["after"].items()}
    differing = max(
        ((abs(_share(after, decile) - _share(before, decile)), decile) for decile in range(1, 11)),
        default=(0, 0),
    )
    if (
        min(sum(before.values()), sum(after.values())) >= ENOUGH
        and differing[0] >= limits[Limit.DECILE_POINTS]
    ):
        decile = differing[1]
        shares = {"after": round(_share(after, decile)), "before": round(_share(before, decile))}
        yield GuardCode.DECILE_SHARES, {"decile": decile, **shares}


def _share(counts: dict[int, int], decile: int) -> float:
    """Percent of the ranked families."""
    ranked = sum(count for one, count in counts.items() if one)
    return 100 * counts.get(decile, 0) / ranked if ranked else 0
