"""Which person and family each staged row speaks of. A row that finds nobody, or more than one, is left for a person.

The NIK decides; the card number only where no NIK is written, because card numbers change (domain.md 0, no. 8). Who the
last release names no more is found in the family of the last one that did. An unpublished release is not read.
"""

from __future__ import annotations

from django.db import connection

from bansos.common import db
from recipients.importing.lists import masked, names
from recipients.importing.lists.staging import keep_for_work, refuse_lines, table_name
from recipients.models import ListDelivery

_PUBLISHED = "(SELECT release_id FROM recipients_currentrelease)"


def match_rows(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    db.run(
        f"""
        CREATE TABLE {table}_match AS
        SELECT s.line, n.person_id, c.family_id AS card_family_id, COALESCE(m.name, l.name) AS known_name,
               COALESCE(m.family_id, l.family_id,
                        CASE WHEN s.nik_index IS NULL AND s.mask IS NULL THEN c.family_id END) AS family_id,
               false AS is_assisted
          FROM {table} s
          LEFT JOIN (recipients_personnik n JOIN recipients_person p ON p.id = n.person_id
                     AND (p.first_release_id IS NULL OR p.first_release_id <= {_PUBLISHED}))
            ON n.index = s.nik_index
          LEFT JOIN recipients_familymembership m ON m.person_id = n.person_id AND m.from_release_id <= {_PUBLISHED}
           AND (m.until_release_id IS NULL OR m.until_release_id > {_PUBLISHED})
          LEFT JOIN LATERAL (SELECT e.family_id, e.name FROM recipients_familymembership e
                              WHERE m.id IS NULL AND e.person_id = n.person_id AND e.from_release_id <= {_PUBLISHED}
                              ORDER BY e.from_release_id DESC, e.id DESC LIMIT 1) l ON true
          LEFT JOIN (recipients_familycardnumber c JOIN recipients_family f ON f.id = c.family_id
                     AND (f.first_release_id IS NULL OR f.first_release_id <= {_PUBLISHED}))
            ON c.index = s.card_index
        """
    )
    db.run(f"ANALYZE {table}_match")
    masked.match_masked(delivery)
    _leave_unmatched(delivery)
    _leave_other_names(delivery)


def _leave_unmatched(delivery: ListDelivery) -> None:
    match = f"{table_name(delivery.pk)}_match"
    unmatched = f"SELECT line FROM {match} WHERE family_id IS NULL"
    keep_for_work(delivery, "NIK_UNKNOWN", f"{unmatched} AND card_family_id IS NOT NULL")
    keep_for_work(delivery, "NOT_FOUND", unmatched)


def _leave_other_names(delivery: ListDelivery) -> None:
    """A NIK under another name than ours is somebody else's, or mistyped."""
    table = table_name(delivery.pk)
    query = f"""SELECT s.line, s.name, m.known_name FROM {table} s JOIN {table}_match m USING (line)
                 WHERE NOT s.is_held AND NOT m.is_assisted AND m.known_name IS NOT NULL
                   AND upper(s.name) <> upper(m.known_name)"""
    with connection.connection.cursor(name="list_names") as cursor:  # streamed: may be every row of the list
        cursor.itersize = 20_000
        cursor.execute(query)
        other = [line for line, written, known in cursor if not names.may_be_same(written, known)]
    if other:
        db.run(f"CREATE TABLE {table}_name (line integer)")
        db.copy_stream(f"{table}_name", ["line"], iter(["".join(f"{line}\n" for line in other)]))
        keep_for_work(delivery, "NAME_DIFFERS", f"SELECT line FROM {table}_name")
        db.run(f"DROP TABLE {table}_name")


def settle_repeats(delivery: ListDelivery, key: str, content: str) -> None:
    """Rows about the same (`key`): the same again, the first counts; contradicting, none does, never "last wins"."""
    table = table_name(delivery.pk)
    rows = f"""SELECT line, {key} AS about, md5(ROW({content})::text) AS says
                 FROM {table} s LEFT JOIN {table}_match m USING (line)
                 LEFT JOIN recipients_programme p ON p.id = s.programme_id WHERE NOT s.is_held"""
    keep_for_work(
        delivery,
        "CONTRADICTING",
        f"""SELECT line FROM ({rows}) r WHERE about IN
            (SELECT about FROM ({rows}) t GROUP BY about HAVING count(DISTINCT says) > 1)""",
    )
    refuse_lines(
        delivery,
        "DUPLICATE_ROW",
        f"""SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY about ORDER BY line) AS nth
                                FROM ({rows}) r) t WHERE nth > 1""",
    )
