"""What other offices say of somebody: alleged, never more. What was refuted does not return from the same source.

A source may say until when it holds, and say so anew: an alleged flag then gets its new end. One that a person
confirmed keeps the end it was confirmed with: no list prolongs a refusal.
"""

from __future__ import annotations

from bansos.common import db
from recipients.enums import PERSON_FLAGS, FlagKind
from recipients.importing.lists.match import settle_repeats
from recipients.importing.lists.staging import keep_for_work, refuse_lines, table_name
from recipients.models import ListDelivery

GROUP = "t.kind"
_OF_PERSON = ", ".join(f"'{kind.value}'" for kind in sorted(PERSON_FLAGS))
# Another last day; or it is said again, without one, after the day until which it held.
_SAYS_ANOTHER_END = (
    "(t.valid_until <> COALESCE(f.valid_until, 'infinity') "
    "OR t.valid_until IS NULL AND f.valid_until < t.observed_on)"
)
_KIND = f"COALESCE(s.kind, '{FlagKind.CENTRAL_CHECK.value}')"


def settle(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    begins = f"COALESCE(day, '{delivery.as_of:%Y-%m-%d}')"
    refuse_lines(delivery, "UNTIL_BEFORE", f"SELECT line FROM {table} WHERE until < {begins}")
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
        "s.until",
    )


def make(delivery: ListDelivery) -> None:
    """A person's flag is known though the person moved to another family meanwhile."""
    table = table_name(delivery.pk)
    db.run(
        f"""
        CREATE TABLE {table}_plan AS
        SELECT t.*, f.id AS flag_id,
               CASE WHEN f.status IS NULL THEN 'NEW' WHEN f.status = 'REFUTED' THEN 'REFUTED'
                    WHEN f.status = 'ALLEGED' AND {_SAYS_ANOTHER_END} THEN 'CHANGED' ELSE 'KNOWN' END AS action
          FROM (SELECT s.line, {_KIND} AS kind, m.family_id, COALESCE(s.day, %(as_of)s) AS observed_on,
                       s.until AS valid_until, COALESCE(s.note, '') AS evidence,
                       CASE WHEN {_KIND} IN ({_OF_PERSON}) THEN m.person_id END AS person_id
                  FROM {table} s JOIN {table}_match m USING (line) WHERE NOT s.is_held) t
          LEFT JOIN LATERAL (
               SELECT x.id, x.status, x.valid_until FROM recipients_externalflag x
                WHERE x.kind = t.kind AND x.source = %(source)s
                  AND CASE WHEN t.person_id IS NULL THEN x.family_id = t.family_id AND x.person_id IS NULL
                           ELSE x.person_id = t.person_id END
                ORDER BY x.status = 'REFUTED' DESC LIMIT 1) f ON true
        """,
        {"as_of": delivery.as_of, "source": delivery.source},
    )


def write(delivery: ListDelivery, by_id: int) -> int:
    plan = f"{table_name(delivery.pk)}_plan"
    changed = db.run(
        f"""UPDATE recipients_externalflag x SET valid_until = t.valid_until
              FROM {plan} t WHERE t.action = 'CHANGED' AND x.id = t.flag_id"""
    )
    return changed + db.run(
        f"""INSERT INTO recipients_externalflag
                   (family_id, person_id, kind, status, source, source_ref, observed_on, valid_until, evidence,
                    raised_by_id, settled_note, settled_ref)
            SELECT family_id, person_id, kind, 'ALLEGED', %s, %s, observed_on, valid_until, evidence, %s, '', ''
              FROM {plan} WHERE action = 'NEW' ORDER BY line""",
        [delivery.source, delivery.reference, by_id],
    )
