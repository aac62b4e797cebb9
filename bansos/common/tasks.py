"""The one Celery task that executes job rows, and the upkeep that the sweep asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from celery import shared_task

from bansos.common import account_notices, jobs, outbox, sessions


@shared_task(ignore_result=True)
def run_job(job_id: int) -> None:
    """A message is a nudge: late, doubled or unknown ids change nothing."""
    jobs.run(job_id)


@jobs.keeps_due
def purge_sessions(now: datetime) -> None:
    sessions.purge_expired(now=now)


@jobs.handles(outbox.SEND)
def send_message(lease: jobs.Lease) -> None:
    outbox.send(lease)


@jobs.keeps_due
def keep_outbox_going(now: datetime) -> None:
    outbox.keep_going(now=now)


@outbox.writes(account_notices.FORGOTTEN)
def write_second_factor_forgotten(values: dict[str, Any]) -> outbox.Text:
    return account_notices.forgotten_text(values)


@outbox.writes(account_notices.PASSWORD_SET)
def write_password_set(values: dict[str, Any]) -> outbox.Text:
    return account_notices.password_set_text(values)


@outbox.writes(account_notices.OTHER_MAIL)
def write_other_mail(values: dict[str, Any]) -> outbox.Text:
    return account_notices.other_mail_text(values)
