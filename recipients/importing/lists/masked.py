"""Rows whose NIK is masked (`520307******0001`): matched only when one person of that village fits mask and name.

The registry keeps no NIK in plain, so the NIKs of the villages in question are opened one by one as they stream past
and thrown away at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bansos.common import db, vault
from recipients.importing.lists import names
from recipients.importing.lists.staging import keep_for_work, table_name
from recipients.models import FamilyMembership, ListDelivery

Wanted = dict[tuple[int, str], list[tuple[int, str]]]  # village, mask -> lines and names
Found = dict[int, set[tuple[int, int]]]  # line -> persons and families


def match_masked(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    only_masked = f"SELECT line FROM {table} WHERE nik_index IS NULL AND mask IS NOT NULL"
    keep_for_work(delivery, "MASK_NEEDS_PLACE", f"{only_masked} AND (name IS NULL OR village_id IS NULL)")
    wanted: Wanted = defaultdict(list)
    for line, village, mask, name in db.fetch(
        f"SELECT line, village_id, mask, name FROM {table} WHERE line IN ({only_masked}) AND NOT is_held"
    ):
        wanted[village, mask].append((line, name))
    if not wanted:
        return
    found = _search(wanted)
    _write(table, found)
    several = ", ".join(str(line) for line, people in found.items() if len(people) > 1)
    if several:
        keep_for_work(delivery, "MASK_AMBIGUOUS", several)
    keep_for_work(
        delivery,
        "MASK_NOT_FOUND",
        f"{only_masked} AND line IN (SELECT line FROM {table}_match WHERE family_id IS NULL)",
    )


def _search(wanted: Wanted) -> Found:
    found: Found = defaultdict(set)
    for village, person, family, known, mask in _people({village for village, _mask in wanted}):
        for line, name in wanted.get((village, mask), ()):
            if names.is_same(name, known):
                found[line].add((person, family))
    return found


def _people(villages: set[int]) -> Iterator[tuple[int, int, int, str, str]]:
    rows = (
        FamilyMembership.objects.standing()
        .filter(family__village__in=villages)
        .values_list(
            "family__village", "person", "family", "name", "person__nik__sealed", "person__nik__index"
        )
    )
    for village, person, family, name, sealed, index in rows.iterator(chunk_size=5000):
        if sealed is not None:
            nik = vault.decrypt(vault.NIK, sealed, index)
            yield village, person, family, name, nik[:6] + nik[-4:]


def _write(table: str, found: Found) -> None:
    unique = [(line, *next(iter(people))) for line, people in found.items() if len(people) == 1]
    if not unique:
        return
    db.run(f"CREATE TABLE {table}_name (line integer, person_id bigint, family_id bigint)")
    pieces = iter(["".join(f"{line},{person},{family}\n" for line, person, family in unique)])
    db.copy_stream(f"{table}_name", ["line", "person_id", "family_id"], pieces)
    db.run(
        f"""UPDATE {table}_match m SET person_id = a.person_id, family_id = a.family_id, is_assisted = true
              FROM {table}_name a WHERE a.line = m.line"""
    )
    db.run(f"DROP TABLE {table}_name")
