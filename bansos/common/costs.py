"""What messages cost: how many parts one is, at which price, and what went out by month, channel and kind.

Parts and cost are stamped on the row when it is sent (docs/decisions/0010): a later price changes no past.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth

from bansos.common.models import Channel, Message, MessageState

# GSM 03.38: the characters of one septet, and those that take two.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("\f^{}\\[~]|€")
GSM_PART, GSM_OF_MANY = 160, 153
UCS2_PART, UCS2_OF_MANY = 70, 67


@dataclass(frozen=True)
class Charge:
    parts: int | None
    cost: int | None


@dataclass(frozen=True)
class Line:
    """What went out in one month by one channel about one kind of thing."""

    month: date
    channel: str
    template: str
    messages: int
    parts: int
    cost: int


def charge(channel: str, text: str) -> Charge:
    """At today's price. An e-mail and a letter have no parts and no price here."""
    if channel == Channel.SMS:
        parts = sms_parts(text)
        return Charge(parts, parts * settings.COST_SMS)
    if channel == Channel.WHATSAPP:
        return Charge(1, settings.COST_WHATSAPP)
    return Charge(None, None)


def sms_parts(text: str) -> int:
    """One character outside GSM-7 makes the whole message UCS-2, where a character outside the BMP counts twice."""
    if _GSM.union(_GSM_TWICE).issuperset(text):
        return _parts(len(text) + sum(sign in _GSM_TWICE for sign in text), GSM_PART, GSM_OF_MANY)
    return _parts(len(text.encode("utf-16-be")) // 2, UCS2_PART, UCS2_OF_MANY)


def _parts(length: int, one: int, of_many: int) -> int:
    return 1 if length <= one else -(-length // of_many)


def unpriced() -> list[Channel]:
    """Channels whose price nobody has filled in: what they send counts as nothing."""
    prices = {Channel.SMS: settings.COST_SMS, Channel.WHATSAPP: settings.COST_WHATSAPP}
    return [channel for channel, price in prices.items() if not price]


def by_month() -> list[Line]:
    """What was sent, newest month first."""
    sent = Message.objects.filter(state=MessageState.SENT).annotate(month=TruncMonth("finished_at"))
    grouped = sent.values("month", "channel", "template").annotate(
        messages=Count("pk"), all_parts=Sum("parts", default=0), all_cost=Sum("cost", default=0)
    )
    return [
        Line(
            row["month"].date(),
            row["channel"],
            row["template"],
            row["messages"],
            row["all_parts"],
            row["all_cost"],
        )
        for row in grouped.order_by("-month", "channel", "template")
    ]
