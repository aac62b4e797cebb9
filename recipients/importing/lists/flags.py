"""What other offices say of somebody: alleged, never more. What was refuted does not return from the same source."""

from __future__ import annotations

from bansos.common import db
from recipients.enums import PERSON_FLAGS, FlagKind
from recipients.importing.lists.match import settle_repeats
from recipients.importing.lists.staging import keep_for_work, table_name
from recipients.models import ListDelivery

GROUP = "t.kind"
_OF_PERSON = ", ".join(f"'{kind.value}'" for kind in sorted(PERSON_FLAGS))
_KIND = f"COALESCE(s.kind, '{FlagKind.CENTRAL_CHECK.value}')"


def settle(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    keep_for_work(
        delivery,
        "NEEDS_PERSON",
        f"""SELECT line FROM {table} s JOIN {table}_match m USING (line)
             WHERE {_KIND} IN ({_OF_PERSON}) AND m.person_id IS NULL""",
    )
    settle_repeats(
        delivery,
        f"ROW({_KIND}, CASE WHEN {_KIND} IN ({_OF_PERSON}) THEN m.person_id END, "
        f"CASE WHEN {_KIND} NOT IN ({_OF_PERSON}) THEN m.family_id END)::text",
        "1",
    )


def make(delivery: ListDelivery) -> None:
    """A person's flag is known though the person moved to another family meanwhile."""
    table = table_name(delivery.pk)
    db.run(
        f"""
        CREATE TABLE {table}_plan AS
        SELECT t.*, CASE WHEN f.status IS NULL THEN 'NEW' WHEN f.status = 'REFUTED' THEN 'REFUTED'
                         ELSE 'KNOWN' END AS action
          FROM (SELECT s.line, {_KIND} AS kind, m.family_id, COALESCE(s.day, %(as_of)s) AS observed_on,
                       COALESCE(s.note, '') AS evidence,
                       CASE WHEN {_KIND} IN ({_OF_PERSON}) THEN m.person_id END AS person_id
                  FROM {table} s JOIN {table}_match m USING (line) WHERE NOT s.is_held) t
          LEFT JOIN LATERAL (
               SELECT x.status FROM recipients_externalflag x
                WHERE x.kind = t.kind AND x.source = %(source)s
                  AND CASE WHEN t.person_id IS NULL THEN x.family_id = t.family_id AND x.person_id IS NULL
                           ELSE x.person_id = t.person_id END
                ORDER BY x.status = 'REFUTED' DESC LIMIT 1) f ON true
        """,
        {"as_of": delivery.as_of, "source": delivery.source},
    )


def write(delivery: ListDelivery, by_id: int) -> int:
    return db.run(
        f"""INSERT INTO recipients_externalflag
                   (family_id, person_id, kind, status, source, source_ref, observed_on, evidence, raised_by_id,
                    settled_note, settled_ref)
            SELECT family_id, person_id, kind, 'ALLEGED', %s, %s, observed_on, evidence, %s, '', ''
              FROM {table_name(delivery.pk)}_plan WHERE action = 'NEW' ORDER BY line""",
        [delivery.source, delivery.reference, by_id],
    )
