"""Costs of messages: counted in parts, stamped when sent, never rewritten, added up as they are."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bansos.common import costs, outbox
from bansos.common.models import Channel, Message, MessageState
from tests import job_kinds
from tests.objections.phone_steps import work

NOW = timezone.now()
COSTS = "/staf/common/message/biaya/"


@pytest.fixture
def prices(settings):
    settings.IS_DEMO, settings.COST_SMS, settings.COST_WHATSAPP = True, 350, 500
    return settings


def sent(key, channel):
    address = None if channel == Channel.PRINT else outbox.seal(channel, "081234567890")
    outbox.post(outbox.Draft(key, job_kinds.NOTE, channel, {"n": 1}, address=address), now=NOW)
    work()
    return Message.objects.get(key=key)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("a" * 159 + "€", 2), ("a" * 158 + "€", 1),
        ("a" * 69 + "ē", 1), ("a" * 70 + "ē", 2), ("a" * 133 + "ē", 2), ("a" * 134 + "ē", 3),
        ("a" * 69 + "\U0001f600", 2),
    ],
)  # fmt: skip
def test_parts_are_counted_as_the_networks_count_them(text, parts):
    assert costs.sms_parts(text) == parts


@pytest.mark.django_db
def test_parts_and_price_are_stamped_when_sent_and_a_new_price_changes_no_old_row(prices):
    old = sent("catatan:1", Channel.SMS)
    prices.COST_SMS = 400
    new, chat = sent("catatan:2", Channel.SMS), sent("catatan:3", Channel.WHATSAPP)
    old.refresh_from_db()

    assert [(one.parts, one.cost) for one in (old, new, chat)] == [(1, 350), (1, 400), (1, 500)]


@pytest.mark.django_db
def test_what_was_not_sent_costs_nothing_and_letters_have_no_parts(prices):
    letter = sent("surat:1", Channel.PRINT)
    outbox.mark_printed([letter.pk], now=NOW)
    letter.refresh_from_db()
    waiting = Message.objects.create(
        key="catatan:9", template=job_kinds.NOTE, channel=Channel.PRINT, posted_at=NOW, next_try=NOW
    )

    assert (letter.state, letter.parts, letter.cost) == (MessageState.SENT, None, None)
    with pytest.raises(IntegrityError, match="message_costs_once_sent"), transaction.atomic():
        Message.objects.filter(pk=waiting.pk).update(parts=1, cost=350)


@pytest.mark.django_db
def test_the_page_and_its_file_add_up_to_the_rows(prices, client, admin_user):
    for n in range(3):
        sent(f"catatan:{n}", Channel.SMS)
    sent("catatan:4", Channel.WHATSAPP)
    client.force_login(admin_user)

    page = client.get(COSTS)
    file = b"".join(client.get("/staf/common/message/biaya.csv").streaming_content).decode()

    assert page.context["total"] == {"messages": 4, "parts": 4, "cost": 3 * 350 + 500}
    month = timezone.localdate().strftime("%Y-%m")
    assert f'"{month}","SMS","{job_kinds.NOTE}","3","3","1050"' in file
    assert f'"{month}","WhatsApp","{job_kinds.NOTE}","1","1","500"' in file


@pytest.mark.django_db
def test_a_price_that_nobody_filled_in_is_said(prices, client, admin_user):
    prices.COST_SMS = 0
    sent("catatan:1", Channel.SMS)
    client.force_login(admin_user)

    page = client.get(COSTS).content.decode()

    assert "Harga SMS belum diisi" in page
    assert ">harga belum diisi<" in page
