"""What every page says of the office: one place, from the environment."""

from __future__ import annotations

import os

from django.http import HttpRequest

OFFICE = {
    "name": os.environ.get("BANSOS_OFFICE", "Dinas Sosial Kabupaten Lombok Timur"),
    "phone": os.environ.get("BANSOS_OFFICE_PHONE", "0376-000000"),
    "address": os.environ.get("BANSOS_OFFICE_ADDRESS", "bansos.lomboktimurkab.go.id"),
}


def office(_request: HttpRequest) -> dict[str, object]:
    return {"office": OFFICE}
