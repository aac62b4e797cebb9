"""Times of service proposed for the office (ux.md G25), which it sets in its own table."""

from __future__ import annotations

from typing import Any

TIMES = {
    "URGENT": (1, "Jalur mendesak PBI-JK; perlu ditetapkan kantor"),
    "TRIAGE": (3, "Usul layanan, setara LAPOR!; perlu ditetapkan kantor"),
    "EXPLAIN": (5, "Usul layanan; perlu ditetapkan kantor"),
    "VISIT": (10, "Usul layanan; perlu ditetapkan kantor"),
    "COMPLETION": (10, "Usul layanan; lewat waktu tidak menutup sanggahan"),
    "REEXAM": (10, "Usul layanan; perlu ditetapkan kantor"),
    "DECISION": (14, "Waktu sanggah di Cek Bansos, 14 hari; perlu ditetapkan kantor"),
    "OBJECT": (20, "Uji coba Banyuwangi: satu bulan; perlu ditetapkan kantor"),
}


def fill(apps: Any, schema_editor: Any) -> None:
    service_times = apps.get_model("objections", "ServiceTime")
    service_times.objects.bulk_create(
        service_times(step=step, working_days=days, basis=basis) for step, (days, basis) in TIMES.items()
    )
