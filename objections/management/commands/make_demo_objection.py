from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from objections import codes, demo, services
from objections.enums import Reason

DEMO_PHONE = "081200009001"  # invented, and the demo sends nothing: what would go there is put on the shelf


class Command(BaseCommand):
    help = "File one objection for an invented family and print its number and PIN as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        family = demo.family()
        member = demo.member_of(family) if family else None
        if family is None or member is None or member.birth_date is None:
            raise CommandError("No invented family with a birth date stands in the published release.")
        form = services.Filing(
            nik=member.person.nik.reveal(),
            birth_date=member.birth_date,
            reasons=[Reason.INCOME_FELL, Reason.HOUSE],
            story="Suami sudah berhenti bekerja sejak tahun lalu. Rumah kami masih berdinding bambu.",
            village_id=family.village_id,
            phone=DEMO_PHONE,
        )
        objection = services.file(form=form, now=timezone.now())
        self.stdout.write(json.dumps({"receipt_no": objection.receipt_no, "pin": codes.grouped(form.pin)}))
