"""Load the national rule sets (eligibility/rulesets/*.toml), or those of another folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from eligibility import services
from eligibility.services.loading import FOLDER


class Command(BaseCommand):
    help = "Load the rule sets from their text files. Nothing is loaded unless every one resolves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER)

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        try:
            loaded = services.load_rule_sets(folder)
        except services.RuleError as error:
            raise CommandError(str(error)) from None
        news = ", ".join(loaded.new) or "none"
        self.stdout.write(
            f"{loaded.rule_sets} rule sets, new: {news}, ended: {', '.join(loaded.closed) or 'none'}"
        )
