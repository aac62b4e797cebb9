"""What was paid: one record an enrolment and period. A payment without an enrolment is a finding, never a new one."""

from __future__ import annotations

from bansos.common import db
from recipients.importing.lists.enrolments import GROUP, SUBJECT
from recipients.importing.lists.match import settle_repeats
from recipients.importing.lists.staging import keep_for_work, table_name
from recipients.models import ListDelivery

__all__ = ["GROUP", "make", "settle", "write"]


def settle(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    keep_for_work(
        delivery,
        "NEEDS_PERSON",
        f"""SELECT line FROM {table} s JOIN {table}_match m USING (line)
              JOIN recipients_programme p ON p.id = s.programme_id
             WHERE p.unit = 'PERSON' AND m.person_id IS NULL""",
    )
    settle_repeats(delivery, f"ROW({SUBJECT}, s.period)::text", "s.state, s.amount, s.day")
    keep_for_work(
        delivery,
        "NO_ENROLMENT",
        f"SELECT s.line FROM {_with_enrolment(table)} WHERE NOT s.is_held AND e.id IS NULL",
    )


def _with_enrolment(table: str) -> str:
    """Each row with the enrolment it pays: the open one, else the last. One sort and one join, however many rows."""
    return f"""{table} s JOIN {table}_match m USING (line) JOIN recipients_programme p ON p.id = s.programme_id
               LEFT JOIN (
                    SELECT DISTINCT ON (x.programme_id, coalesce(x.person_id, -x.family_id))
                           x.id, x.family_id, x.programme_id, coalesce(x.person_id, -x.family_id) AS subject
                      FROM recipients_enrolment x
                     ORDER BY x.programme_id, coalesce(x.person_id, -x.family_id), x.state = 'EXITED', x.since DESC,
                              x.id DESC) e
                 ON e.programme_id = s.programme_id
                AND e.subject = CASE WHEN p.unit = 'PERSON' THEN m.person_id ELSE -m.family_id END"""


def make(delivery: ListDelivery) -> None:
    table = table_name(delivery.pk)
    fields = ("state", "amount", "channel", "failure_reason", "paid_on")
    known, told = (", ".join(f"{alias}.{name}" for name in fields) for alias in ("r", "t"))
    db.run(
        f"""
        CREATE TABLE {table}_plan AS
        SELECT t.*, r.id AS payout_id,
               CASE WHEN r.id IS NULL THEN 'NEW' WHEN ROW({known}) IS DISTINCT FROM ROW({told}) THEN 'CHANGED'
                    ELSE 'SAME' END AS action
          FROM (SELECT s.line, s.programme_id, m.family_id, e.id AS enrolment_id, s.period, s.state, s.amount,
                       COALESCE(left(s.channel, 40), '') AS channel, COALESCE(s.note, '') AS failure_reason,
                       s.day AS paid_on
                  FROM {_with_enrolment(table)} WHERE NOT s.is_held AND e.id IS NOT NULL) t
          LEFT JOIN recipients_payoutrecord r ON r.enrolment_id = t.enrolment_id AND r.period = t.period
        """
    )


def write(delivery: ListDelivery, by_id: int) -> int:
    table = table_name(delivery.pk)
    new = db.run(
        f"""INSERT INTO recipients_payoutrecord
                   (enrolment_id, period, state, amount, channel, failure_reason, paid_on, reference)
            SELECT enrolment_id, period, state, amount, channel, failure_reason, paid_on, %s
              FROM {table}_plan WHERE action = 'NEW' ORDER BY line""",
        [delivery.reference],
    )
    changed = db.run(
        f"""UPDATE recipients_payoutrecord r
               SET state = t.state, amount = t.amount, channel = t.channel,
                   failure_reason = t.failure_reason, paid_on = t.paid_on, reference = %s
              FROM {table}_plan t WHERE t.action = 'CHANGED' AND r.id = t.payout_id""",
        [delivery.reference],
    )
    return new + changed
