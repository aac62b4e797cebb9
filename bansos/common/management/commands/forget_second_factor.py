"""`manage.py forget_second_factor NAME`: for the one keeper of accounts who lost the own phone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bansos.common import second_factor


class Command(BaseCommand):
    help = "Take the phone off an account, on the server: its owner signs in with the password and sets up another."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name of the account")

    def handle(self, *, name: str, **_options: Any) -> None:
        account = User.objects.filter(username=name).first()
        if account is None:
            raise CommandError(f"No account is called {name}.")
        if not second_factor.forget(user=account, by=account, now=timezone.now()):
            raise CommandError(f"{name} has no phone set up.")
        self.stdout.write(f"{name} signs in with the password now and sets up a phone.")
