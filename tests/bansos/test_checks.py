"""The start-up checks: each is given the mistake it is there for."""

from __future__ import annotations

import importlib.util
from base64 import b64encode

import pytest
from django.core.checks import run_checks

from bansos import checks
from recipients import roles


def key(byte: int, length: int = 32) -> str:
    return b64encode(bytes([byte]) * length).decode()


def ids(found) -> list[str]:
    return [problem.id for problem in found]


def test_the_project_as_it_stands_is_accepted():
    assert [problem.id for problem in run_checks() if problem.id.startswith("bansos.")] == []


@pytest.mark.parametrize("secret", ["short", "django-insecure-" + "x" * 60, "change-me" + "x" * 60])
def test_a_guessable_secret_key_is_refused(settings, secret):
    settings.SECRET_KEY = secret

    assert ids(checks.check_secret_key()) == ["bansos.E001"]


@pytest.mark.parametrize(
    ("vault_keys", "wanted"),
    [
        ("", ["bansos.E002"]),
        (f"1:{key(1, 16)}", ["bansos.E002"]),
        (f"0:{key(1)}", ["bansos.E002"]),
        (f"256:{key(1)}", ["bansos.E002"]),
        ("1:not base64!", ["bansos.E002"]),
        (key(1), ["bansos.E002"]),
        (f"1:{key(1)},1:{key(2)}", ["bansos.E003"]),
        (f"2:{key(2)},1:{key(1)}", []),
    ],
)
def test_vault_keys_must_be_numbered_and_32_bytes_long(settings, vault_keys, wanted):
    settings.VAULT_KEYS, settings.VAULT_INDEX_KEY = vault_keys, key(9)

    assert ids(checks.check_vault_keys()) == wanted


@pytest.mark.parametrize("index_key", ["", key(9, 31), key(1)])
def test_the_index_key_is_32_bytes_and_no_vault_key(settings, index_key):
    settings.VAULT_KEYS, settings.VAULT_INDEX_KEY = f"1:{key(1)}", index_key

    assert ids(checks.check_vault_keys()) == ["bansos.E004"]


def test_psycopg_3_beside_psycopg2_is_noticed(monkeypatch):
    assert ids(checks.check_driver()) == []

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())

    assert ids(checks.check_driver()) == ["bansos.W005"]


def test_debug_is_refused(settings):
    settings.DEBUG = True

    assert ids(checks.check_debug()) == ["bansos.E006"]


def test_demo_mode_is_noticed_in_a_deployment(settings):
    settings.IS_DEMO = False
    assert ids(checks.check_no_demo()) == []

    settings.IS_DEMO = True

    assert ids(checks.check_no_demo()) == ["bansos.W009"]


def test_the_embedded_broker_evicts_nothing():
    assert ids(checks.check_broker_keeps_everything(databases=["default"])) == []


def test_an_evicting_broker_is_refused(monkeypatch):
    monkeypatch.setattr(checks.redis.Redis, "info", lambda *_: {"maxmemory_policy": "allkeys-lru"})

    assert ids(checks.check_broker_keeps_everything(databases=["default"])) == ["bansos.E008"]


def test_a_silent_broker_is_a_warning_only(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert ids(checks.check_broker_keeps_everything(databases=["default"])) == ["bansos.W007"]


def test_the_broker_is_not_asked_unless_databases_are():
    assert checks.check_broker_keeps_everything(databases=None) == []


def test_a_role_that_joins_two_duties_is_found(monkeypatch):
    monkeypatch.setitem(roles.ROLES, "data_admin", (*roles.ROLES["data_admin"], roles.APPROVE))

    assert ids(checks.check_duties_apart()) == ["bansos.E010"]


def test_a_pair_that_is_missing_from_the_table_is_found(monkeypatch):
    monkeypatch.setattr(roles, "INCOMPATIBLE", roles.INCOMPATIBLE[1:])

    assert ids(checks.check_duties_apart()) == ["bansos.E010"]
