"""System checks: refuse a configuration that would lose jobs, open the vault or serve with a guessable key."""

from __future__ import annotations

import importlib.util
from base64 import b64decode
from binascii import Error as NotBase64
from typing import Any

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

KEY_BYTES = 32
SHORTEST_SECRET = 50
DEFAULT_SECRETS = ("django-insecure", "change", "secret", "ganti")
README = "See README, 'Settings'."


def register_all() -> None:
    register(check_secret_key, Tags.security)
    register(check_vault_keys, Tags.security)
    register(check_driver)
    register(check_duties_apart)
    register(check_debug, Tags.security, deploy=True)
    register(check_no_demo, Tags.security, deploy=True)
    register(check_second_factor, Tags.security, deploy=True)
    register(check_messages_go_out, Tags.security, deploy=True)
    register(check_broker_keeps_everything, Tags.database)


def check_secret_key(**_options: Any) -> list[CheckMessage]:
    secret = settings.SECRET_KEY
    if len(secret) >= SHORTEST_SECRET and not secret.lower().startswith(DEFAULT_SECRETS):
        return []
    return [Error("BANSOS_SECRET_KEY is short or a default.", hint=README, id="bansos.E001")]


def check_vault_keys(**_options: Any) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    vault_keys = [_vault_key(entry) for entry in settings.VAULT_KEYS.split(",")]
    ids = [number for number, _secret in vault_keys]
    if not all(0 < number < 256 and len(secret) == KEY_BYTES for number, secret in vault_keys):
        problems.append(
            Error(
                "BANSOS_VAULT_KEYS must be 'id:base64 of 32 bytes', id 1 to 255.",
                hint=README,
                id="bansos.E002",
            )
        )
    if len(set(ids)) != len(ids):
        problems.append(Error("BANSOS_VAULT_KEYS names a key id twice.", hint=README, id="bansos.E003"))
    index_key = _decoded(settings.VAULT_INDEX_KEY)
    if len(index_key) != KEY_BYTES or index_key in [secret for _number, secret in vault_keys]:
        problems.append(
            Error("BANSOS_INDEX_KEY must be base64 of 32 bytes of its own.", hint=README, id="bansos.E004")
        )
    return problems


def _vault_key(entry: str) -> tuple[int, bytes]:
    number, _, secret = entry.partition(":")
    return (int(number) if number.strip().isdecimal() else 0), _decoded(secret)


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return b""


def check_driver(**_options: Any) -> list[CheckMessage]:
    """Django takes psycopg 3 without a word when it can be imported, and COPY is written for psycopg2."""
    if importlib.util.find_spec("psycopg") is None:
        return []
    return [
        Warning(
            "psycopg 3 is installed and Django would prefer it.", hint="Uninstall psycopg.", id="bansos.W005"
        )
    ]


def check_duties_apart(**_options: Any) -> list[CheckMessage]:
    from recipients.roles import uncovered_conflicts

    return [
        Error(
            f"Roles join duties that two people share: {roles}.", hint="recipients/roles.py", id="bansos.E010"
        )
        for roles in uncovered_conflicts()
    ]


def check_debug(**_options: Any) -> list[CheckMessage]:
    return [Error("DEBUG shows settings and data to strangers.", id="bansos.E006")] if settings.DEBUG else []


def check_no_demo(**_options: Any) -> list[CheckMessage]:
    if not settings.IS_DEMO:
        return []
    return [
        Warning("Demo mode: plain HTTP, keys beside the data.", hint="Unset BANSOS_DEMO.", id="bansos.W009")
    ]


def check_second_factor(**_options: Any) -> list[CheckMessage]:
    if settings.SECOND_FACTOR_REQUIRED:
        return []
    return [
        Warning(
            "Staff may come in with a password alone.",
            hint="Unset BANSOS_SECOND_FACTOR.",
            id="bansos.W012",
        )
    ]


def check_messages_go_out(**_options: Any) -> list[CheckMessage]:
    missing = [
        name
        for name, value in (
            ("BANSOS_SMTP_URL", settings.SMTP_URL),
            ("BANSOS_GATEWAY_URL", settings.GATEWAY_URL),
        )
        if not value
    ]
    return [
        Warning(
            f"{name} is not set: messages of its channel wait and are not sent.",
            hint=README,
            id="bansos.W011",
        )
        for name in missing
    ]


def check_broker_keeps_everything(databases: Any = None, **_options: Any) -> list[CheckMessage]:
    """An evicting Redis empties the queue when memory runs short; the sweep would have to send everything again."""
    if not databases:
        return []
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            policy = client.info("memory").get("maxmemory_policy")
    except redis.RedisError as error:
        return [Warning(f"Redis did not answer ({type(error).__name__}); jobs will wait.", id="bansos.W007")]
    if policy == "noeviction":
        return []
    return [
        Error(
            f"Redis may evict wake-ups (maxmemory-policy {policy}).", hint="Set noeviction.", id="bansos.E008"
        )
    ]
