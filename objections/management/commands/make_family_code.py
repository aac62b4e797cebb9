from __future__ import annotations

import json
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from objections import codes, demo
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family, FamilyCardNumber


class Command(BaseCommand):
    help = "Make a letter code for a family: by --card-no, or --any for an invented one."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--card-no")
        which.add_argument(
            "--any", action="store_true", help="an invented family, moved across a ceiling if any"
        )
        parser.add_argument("--by", help="user name the code is made and logged under")
        parser.add_argument("--json", action="store_true")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        family = self._family(options)
        by = self._user(options["by"])
        record_access(by=by, kind=Access.PRINT_LETTER, family=family, subject="make_family_code", rows=1)
        made = codes.make_letter_codes(families=[family], by=by, today=timezone.localdate())
        card_no = FamilyCardNumber.objects.get(family=family).masked()
        answer = {"code": made[family.pk], "card_no_masked": card_no}
        self.stdout.write(json.dumps(answer) if options["json"] else f"{answer['code']}  ({card_no})")

    def _family(self, options: dict[str, Any]) -> Family:
        card_no = options["card_no"]
        family = Family.objects.with_card_no(card_no).first() if card_no else demo.family()
        if family is None:
            raise CommandError("No such family.")
        return family

    def _user(self, name: str | None) -> Any:
        users = get_user_model().objects.filter(is_active=True).order_by("pk")
        user = users.filter(username=name).first() if name else users.first()
        if user is None:
            raise CommandError("No user to make the code under: give --by USER.")
        return user
