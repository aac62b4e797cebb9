"""`/healthz`: this process answers. `/readyz`: everything a request or a job needs is there. Yes or no, no details."""

from __future__ import annotations

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db import Error as DatabaseTrouble
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from bansos.common import db, heartbeats

logger = logging.getLogger(__name__)

BROKER_TIMEOUT_S = 1.0
WORKER_SILENT_S = 45.0
SWEEP_SILENT_S = 30.0
_migrated: set[str] = set()


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    found = {name: _holds(name, check) for name, check in CHECKS.items()}
    ready = all(found.values())
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", "checks": found}, status=200 if ready else 503
    )


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseTrouble, redis.RedisError, OSError) as error:
        logger.warning("readyz: %s fails with %s", name, type(error).__name__)
        return False


def _database_answers() -> bool:
    return db.fetch("SELECT 1") == [(1,)]


def _broker_answers() -> bool:
    timeouts = {"socket_timeout": BROKER_TIMEOUT_S, "socket_connect_timeout": BROKER_TIMEOUT_S}
    with redis.Redis.from_url(settings.REDIS_URL, **timeouts) as client:
        return bool(client.ping())


def _worker_is_alive() -> bool:
    return heartbeats.is_alive(heartbeats.WORKER, within_s=WORKER_SILENT_S)


def _sweep_is_alive() -> bool:
    return heartbeats.is_alive(heartbeats.SWEEP, within_s=SWEEP_SILENT_S)


def _all_migrated() -> bool:
    """Asked until it is true; migrations do not come undone under a running process."""
    if DEFAULT_DB_ALIAS not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(DEFAULT_DB_ALIAS)
    return True


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "broker": _broker_answers,
    "worker": _worker_is_alive,
    "sweep": _sweep_is_alive,
    "migrations": _all_migrated,
}
