"""How a message leaves the house: SMTP, an HTTP gateway for SMS and WhatsApp, or a shelf of our own for demo and tests.

Which one serves a channel follows from the environment (README, "Settings"). An adapter sends under the message's key,
so that a gateway which knows the key already answers "done" and sends nothing: we may be killed between its answer and
our note of it.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from bansos.common.models import Channel, ShelvedMessage

TIMEOUT_S = 10
TRY_LATER = frozenset({408, 425, 429})  # the 4xx that speak of now, not of the message


class Unreachable(Exception):
    """Not now: the gateway is away, busy or not set up. Try again later."""


class Refused(Exception):
    """Never: the gateway will not take this message however often it is sent."""


@dataclass(frozen=True)
class Parcel:
    """One message ready to go. `key` is the same however often it is tried."""

    key: str
    channel: str
    to: str
    subject: str
    body: str


class Gateway(Protocol):
    def send(self, parcel: Parcel) -> None: ...


class Smtp:
    """BANSOS_SMTP_URL: smtp://user:password@host:587?tls=1, or smtps:// for TLS from the first byte."""

    def send(self, parcel: Parcel) -> None:
        parts = urlsplit(settings.SMTP_URL)
        server = get_connection(
            host=parts.hostname or "localhost",
            port=parts.port or (465 if parts.scheme == "smtps" else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_tls=parse_qs(parts.query).get("tls") == ["1"],
            use_ssl=parts.scheme == "smtps",
            timeout=TIMEOUT_S,
        )
        domain = settings.MAIL_FROM.rpartition("@")[2].rstrip(">")
        letter = EmailMessage(
            parcel.subject,
            parcel.body,
            from_email=settings.MAIL_FROM,
            to=[parcel.to],
            headers={"Message-ID": f"<{parcel.key}@{domain}>", "Auto-Submitted": "auto-generated"},
            connection=server,
        )
        try:
            letter.send()
        except SMTPRecipientsRefused as refusal:
            raise Refused("SMTP: alamat ditolak") from refusal
        except (SMTPException, OSError) as trouble:
            raise Unreachable(f"SMTP: {type(trouble).__name__}") from trouble


class Http:
    """BANSOS_GATEWAY_URL: takes a JSON object by POST, answers 2xx, and knows the Idempotency-Key header."""

    def send(self, parcel: Parcel) -> None:
        told = {"channel": parcel.channel, "to": parcel.to, "text": parcel.body, "reference": parcel.key}
        request = urllib.request.Request(
            settings.GATEWAY_URL,
            data=json.dumps(told).encode(),
            headers={
                "Content-Type": "application/json",
                "Idempotency-Key": parcel.key,
                "Authorization": f"Bearer {settings.GATEWAY_TOKEN}",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S):
                return
        except urllib.error.HTTPError as answer:
            answer.close()
            lasting = 400 <= answer.code < 500 and answer.code not in TRY_LATER
            raise (Refused if lasting else Unreachable)(f"HTTP {answer.code}") from None
        except OSError as trouble:
            raise Unreachable(f"HTTP: {type(trouble).__name__}") from trouble


class Shelf:
    """Demo and tests: the message stays here, under its key, and goes nowhere."""

    def send(self, parcel: Parcel) -> None:
        ShelvedMessage.objects.get_or_create(
            key=parcel.key,
            defaults={"channel": parcel.channel, "subject": parcel.subject, "body": parcel.body},
        )


class Nothing:
    """No gateway is set up for the channel: the message waits, and is not counted as tried."""

    def send(self, parcel: Parcel) -> None:
        raise NotSetUp(f"{parcel.channel}: belum ada gerbang kirim")


class NotSetUp(Unreachable):
    """Somebody has to name a gateway first."""


def gateway_of(channel: str) -> Gateway:
    if channel == Channel.EMAIL and settings.SMTP_URL:
        return Smtp()
    if channel in (Channel.SMS, Channel.WHATSAPP) and settings.GATEWAY_URL:
        return Http()
    return Shelf() if settings.IS_DEMO else Nothing()
