"""Kinds of jobs that only tests enqueue; the live worker loads them with `-I tests.job_kinds`.

Their effect is a row in a table without any constraint, so that a doubled effect would show.
"""

from __future__ import annotations

import time

from bansos.common import db, jobs, outbox

EFFECTS = "test_effects"
NOTE = "test.note"


def make_table() -> None:
    db.run(f"CREATE TABLE IF NOT EXISTS {EFFECTS} (job_id bigint)")


def effects() -> list[int]:
    return sorted(job_id for (job_id,) in db.fetch(f"SELECT job_id FROM {EFFECTS}"))


def leave_effect(lease: jobs.Lease) -> None:
    db.run(f"INSERT INTO {EFFECTS} VALUES (%s)", [lease.job_id])


@jobs.handles("test.effect")
def take_effect(lease: jobs.Lease) -> None:
    with lease.completing():
        leave_effect(lease)


@jobs.handles("test.slow")
def take_effect_slowly(lease: jobs.Lease) -> None:
    """Effect first, completion later: whoever dies between has an effect that must not count."""
    with lease.completing():
        leave_effect(lease)
        time.sleep(float(lease.params["seconds"]))


@jobs.handles("test.failing")
def fail(lease: jobs.Lease) -> None:
    with lease.completing():
        leave_effect(lease)
        raise ValueError("no luck with 5203995212809001")


@outbox.writes(NOTE)
def write_note(values: dict[str, int]) -> outbox.Text:
    return outbox.Text(f"Catatan {values['n']}", "Ada kabar.")
