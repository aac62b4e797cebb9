"""What is known from the start, and the office corrects in its own tables: the one schedule of the centre known for the
district (domain.md 3.1), and from where on a delivery looks wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from recipients.models.tolerances import USUAL, USUAL_BASIS


def fill(apps: Any, schema_editor: Any) -> None:
    apps.get_model("recipients", "SubmissionWindow").objects.create(
        name="SIKS-NG",
        from_day=1,
        to_day=11,
        valid_from=date(2025, 10, 1),
        basis="Berita daerah akhir 2025: tanggal 1 sampai 11; perlu ditetapkan kantor",
    )


def fill_limits(apps: Any, schema_editor: Any) -> None:
    table = apps.get_model("recipients", "Tolerance").objects
    table.bulk_create(table.model(code=code, value=value, basis=USUAL_BASIS) for code, value in USUAL.items())
