from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from recipients.models import Region, StaffArea
from recipients.roles import LABELS, install_roles

DEMO_PASSWORD = "contoh-lombok-timur"


@dataclass(frozen=True)
class Login:
    username: str
    role: str
    first_name: str
    area: tuple[str, str] | None = None  # sub-district, village ("" is the whole sub-district)


LOGINS = (
    Login("kepala.dinas", "office_head", "Baiq Contoh"),
    Login("sekretaris.dinas", "office_head", "Mamiq Contoh"),  # a second look takes another head
    Login("verifikator", "office_verifier", "Lalu Contoh"),
    Login("verifikator.dua", "office_verifier", "Nurul Contoh"),  # and another verifier
    Login("data.admin", "data_admin", "Sri Contoh"),
    Login("operator.kesik", "village_operator", "Amaq Contoh", ("Masbagik", "Kesik")),
    Login("pendamping", "facilitator", "Inaq Contoh", ("Masbagik", "Kesik")),
    Login("koordinator.masbagik", "subdistrict_coordinator", "Haji Contoh", ("Masbagik", "")),
    Login("agen", "assisted_agent", "Agen Contoh", ("Masbagik", "Kesik")),
    Login("auditor", "auditor", "Auditor Contoh"),
    Login("admin.sistem", "system_admin", "Teknisi Contoh"),
)


class Command(BaseCommand):
    help = "One login per role for the demo, two where a second look takes another person. Refuses on a real database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_DEMO:
            raise CommandError(
                "Demo logins share one known password: they are only made on the embedded servers."
            )
        with transaction.atomic():
            install_roles()
            hashed = make_password(DEMO_PASSWORD)
            for login in LOGINS:
                _make(login, hashed)
        self._tell(as_json=options["json"])

    def _tell(self, *, as_json: bool) -> None:
        rows = [
            {**asdict(login), "role_label": LABELS[login.role], "password": DEMO_PASSWORD} for login in LOGINS
        ]
        if as_json:
            self.stdout.write(json.dumps({"logins": rows}, ensure_ascii=False))
            return
        self.stdout.write(f"Kata sandi semua: {DEMO_PASSWORD}")
        for row in rows:
            self.stdout.write(f"  {row['username']:<22} {row['role_label']}")


def _make(login: Login, hashed: str) -> None:
    user, _made = User.objects.update_or_create(
        username=login.username,
        defaults={
            "first_name": login.first_name,
            "email": f"{login.username}@contoh.invalid",
            "is_staff": True,
            "is_active": True,
            "password": hashed,
        },
    )
    user.groups.set([Group.objects.get(name=login.role)])
    if login.area:
        StaffArea.objects.get_or_create(user=user, region=_region(*login.area))


def _region(subdistrict: str, village: str) -> Region:
    found = Region.objects.subdistricts().filter(name=subdistrict)
    if village:
        found = Region.objects.villages().filter(parent__in=found, name=village)
    region = found.first()
    if region is None:
        raise CommandError(f"Region {subdistrict} {village} is missing: run load_regions first.")
    return region
