"""Staged rows meet the registry: who is known, who is new, who is missing, and rows that contradict one another.

Rows that only look different (another column order, stray blanks) are set apart in `<staging>_same`. For every other
fresh row `<staging>_match` gets the family's or person's id (the next free one when new) and the interval
that stands now; `<staging>_gone` gets the standing intervals that no row of the file speaks of.
"""

from __future__ import annotations

from bansos.common import db
from recipients.enums import FileKind
from recipients.importing import layouts
from recipients.importing.issues import Issue
from recipients.importing.staging import LEFT_OUT_KEY, table_name

FAMILY_FACTS = ("village_id", "head_name", "address", *(column.field for column in layouts.FAMILY_CODED))
MEMBER_FACTS = (
    "name",
    "sex",
    "birth_date",
    "has_disability",
    *(column.field for column in layouts.MEMBER_CODED),
)


def match_families(batch_id: int) -> None:
    staged = table_name(batch_id, FileKind.FAMILY)
    _refuse_doubles(batch_id, FileKind.FAMILY, "DUPLICATE_CARD")
    db.run(
        f"""
        CREATE TABLE {staged}_match AS
        SELECT s.line, v.family_id IS NULL AS is_new,
               COALESCE(v.family_id, nextval('recipients_family_id_seq')) AS family_id,
               w.id AS standing_id, w.decile AS before, s.decile AS after, s.village_id, s.row_key,
               s.member_count AS stated, {_same(FAMILY_FACTS)} AS is_same
          FROM {staged} s
          LEFT JOIN recipients_familycardnumber v ON v.index = s.number_index
          LEFT JOIN recipients_welfaresnapshot w ON w.family_id = v.family_id AND w.until_release_id IS NULL
         WHERE NOT s.is_held
        """
    )
    _refuse_against_unchanged(batch_id, FileKind.FAMILY, "recipients_welfaresnapshot", "DUPLICATE_CARD")
    _set_same_apart(staged)
    db.run(
        f"""
        CREATE TABLE {staged}_gone AS
        SELECT w.id AS standing_id, w.family_id, w.decile AS before, w.village_id
          FROM recipients_welfaresnapshot w
         WHERE w.until_release_id IS NULL AND w.row_key IN (SELECT row_key FROM {staged}_unseen)
           AND NOT EXISTS (SELECT FROM {staged}_match m WHERE m.standing_id = w.id)
           AND NOT EXISTS (SELECT FROM {staged}_same m WHERE m.standing_id = w.id)
           AND NOT EXISTS (SELECT FROM {staged} h JOIN recipients_familycardnumber v ON v.index = h.number_index
                            WHERE h.is_held AND v.family_id = w.family_id)
        """
    )
    _analyze(staged)


def match_members(batch_id: int) -> None:
    """After `match_families`: a member may belong to a family that is new in this delivery."""
    staged, families = table_name(batch_id, FileKind.MEMBER), table_name(batch_id, FileKind.FAMILY)
    _refuse_doubles(batch_id, FileKind.MEMBER, "DUPLICATE_NIK")
    db.run(
        f"""
        CREATE TABLE {staged}_match AS
        SELECT s.line, v.person_id IS NULL AS is_new,
               COALESCE(v.person_id, nextval('recipients_person_id_seq')) AS person_id,
               w.id AS standing_id, w.family_id AS family_before, s.relation AS said_relation, s.row_key,
               COALESCE(c.family_id, n.family_id) AS family_id,
               w.family_id = COALESCE(c.family_id, n.family_id) AND {_same(MEMBER_FACTS)} AS is_same
          FROM {staged} s
          LEFT JOIN recipients_personnik v ON v.index = s.number_index
          LEFT JOIN recipients_familymembership w ON w.person_id = v.person_id AND w.until_release_id IS NULL
          LEFT JOIN recipients_familycardnumber c ON c.index = s.card_index
          LEFT JOIN (SELECT f.number_index, m.family_id FROM {families}_match m JOIN {families} f USING (line)
                      WHERE m.is_new) n ON n.number_index = s.card_index
         WHERE NOT s.is_held
        """
    )
    _refuse_against_unchanged(batch_id, FileKind.MEMBER, "recipients_familymembership", "DUPLICATE_NIK")
    _set_same_apart(staged)
    _refuse(
        batch_id,
        FileKind.MEMBER,
        "MEMBER_WITHOUT_FAMILY",
        f"SELECT line FROM {staged}_match WHERE family_id IS NULL",
    )
    db.run(
        f"UPDATE {staged} SET is_held = true WHERE line IN (SELECT line FROM {staged}_match WHERE family_id IS NULL)"
    )
    db.run(f"DELETE FROM {staged}_match WHERE family_id IS NULL")
    db.run(
        f"""
        CREATE TABLE {staged}_gone AS
        SELECT w.id AS standing_id, w.family_id, w.person_id
          FROM recipients_familymembership w
         WHERE w.until_release_id IS NULL AND w.row_key IN (SELECT row_key FROM {staged}_unseen)
           AND NOT EXISTS (SELECT FROM {staged}_match m WHERE m.standing_id = w.id)
           AND NOT EXISTS (SELECT FROM {staged}_same m WHERE m.standing_id = w.id)
           AND NOT EXISTS (SELECT FROM {staged} h JOIN recipients_personnik v ON v.index = h.number_index
                            WHERE h.is_held AND v.person_id = w.person_id)
        """
    )
    _analyze(staged)


def drop_rows(batch_id: int) -> None:
    """Names and sealed numbers leave the staging tables; who was matched with whom stays until it is published."""
    for kind in FileKind:
        for suffix in ("", "_unseen"):
            db.run(f"DROP TABLE IF EXISTS {table_name(batch_id, FileKind(kind))}{suffix}")


def drop_tables(batch_id: int) -> None:
    for kind in FileKind:
        for suffix in ("", "_unseen", "_match", "_same", "_gone"):
            db.run(f"DROP TABLE IF EXISTS {table_name(batch_id, FileKind(kind))}{suffix}")


def _same(facts: tuple[str, ...]) -> str:
    """Whether a staged row says what already stands: written in another way, it is still no change."""
    left, right = ", ".join(f"s.{fact}" for fact in facts), ", ".join(f"w.{fact}" for fact in facts)
    return f"COALESCE(w.id IS NOT NULL AND ROW({left}) IS NOT DISTINCT FROM ROW({right}), false)"


def _set_same_apart(staged: str) -> None:
    db.run(f"CREATE TABLE {staged}_same AS SELECT standing_id, row_key FROM {staged}_match WHERE is_same")
    db.run(f"DELETE FROM {staged}_match WHERE is_same")


def _analyze(staged: str) -> None:
    db.run(f"ANALYZE {staged}_match")
    db.run(f"ANALYZE {staged}_gone")


def _refuse_doubles(batch_id: int, kind: FileKind, code: str) -> None:
    """The same row again: the first counts. The same number with other contents: none does, never "last wins"."""
    staged = table_name(batch_id, kind)
    again = f"""
        SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY row_key ORDER BY line) AS nth
                            FROM {staged} WHERE NOT is_held
                             AND row_key IN (SELECT row_key FROM {staged} WHERE NOT is_held
                                              GROUP BY row_key HAVING count(*) > 1)) r WHERE nth > 1
        """
    _refuse(batch_id, kind, "DUPLICATE_ROW", again)
    db.run(f"DELETE FROM {staged} WHERE line IN ({again})")
    contradicting = f"""
        SELECT line FROM {staged} WHERE number_index IN
               (SELECT number_index FROM {staged} WHERE NOT (is_held AND row_key = {LEFT_OUT_KEY})
                 GROUP BY number_index HAVING count(*) > 1) AND NOT is_held
        """
    if _refuse(batch_id, kind, code, contradicting):
        db.run(f"UPDATE {staged} SET is_held = true WHERE line IN ({contradicting})")


def _refuse_against_unchanged(batch_id: int, kind: FileKind, intervals: str, code: str) -> None:
    """A changed row of somebody whose unchanged row is in the file too: the standing facts stay."""
    staged = table_name(batch_id, kind)
    lines = f"""
        SELECT m.line FROM {staged}_match m JOIN {intervals} w ON w.id = m.standing_id
         WHERE NOT EXISTS (SELECT FROM {staged}_unseen u WHERE u.row_key = w.row_key)
        """
    if _refuse(batch_id, kind, code, lines):
        db.run(f"DELETE FROM {staged}_match WHERE line IN ({lines})")


def _refuse(batch_id: int, kind: FileKind, code: str, lines: str) -> int:
    """Record these lines as refused; their sealed content is the stored file itself."""
    message = Issue(code, "").message()
    return db.run(
        f"""INSERT INTO recipients_importrow (batch_id, file, line, "column", code, value, message)
            SELECT %s, %s, line, '', %s, '', %s FROM ({lines}) refused""",
        [batch_id, kind, code, message],
    )
