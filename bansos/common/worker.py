"""Signs of life of Celery's worker and beat: a row each, renewed by a thread of their main process."""

from __future__ import annotations

import logging
import threading

from celery.signals import beat_init, worker_ready, worker_shutting_down

logger = logging.getLogger(__name__)

EVERY_S = 10.0
_stop = threading.Event()


def show_signs_of_life() -> None:
    """Connect to Celery's signals; any other process that imports the app is not touched."""
    worker_ready.connect(_start_worker)
    beat_init.connect(_start_beat)
    worker_shutting_down.connect(_finish)


def _start_worker(**_signal: object) -> None:
    _start("worker")


def _start_beat(**_signal: object) -> None:
    _start("beat")


def _start(name: str) -> None:
    _stop.clear()
    threading.Thread(target=_beat, args=(name,), name="heartbeat", daemon=True).start()


def _finish(**_signal: object) -> None:
    _stop.set()


def _beat(name: str) -> None:
    from django.db import Error as DatabaseTrouble
    from django.db import connection

    from bansos.common import heartbeats

    while True:
        try:
            heartbeats.beat(name)
        except DatabaseTrouble:
            logger.warning("the heartbeat found no database; trying again in %.0f s", EVERY_S)
        finally:
            connection.close()  # nothing open is inherited when the pool forks a new child
        if _stop.wait(EVERY_S):
            return
