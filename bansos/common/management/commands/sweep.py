"""`manage.py sweep`: the process that wakes the workers for due jobs."""

from __future__ import annotations

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from bansos.common.sweep import Sweep


class Command(BaseCommand):
    help = "Find due jobs and send their ids to the workers, until stopped."

    def handle(self, **_options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Sweep(stop).run()
