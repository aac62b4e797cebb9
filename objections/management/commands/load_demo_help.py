from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from objections.enums import HelpRole
from objections.models import VillageHelp
from recipients.models import Region

WEEKDAYS = "Senin sampai Jumat, pukul 8-14"
# Sub-district, village ("" is the sub-district itself), role, name, hours, office phone, note.
HELPERS = (
    ("Masbagik", "Kesik", HelpRole.OPERATOR, "Amaq Contoh", WEEKDAYS, "0376-000101", "Di kantor desa."),
    ("Masbagik", "Kesik", HelpRole.FACILITATOR, "Inaq Contoh", "Selasa dan Kamis, pukul 9-12", "", "Di kantor desa."),
    ("Masbagik", "Danger", HelpRole.OPERATOR, "Baiq Contoh", WEEKDAYS, "0376-000102", ""),
    ("Masbagik", "", HelpRole.SUBDISTRICT, "Haji Contoh", WEEKDAYS, "0376-000100", "Loket pelayanan."),
    ("Selong", "Sandu Baya", HelpRole.VILLAGE, "Lalu Contoh", WEEKDAYS, "0376-000201", ""),
)  # fmt: skip


class Command(BaseCommand):
    help = "Invented helpers for a few villages of the demo. Refuses on a real database."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMO:
            raise CommandError("Invented helpers are only made on the embedded servers.")
        made = [
            VillageHelp(region=_region(subdistrict, village), role=role, name=name, hours=hours,
                        office_phone=phone, note=note)
            for subdistrict, village, role, name, hours, phone, note in HELPERS
        ]  # fmt: skip
        VillageHelp.objects.bulk_create(made, ignore_conflicts=True)


def _region(subdistrict: str, village: str) -> Region:
    if not village:
        return Region.objects.subdistricts().get(name=subdistrict)
    return Region.objects.villages().get(name=village, parent__name=subdistrict)
