"""BPS's codes of our regions: one code a region, of the length of its level."""

from __future__ import annotations

from bansos.common import db
from recipients.importing.lists.staging import refuse_lines, table_name
from recipients.models import ListDelivery

GROUP = "t.level"
_LENGTHS = "CASE r.level WHEN 'VILLAGE' THEN 10 WHEN 'SUBDISTRICT' THEN 7 ELSE 4 END"


def settle(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    regions = "recipients_region r ON r.code = s.region_code"
    refuse_lines(
        delivery, "REGION_UNKNOWN", f"SELECT s.line FROM {table} s LEFT JOIN {regions} WHERE r.id IS NULL"
    )
    refuse_lines(
        delivery,
        "BPS_CODE",
        f"SELECT s.line FROM {table} s JOIN {regions} WHERE length(s.bps_code) <> {_LENGTHS}",
    )
    again = f"""SELECT line FROM (SELECT line, row_number() OVER
                (PARTITION BY region_code, bps_code ORDER BY line) AS nth FROM {table}
                               WHERE NOT is_held) x WHERE nth > 1"""
    refuse_lines(delivery, "DUPLICATE_ROW", again)
    taken = f"""SELECT s.line FROM {table} s LEFT JOIN recipients_region o ON o.bps_code = s.bps_code
                 WHERE NOT s.is_held AND (o.code <> s.region_code
                    OR s.bps_code IN (SELECT bps_code FROM {table} WHERE NOT is_held GROUP BY 1 HAVING count(*) > 1)
                    OR s.region_code IN (SELECT region_code FROM {table} WHERE NOT is_held GROUP BY 1
                                         HAVING count(*) > 1))"""
    refuse_lines(delivery, "BPS_CODE_TAKEN", taken)


def make(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    db.run(
        f"""CREATE TABLE {table}_plan AS
            SELECT s.line, r.id AS region_id, r.level, s.bps_code, NULL::bigint AS family_id,
                   CASE WHEN r.bps_code IS NULL THEN 'NEW' WHEN r.bps_code <> s.bps_code THEN 'CHANGED'
                        ELSE 'SAME' END AS action
              FROM {table} s JOIN recipients_region r ON r.code = s.region_code WHERE NOT s.is_held"""
    )


def write(delivery: ListDelivery, by_id: int) -> int:
    return db.run(
        f"""UPDATE recipients_region r SET bps_code = t.bps_code FROM {table_name(delivery.pk)}_plan t
             WHERE t.action IN ('NEW', 'CHANGED') AND r.id = t.region_id"""
    )
