"""`/healthz` and `/readyz`: yes or no, in JSON, without a word about the inside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from bansos import health
from bansos.common import heartbeats
from bansos.common.models import Heartbeat

ALL_WELL = {"database": True, "broker": True, "worker": True, "sweep": True, "migrations": True}


@pytest.fixture
def processes_alive(db):
    heartbeats.beat(heartbeats.WORKER)
    heartbeats.beat(heartbeats.SWEEP)


def test_healthz_answers_without_a_database(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readyz_says_yes_when_everything_is_there(client, processes_alive):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": ALL_WELL}


@pytest.mark.parametrize(("name", "silent_s"), [("worker", 46), ("sweep", 31)])
def test_readyz_says_no_when_a_process_is_silent(client, processes_alive, name, silent_s):
    Heartbeat.objects.filter(name=name).update(seen_at=Now() - timedelta(seconds=silent_s))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == ALL_WELL | {name: False}


def test_readyz_says_no_when_a_process_never_came(client, db):
    answer = client.get("/readyz")

    assert answer.json()["checks"] == ALL_WELL | {"worker": False, "sweep": False}


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "unix:///nowhere/valkey.sock"])
def test_readyz_says_no_without_a_broker_and_names_no_address(client, processes_alive, settings, url):
    settings.REDIS_URL = url

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"] == ALL_WELL | {"broker": False}


def test_readyz_says_no_while_a_migration_waits(client, processes_alive, monkeypatch):
    monkeypatch.setattr(health, "_migrated", set())
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda *_: [("common", "0002_later")])

    answer = client.get("/readyz")

    assert answer.json()["checks"] == ALL_WELL | {"migrations": False}


def test_health_pages_take_no_orders(client, db):
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405
