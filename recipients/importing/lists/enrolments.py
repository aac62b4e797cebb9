"""Who receives: a list of recipients becomes enrolments, each step with its event that names the list.

A state is only ever carried on (waiting -> enrolled -> receiving <-> suspended); who left a programme begins anew.
Where the list is said to be complete, whoever receives by our data and is not on it leaves: the second person sees
their number first.
"""

from __future__ import annotations

from bansos.common import db
from recipients.importing.lists.match import settle_repeats
from recipients.importing.lists.staging import keep_for_work, table_name
from recipients.models import ListDelivery

GROUP = "(SELECT p.code FROM recipients_programme p WHERE p.id = t.programme_id)"
SUBJECT = (
    "ROW(s.programme_id, CASE WHEN p.unit = 'PERSON' THEN m.person_id END, "
    "CASE WHEN p.unit = 'FAMILY' THEN m.family_id END)::text"
)
_MOVES = (
    ("WAITLISTED", "ENROLLED"),
    ("WAITLISTED", "ACTIVE"),
    ("WAITLISTED", "SUSPENDED"),
    ("ENROLLED", "ACTIVE"),
    ("ENROLLED", "SUSPENDED"),
    ("ACTIVE", "SUSPENDED"),
    ("SUSPENDED", "ACTIVE"),
)


def settle(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    rows = f"""{table} s JOIN {table}_match m USING (line) JOIN recipients_programme p ON p.id = s.programme_id
               WHERE NOT s.is_held"""
    keep_for_work(
        delivery, "NEEDS_PERSON", f"SELECT line FROM {rows} AND p.unit = 'PERSON' AND m.person_id IS NULL"
    )
    settle_repeats(delivery, "ROW(s.programme_id, m.person_id, m.family_id)::text", "s.state, s.day")
    keep_for_work(
        delivery,
        "SAME_FAMILY_TWICE",
        f"""SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY {SUBJECT} ORDER BY line) AS nth
                                FROM {rows}) r WHERE nth > 1""",
    )


def make(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    moves = ", ".join(f"('{before}', '{after}')" for before, after in _MOVES)
    db.run(
        f"""
        CREATE TABLE {table}_plan AS
        SELECT t.*, e.id AS enrolment_id,
               CASE WHEN e.id IS NULL THEN 'NEW' WHEN (e.state, t.state) IN ({moves}) THEN 'MOVED'
                    ELSE 'SAME' END AS action
          FROM (SELECT s.line, s.programme_id, m.family_id, COALESCE(s.state, 'ACTIVE') AS state,
                       COALESCE(s.day, %(as_of)s) AS since, COALESCE(s.kks, '') AS kks,
                       CASE WHEN p.unit = 'PERSON' THEN m.person_id END AS person_id,
                       CASE WHEN p.unit = 'FAMILY' THEN m.person_id END AS caretaker_id
                  FROM {table} s JOIN {table}_match m USING (line)
                  JOIN recipients_programme p ON p.id = s.programme_id WHERE NOT s.is_held) t
          LEFT JOIN recipients_enrolment e
            ON e.programme_id = t.programme_id AND e.state <> 'EXITED'
           AND coalesce(e.person_id, -e.family_id) = coalesce(t.person_id, -t.family_id)
        """,
        {"as_of": delivery.as_of},
    )
    if delivery.is_complete:
        _plan_leaving(table)


def _plan_leaving(table: str) -> None:
    """Whoever is named in any row of the list, used or held, by NIK or by card, does not leave."""
    db.run(
        f"""
        INSERT INTO {table}_plan (line, programme_id, family_id, state, since, kks, person_id, enrolment_id, action)
        SELECT NULL, e.programme_id, e.family_id, e.state, e.since, '', e.person_id, e.id, 'GONE'
          FROM recipients_enrolment e
         WHERE e.state IN ('ENROLLED', 'ACTIVE', 'SUSPENDED')
           AND e.programme_id IN (SELECT programme_id FROM {table} WHERE NOT is_held)
           AND NOT EXISTS (SELECT FROM {table}_match m WHERE m.family_id = e.family_id AND e.person_id IS NULL)
           AND NOT EXISTS (SELECT FROM {table}_match m WHERE m.card_family_id = e.family_id AND m.family_id IS NULL)
           AND NOT EXISTS (SELECT FROM {table}_match m WHERE m.person_id = e.person_id)
        """
    )


def write(delivery: ListDelivery, by_id: int) -> int:
    table = table_name(delivery.pk)
    said = {
        "by": by_id, "reference": delivery.reference, "note": f"daftar {delivery.source}"[:300], "on": delivery.as_of
    }  # fmt: skip
    event = """INSERT INTO recipients_enrolmentevent (enrolment_id, state_after, by_id, reference, note)
               SELECT id, state, %(by)s, %(reference)s, %(note)s FROM moved"""
    new = db.run(
        f"""WITH moved AS (
              INSERT INTO recipients_enrolment
                     (programme_id, family_id, person_id, caretaker_id, state, since, exit_reason, card_masked)
              SELECT programme_id, family_id, person_id, caretaker_id, state, since, '', kks
                FROM {table}_plan WHERE action = 'NEW' ORDER BY line RETURNING id, state) {event}""",
        said,
    )
    moved = db.run(
        f"""WITH moved AS (
              UPDATE recipients_enrolment e SET state = t.state, updated_at = now() FROM {table}_plan t
               WHERE t.action = 'MOVED' AND e.id = t.enrolment_id RETURNING e.id, e.state) {event}""",
        said,
    )
    gone = db.run(
        f"""WITH moved AS (
              UPDATE recipients_enrolment e SET state = 'EXITED', until = %(on)s, exit_reason = 'OFF_LIST',
                     updated_at = now() FROM {table}_plan t
               WHERE t.action = 'GONE' AND e.id = t.enrolment_id RETURNING e.id, e.state) {event}""",
        said,
    )
    return new + moved + gone
