"""The outbox: a message is a row written in the transaction of its cause; a job sends it (docs/decisions/0010).

`post` in the transaction of the event. The text is written when it is sent, from a template and values that name no
one; the address is a sealed one or that of a member of staff. A key goes out once, whatever is lost, doubled or killed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from bansos.common import costs, ids, jobs, vault
from bansos.common.gateways import NotSetUp, Parcel, Refused, gateway_of
from bansos.common.models import Channel, Job, JobState, Message, MessageState

logger = logging.getLogger(__name__)

SEND = "common.send_message"
MOST_FAILURES = 12
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
NOT_SET_UP_PAUSE = timedelta(hours=1)
ADDRESS_KEPT = timedelta(days=90)
LOOK_BACK = timedelta(days=2)


@dataclass(frozen=True)
class Text:
    subject: str
    body: str


@dataclass(frozen=True)
class Address:
    """A sealed address: of the kind vault.PHONE for SMS and WhatsApp, vault.EMAIL for e-mail."""

    sealed: bytes
    index: bytes


@dataclass(frozen=True)
class Draft:
    """What to send to whom. `key` says what it is about, and one key is sent once: `night-report:12:7`.

    `valid_until`: after that moment it is not sent any more, however often it was tried before.
    """

    key: str
    template: str
    channel: str
    values: dict[str, Any] = field(default_factory=dict)
    user: Any = None
    address: Address | None = None
    valid_until: datetime | None = None


class Lapsed(Exception):
    """It would come too late: what it says does not hold any more."""


Writer = Callable[[dict[str, Any]], Text]
_writers: dict[str, Writer] = {}
_titles: dict[str, Any] = {}


def titled(template: str, title: Any) -> str:
    """What staff call messages of this template; gives the template back."""
    _titles[template] = title
    return template


def title_of(template: str) -> str:
    return str(titles().get(template, template))


def titles() -> dict[str, Any]:
    current_app.loader.import_default_modules()
    return dict(_titles)


def writes(template: str) -> Callable[[Writer], Writer]:
    """Declare the function that turns the values of this template into words; stands in an app's tasks.py or above."""

    def register(writer: Writer) -> Writer:
        _writers[template] = writer
        return writer

    return register


def seal(channel: str, address: str) -> Address:
    kind = _kind(channel)
    index = vault.blind_index(kind, address)
    return Address(vault.encrypt(kind, address, index), index)


def _kind(channel: str) -> bytes:
    return vault.EMAIL if channel == Channel.EMAIL else vault.PHONE


def post(draft: Draft, *, now: datetime) -> None:
    """Put one message in the outbox; call it inside the transaction of its cause."""
    post_many([draft], now=now)


@transaction.atomic
def post_many(drafts: Iterable[Draft], *, now: datetime) -> int:
    """Put messages in the outbox, two statements for all; those whose key is known already are left as they are."""
    rows = [_row(draft, now) for draft in drafts]
    keys = [row.key for row in rows]
    known = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    Message.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    new = Message.objects.filter(key__in=set(keys) - known).exclude(channel=Channel.PRINT)
    _queue(new.values_list("pk", "attempts"))
    return len(set(keys) - known)


def _row(draft: Draft, now: datetime) -> Message:
    if ids.LONG_NUMBER.search(json.dumps(draft.values)):
        raise ValueError(f"{draft.template}: a message names no NIK or card number")
    return Message(
        key=draft.key,
        template=draft.template,
        channel=draft.channel,
        values=draft.values,
        user=draft.user,
        sealed=draft.address.sealed if draft.address else None,
        index=draft.address.index if draft.address else None,
        posted_at=now,
        next_try=now,
        valid_until=draft.valid_until,
    )


def _queue(messages: Iterable[tuple[int, int]]) -> None:
    """A job for each message and attempt: asked for twice, it is the same job."""
    rows = [
        Job(kind=SEND, key=f"{pk}:{attempt}", params={"message": pk, "attempt": attempt})
        for pk, attempt in messages
    ]
    Job.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    if rows:
        jobs.nudge()


def send(lease: jobs.Lease) -> None:
    """Do one attempt. A gateway's no is noted on the message; the job itself is done either way."""
    message = Message.objects.select_related("user").get(pk=lease.params["message"])
    if message.state != MessageState.WAITING or message.attempts != lease.params["attempt"]:
        return
    outcome: costs.Charge | Exception
    try:
        if message.is_lapsed(timezone.now()):
            raise Lapsed
        parcel = _parcel(message)
        outcome = costs.charge(parcel.channel, parcel.body)
        gateway_of(message.channel).send(parcel)
    except Exception as error:
        logger.warning("message %s (%s): %s", message.pk, message.template, type(error).__name__)
        outcome = error
    with lease.completing():
        _note(message, outcome, timezone.now())


def _parcel(message: Message) -> Parcel:
    text = _writer_of(message.template)(message.values)
    return Parcel(message.key, message.channel, _address_of(message), text.subject, text.body)


def _writer_of(template: str) -> Writer:
    if template not in _writers:
        current_app.loader.import_default_modules()
    return _writers[template]


def _address_of(message: Message) -> str:
    if message.sealed is not None and message.index is not None:
        return vault.decrypt(_kind(message.channel), message.sealed, message.index)
    if message.user is None or not message.user.email or not message.user.is_active:
        raise Refused("akun ini tidak punya alamat e-mail")
    return message.user.email


def _note(message: Message, outcome: costs.Charge | Exception, now: datetime) -> None:
    values: dict[str, Any] = {"attempts": F("attempts") + 1, "error": ""}
    if isinstance(outcome, costs.Charge):
        values |= {"state": MessageState.SENT, "finished_at": now, **asdict(outcome)}
    elif isinstance(outcome, Lapsed):
        values |= {"state": MessageState.LAPSED, "finished_at": now}
    else:
        values |= {"error": ids.scrub(f"{type(outcome).__name__}: {outcome}")[:300]}
        is_counted = not isinstance(outcome, NotSetUp)
        failures = message.failures + is_counted
        values |= {"failures": failures}
        if isinstance(outcome, Refused) or failures >= MOST_FAILURES:
            values |= {"state": MessageState.DEAD, "finished_at": now}
        else:
            values |= {"next_try": now + (_pause(failures) if is_counted else NOT_SET_UP_PAUSE)}
    Message.objects.filter(pk=message.pk, state=MessageState.WAITING).update(**values)


def _pause(failures: int) -> timedelta:
    """1, 2, 4 ... minutes, at most six hours: a gateway that is away for a day loses nothing."""
    doubled: timedelta = FIRST_PAUSE * 2 ** (failures - 1)
    return min(doubled, LONGEST_PAUSE)


@transaction.atomic
def resend(*, message: Message, now: datetime) -> bool:
    """Try a dead message again, by a person's word; False when it is not dead (any more), or would come too late."""
    if message.is_lapsed(now):
        return False
    revived = Message.objects.filter(pk=message.pk, state=MessageState.DEAD).update(
        state=MessageState.WAITING, failures=0, finished_at=None, next_try=now, attempts=F("attempts") + 1
    )
    if revived:
        message.refresh_from_db()
        _queue([(message.pk, message.attempts)])
    return bool(revived)


def mark_printed(message_ids: Iterable[int], *, now: datetime) -> int:
    """Letters that a person printed and sent off."""
    letters = Message.objects.filter(pk__in=message_ids, channel=Channel.PRINT, state=MessageState.WAITING)
    return letters.update(state=MessageState.SENT, finished_at=now)


def keep_going(*, now: datetime) -> None:
    """Every minute: what is due has its job, what waited too long is dead or lapsed, old addresses are forgotten."""
    _bury(now)
    late = Message.objects.filter(state=MessageState.WAITING, valid_until__lte=now)
    late.exclude(pk__in=_being_sent()).update(state=MessageState.LAPSED, finished_at=now)
    due = Message.objects.filter(state=MessageState.WAITING, next_try__lte=now).exclude(channel=Channel.PRINT)
    _queue(due.order_by("next_try").values_list("pk", "attempts")[:2000])
    served = [MessageState.SENT, MessageState.LAPSED]
    old = Message.objects.filter(finished_at__lt=now - ADDRESS_KEPT, state__in=served)
    old.exclude(sealed=None).update(sealed=None, index=None)


def _being_sent() -> list[int]:
    """Whoever sends one notes what came of it; an attempt that begins after this look sees that it is too late."""
    running = Job.objects.filter(kind=SEND, state=JobState.RUNNING)
    return [params["message"] for params in running.values_list("params", flat=True)]


def _bury(now: datetime) -> None:
    """A job that died with its process over and over leaves its message waiting for nobody."""
    given_up = Job.objects.filter(kind=SEND, state=JobState.DEAD, finished_at__gt=now - LOOK_BACK)
    for job in given_up:
        Message.objects.filter(
            pk=job.params["message"], attempts=job.params["attempt"], state=MessageState.WAITING
        ).update(state=MessageState.DEAD, finished_at=now, error=job.error[:300])


def masked_recipient(message: Message) -> str:
    """Enough to tell one from another on a list, too little to write to."""
    if message.user is not None:
        return message.user.get_username()
    if message.sealed is None or message.index is None:
        return ""
    address = vault.decrypt(_kind(message.channel), message.sealed, message.index)
    name, at, domain = address.partition("@")
    return f"{name[:1]}***@{domain}" if at else f"{'*' * max(len(name) - 3, 0)}{name[-3:]}"
