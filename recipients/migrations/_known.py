"""The one schedule known for the district (domain.md 3.1); the office corrects it in its own table."""

from __future__ import annotations

from datetime import date
from typing import Any


def fill(apps: Any, schema_editor: Any) -> None:
    apps.get_model("recipients", "SubmissionWindow").objects.create(
        name="SIKS-NG",
        from_day=1,
        to_day=11,
        valid_from=date(2025, 10, 1),
        basis="Berita daerah akhir 2025: tanggal 1 sampai 11; perlu ditetapkan kantor",
    )
