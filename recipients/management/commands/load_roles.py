from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from recipients.roles import install_roles


class Command(BaseCommand):
    help = "Make the groups of recipients/roles.py have exactly the permissions written there."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Peran: " + ", ".join(install_roles()))
