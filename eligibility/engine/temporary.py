"""Temporary tables of one transaction, and how the planner is to look at them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bansos.common import db

# A shard is a small part of each big table, and the planner thinks of reading half an index to merge with it: look
# the shard's rows up one by one instead, so that the cost of a family does not grow with the district.
_PLANNING = (
    "SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true), "
    "set_config('enable_mergejoin', 'off', true), set_config('random_page_cost', '1', true), "
    "set_config('default_statistics_target', '1', true)"
)


def plan_for_shards() -> None:
    db.run(_PLANNING)


def empty(table: str, columns: str) -> None:
    """A fresh temporary table; dropped by hand, for one transaction may decide several shards."""
    db.run(f"DROP TABLE IF EXISTS pg_temp.{table}")
    db.run(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")


def fill(table: str, columns: str, query: str, params: Mapping[str, Any]) -> int:
    """A fresh temporary table with the rows of the query, analysed for the planner's sake; how many there are."""
    empty(table, columns)
    rows = db.run(f"INSERT INTO pg_temp.{table} {query}", dict(params))
    if rows:
        db.run(f"ANALYZE pg_temp.{table}")
    return rows
