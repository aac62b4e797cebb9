"""What applying a list would write, as a table of actions; counted for the preview, and again when it is applied."""

from __future__ import annotations

from typing import Any

from bansos.common import db
from recipients.importing.lists import enrolments, flags, payouts, regions
from recipients.importing.lists.kinds import KINDS, Effect
from recipients.importing.lists.staging import table_name
from recipients.models import ListDelivery

EFFECTS = {Effect.ENROL: enrolments, Effect.PAY: payouts, Effect.FLAG: flags, Effect.CODE: regions}
WRITING = ("NEW", "MOVED", "CHANGED", "GONE")


def settle(delivery: ListDelivery) -> None:
    """Hold what rows of the list say against one another. Once, after matching."""
    _effect(delivery).settle(delivery)


def make(delivery: ListDelivery) -> dict[str, int]:
    """The table of actions by what stands now; its counts."""
    table = table_name(delivery.pk)
    db.run(f"DROP TABLE IF EXISTS {table}_plan")
    with db.joined_by_hash():
        _effect(delivery).make(delivery)
    return dict(db.fetch(f"SELECT action, count(*) FROM {table}_plan GROUP BY 1"))


def write(delivery: ListDelivery, *, by_id: int) -> int:
    """Carry the actions out; how many rows changed."""
    return int(_effect(delivery).write(delivery, by_id))


def mark_families(delivery: ListDelivery) -> int:
    """The families of the actions are decided again, where what was written is a fact of a rule.

    A fact about a person counts where they stand, which may be another family than the list names.
    """
    if KINDS[delivery.kind].effect not in (Effect.ENROL, Effect.FLAG):
        return 0
    plan = f"{table_name(delivery.pk)}_plan"
    stood_in = f"""SELECT m.family_id FROM {plan} t JOIN recipients_familymembership m ON m.person_id = t.person_id
                    WHERE t.action = ANY(%(writing)s) AND m.until_release_id IS"""
    return db.run(
        f"""INSERT INTO recipients_factschange (family_id, subdistrict_id)
            SELECT f.id, v.parent_id
              FROM (SELECT family_id FROM {plan} t WHERE t.action = ANY(%(writing)s)
                    UNION {stood_in} NULL UNION {stood_in} NOT NULL) x
              JOIN recipients_family f ON f.id = x.family_id JOIN recipients_region v ON v.id = f.village_id""",
        {"writing": list(WRITING)},
    )


def row_counts(delivery: ListDelivery, rows: int) -> dict[str, int]:
    table = table_name(delivery.pk)
    ((refused, work),) = db.fetch(
        """SELECT count(DISTINCT line) FILTER (WHERE NOT is_work), count(DISTINCT line) FILTER (WHERE is_work)
             FROM recipients_listrow WHERE delivery_id = %s""",
        [delivery.pk],
    )
    has_match = KINDS[delivery.kind].needs_number
    assisted, other_card = (
        db.fetch(
            f"""SELECT count(*) FILTER (WHERE m.is_assisted),
                       count(*) FILTER (WHERE m.card_family_id <> m.family_id)
                  FROM {table} s JOIN {table}_match m USING (line) WHERE NOT s.is_held"""
        )[0]
        if has_match
        else (0, 0)
    )
    counts = {"rows": rows, "used": rows - refused - work, "refused": refused, "work": work}
    return counts | {"assisted": assisted, "other_card": other_card}


def by_code(delivery: ListDelivery) -> dict[str, int]:
    return dict(
        db.fetch(
            "SELECT code, count(*) FROM recipients_listrow WHERE delivery_id = %s GROUP BY 1 ORDER BY 2 DESC, 1",
            [delivery.pk],
        )
    )


def breakdown(delivery: ListDelivery) -> dict[str, Any]:
    """Actions by programme (or kind of flag) and by village, for the preview page."""
    table, effect = table_name(delivery.pk), _effect(delivery)
    return {
        "by_group": _spread(
            db.fetch(f"SELECT {effect.GROUP}, action, count(*) FROM {table}_plan t GROUP BY 1, 2 ORDER BY 1")
        ),
        "by_village": _spread(
            db.fetch(
                f"""SELECT v.id::text, t.action, count(*) FROM {table}_plan t
                      JOIN recipients_family f ON f.id = t.family_id JOIN recipients_region v ON v.id = f.village_id
                     WHERE t.action <> ALL(%s) GROUP BY 1, 2 ORDER BY 1""",
                [["SAME", "KNOWN"]],
            )
        )
        if KINDS[delivery.kind].needs_number
        else {},
    }


def _spread(rows: list[tuple[Any, ...]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for group, action, count in rows:
        found.setdefault(str(group), {})[action] = count
    return found


def _effect(delivery: ListDelivery) -> Any:
    return EFFECTS[KINDS[delivery.kind].effect]
