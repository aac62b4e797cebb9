"""The outbox: written with its cause, sent once, tried again while the gateway is away, dead in sight of a person."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from bansos.common import gateways, jobs, outbox
from bansos.common.gateways import NotSetUp, Refused, Unreachable
from bansos.common.models import Channel, Job, Message, MessageState, ShelvedMessage
from bansos.common.outbox import Draft
from tests import job_kinds, processes
from tests.factories.registry import WITA

NOON = datetime(2026, 11, 25, 12, tzinfo=WITA)


def note(key="catatan:1", channel=Channel.SMS, **more):
    if channel != Channel.PRINT and "user" not in more:
        more.setdefault("address", outbox.seal(channel, "081234567890"))
    return Draft(key, job_kinds.NOTE, channel, {"n": 1}, **more)


def work():
    """Every due job once, as a worker would."""
    for pk in list(Job.objects.claimable().values_list("pk", flat=True)):
        jobs.run(pk)


@pytest.fixture
def gateway(monkeypatch):
    """A gateway of SMS whose answers a test decides; it writes down what it was given."""

    class Given:
        answers, seen = [], []

        def send(self, parcel):
            self.seen.append(parcel)
            if self.answers:
                raise self.answers.pop(0)

    given = Given()
    given.answers, given.seen = [], []
    monkeypatch.setattr(outbox, "gateway_of", lambda channel: given)
    return given


def only():
    return Message.objects.get()


@pytest.mark.django_db
def test_a_posted_message_goes_out_once(gateway):
    outbox.post(note(), now=NOON)
    outbox.post(note(), now=NOON)

    work()
    outbox.keep_going(now=NOON + timedelta(minutes=1))
    work()

    assert [(parcel.to, parcel.subject) for parcel in gateway.seen] == [("081234567890", "Catatan 1")]
    assert only().state == MessageState.SENT


@pytest.mark.django_db(transaction=True)
def test_a_message_whose_cause_is_rolled_back_was_never_there(gateway):
    with transaction.atomic():
        outbox.post(note(), now=NOON)
        transaction.set_rollback(True)

    assert not Message.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_many_messages_are_posted_in_a_few_statements_and_known_keys_left_alone(
    gateway, django_assert_max_num_queries
):
    outbox.post(note("catatan:3"), now=NOON)

    with django_assert_max_num_queries(8):
        posted = outbox.post_many([note(f"catatan:{n}") for n in range(100)], now=NOON)
    work()

    assert posted == 99
    assert len({parcel.key for parcel in gateway.seen}) == len(gateway.seen) == 100


@pytest.mark.django_db
def test_a_gateway_that_is_away_is_tried_again_later_and_later(gateway):
    gateway.answers = [Unreachable("HTTP 503")] * 3
    outbox.post(note(), now=NOON)

    work()
    first = only()
    outbox.keep_going(now=first.next_try - timedelta(seconds=1))
    work()
    too_early = only().attempts
    outbox.keep_going(now=first.next_try)
    work()
    second = only()

    assert (first.state, first.failures, too_early) == (MessageState.WAITING, 1, 1)
    assert (second.failures, second.error) == (2, "Unreachable: HTTP 503")
    assert [outbox._pause(n) for n in (1, 2, 3, 12)] == [
        timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4), timedelta(hours=6),
    ]  # fmt: skip


@pytest.mark.django_db
def test_after_the_last_failure_a_message_is_dead_until_a_person_sends_it_again(gateway):
    gateway.answers = [Unreachable("HTTP 503")] * outbox.MOST_FAILURES
    outbox.post(note(), now=NOON)
    for _ in range(outbox.MOST_FAILURES + 3):
        work()
        outbox.keep_going(now=only().next_try)
    dead = only()

    revived = outbox.resend(message=dead, now=NOON)
    twice = outbox.resend(message=dead, now=NOON)
    work()

    assert (dead.state, dead.failures) == (MessageState.WAITING, 0)
    assert len(gateway.seen) == outbox.MOST_FAILURES + 1
    assert (revived, twice) == (True, False)
    assert only().state == MessageState.SENT


@pytest.mark.django_db
def test_what_the_gateway_will_never_take_is_dead_at_once(gateway):
    gateway.answers = [Refused("HTTP 400")]
    outbox.post(note(), now=NOON)

    work()

    assert (only().state, only().error) == (MessageState.DEAD, "Refused: HTTP 400")


@pytest.mark.django_db
def test_a_message_of_no_use_any_more_is_not_sent(gateway):
    now = timezone.now()
    outbox.post(note("catatan:1", valid_until=now), now=now)
    outbox.post(note("catatan:2", valid_until=now + timedelta(minutes=15)), now=now)

    work()

    assert [parcel.key for parcel in gateway.seen] == ["catatan:2"]
    assert Message.objects.get(key="catatan:1").state == MessageState.LAPSED


@pytest.mark.django_db
def test_a_gateway_that_comes_back_late_sends_no_old_code(gateway):
    now = timezone.now()
    gateway.answers = [Unreachable("HTTP 503")]
    outbox.post(note(valid_until=now + timedelta(minutes=15)), now=now)
    work()

    outbox.keep_going(now=now + timedelta(minutes=14))
    waiting = only().state
    outbox.keep_going(now=now + timedelta(minutes=15))
    work()

    assert (waiting, only().state) == (MessageState.WAITING, MessageState.LAPSED)
    assert len(gateway.seen) == 1
    assert not outbox.resend(message=only(), now=now)


@pytest.mark.django_db
def test_a_message_that_is_on_its_way_when_its_time_ends_counts_as_sent(gateway, monkeypatch):
    until = timezone.now() + timedelta(minutes=15)
    outbox.post(note(valid_until=until), now=NOON)
    monkeypatch.setattr(gateway, "send", lambda parcel: outbox.keep_going(now=until), raising=False)

    work()

    assert (only().state, only().parts) == (MessageState.SENT, 1)


@pytest.mark.django_db
def test_nobody_revives_a_dead_message_that_would_come_too_late(gateway):
    gateway.answers = [Refused("HTTP 400")]
    outbox.post(note(valid_until=timezone.now() + timedelta(minutes=15)), now=NOON)
    work()

    later = timezone.now() + timedelta(minutes=16)

    assert (only().state, outbox.resend(message=only(), now=later)) == (MessageState.DEAD, False)


@pytest.mark.django_db
def test_without_a_gateway_messages_wait_and_are_not_used_up(settings, monkeypatch):
    settings.IS_DEMO, settings.GATEWAY_URL = False, ""
    outbox.post(note(), now=NOON)

    for _ in range(outbox.MOST_FAILURES + 1):
        work()
        outbox.keep_going(now=only().next_try)

    assert (only().state, only().failures) == (MessageState.WAITING, 0)
    assert NotSetUp.__name__ in only().error


@pytest.mark.django_db
def test_a_message_names_no_nik_and_its_address_is_sealed(gateway):
    with pytest.raises(ValueError, match="NIK"):
        outbox.post(Draft("x", job_kinds.NOTE, Channel.SMS, {"n": "5203995212809001"}), now=NOON)
    outbox.post(note(), now=NOON)

    assert b"081234567890" not in bytes(only().sealed)
    assert outbox.masked_recipient(only()) == "*********890"


@pytest.mark.django_db
def test_a_message_to_nobody_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="message_has_an_address"), transaction.atomic():
        outbox.post(Draft("x", job_kinds.NOTE, Channel.SMS, {"n": 1}), now=NOON)


@pytest.mark.django_db
def test_an_address_is_forgotten_ninety_days_after_it_served(gateway):
    outbox.post(note(), now=NOON)
    work()
    sent = only().finished_at

    outbox.keep_going(now=sent + timedelta(days=89))
    before = only().sealed
    outbox.keep_going(now=sent + timedelta(days=91))

    assert before is not None
    assert only().sealed is None


@pytest.mark.django_db
def test_a_letter_waits_for_the_person_who_prints_it():
    outbox.post(note(channel=Channel.PRINT), now=NOON)
    outbox.keep_going(now=NOON)

    assert not Job.objects.exists()
    assert (outbox.mark_printed([only().pk], now=NOON), outbox.mark_printed([only().pk], now=NOON)) == (1, 0)
    assert only().state == MessageState.SENT


@pytest.mark.django_db
def test_e_mail_goes_by_smtp_to_the_account_with_a_stable_id(settings, django_user_model):
    settings.SMTP_URL, settings.MAIL_FROM = "smtp://mail:25", "Bansos <bansos@contoh.invalid>"
    user = django_user_model.objects.create_user("kepala", email="kepala@contoh.invalid")
    outbox.post(note(channel=Channel.EMAIL, user=user), now=NOON)

    work()

    (letter,) = mail.outbox
    assert letter.to == ["kepala@contoh.invalid"]
    assert letter.extra_headers["Message-ID"] == "<catatan:1@contoh.invalid>"


@pytest.mark.django_db
def test_an_account_without_an_address_is_shown_to_a_person(settings, django_user_model):
    settings.SMTP_URL = "smtp://mail:25"
    user = django_user_model.objects.create_user("kepala")
    outbox.post(note(channel=Channel.EMAIL, user=user), now=NOON)

    work()

    assert only().state == MessageState.DEAD
    assert "alamat e-mail" in only().error


@pytest.mark.parametrize(
    ("code", "outcome"), [(202, None), (400, Refused), (404, Refused), (429, Unreachable), (503, Unreachable)]
)
def test_the_http_gateway_gets_the_key_and_its_answer_is_understood(code, outcome, http_gateway):
    seen, codes = http_gateway
    codes.append(code)
    parcel = gateways.Parcel("catatan:1", Channel.SMS, "0812", "", "Ada kabar.")

    raised = None
    try:
        gateways.gateway_of(Channel.SMS).send(parcel)
    except Exception as error:
        raised = type(error)

    assert raised is outcome
    ((key, told),) = seen
    assert (key, told["to"], told["reference"]) == ("catatan:1", "0812", "catatan:1")


@pytest.mark.django_db
def test_the_shelf_of_the_demo_keeps_a_key_once():
    parcel = gateways.Parcel("catatan:1", Channel.SMS, "0812", "Judul", "Ada kabar.")

    for _ in range(2):
        gateways.gateway_of(Channel.SMS).send(parcel)

    assert ShelvedMessage.objects.get().body == "Ada kabar."


def test_a_server_that_is_not_there_is_unreachable(settings):
    settings.GATEWAY_URL = "http://127.0.0.1:9/"

    with pytest.raises(Unreachable):
        gateways.Http().send(gateways.Parcel("k", Channel.SMS, "0812", "", "x"))


@pytest.mark.django_db
def test_a_job_that_died_with_its_process_leaves_a_dead_message_not_a_forgotten_one():
    outbox.post(note(), now=NOON)
    Job.objects.update(state="DEAD", finished_at=NOON, error="proses berhenti")

    outbox.keep_going(now=NOON)

    assert only().state == MessageState.DEAD


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_kills_flushes_and_doubled_messages_lose_nothing_and_note_nothing_twice(http_gateway, live_worker):
    seen, _codes = http_gateway
    drafts = [note(f"catatan:{n}") for n in range(60)]

    for at in range(0, 60, 20):
        outbox.post_many(drafts[at : at + 20], now=NOON)
        processes.wake(*Job.objects.values_list("pk", flat=True))
        time.sleep(0.3 * at / 20)  # so that the kill falls before, into and after the sending
        live_worker.broker.flushdb()
        live_worker.worker.restart()
    live_worker.finished(*Job.objects.all())

    keys = [key for key, _told in seen]
    assert Message.objects.filter(state=MessageState.SENT, attempts=1).count() == 60
    assert set(keys) == {draft.key for draft in drafts}
    assert len(keys) <= 60 + 2 * 3  # a kill repeats what its two children were sending, under the same keys
