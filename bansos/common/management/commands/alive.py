"""`manage.py alive worker|sweep|beat`: exits 0 while that process shows signs of life; for container health checks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bansos.common import heartbeats

SILENT_S = 45.0


class Command(BaseCommand):
    help = "Fail unless the named process has shown a sign of life within 45 seconds."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=[heartbeats.WORKER, heartbeats.SWEEP, heartbeats.BEAT])

    def handle(self, **options: Any) -> None:
        if not heartbeats.is_alive(options["name"], within_s=SILENT_S):
            raise CommandError(f"{options['name']} is silent")
        self.stdout.write("ok")
