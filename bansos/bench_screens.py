"""Screens in `make bench`: how long a person waits who tries a rule out, or looks somebody up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

LOOKS = 40  # searches of each kind


def measure(families: int) -> dict[str, Any]:
    """After a release is decided."""
    return _simulation(families) | _screens()


def _simulation(families: int) -> dict[str, Any]:
    """One programme under another decile limit, and every programme under the rules of another year."""
    from datetime import date

    from django.utils import timezone

    from eligibility.services import simulating
    from eligibility.services.simulating import Compared
    from recipients.models import Programme

    today = timezone.localdate()
    programmes = list(Programme.objects.all())
    pkh = next(one for one in programmes if one.code == "PKH")
    now = simulating.in_force(pkh, today)
    one_of_them = [Compared.of(pkh, now, simulating.with_decile_limit(now, 5))]
    before = date(2025, 12, 1)
    all_of_them = [
        Compared.of(one, simulating.in_force(one, before), simulating.in_force(one, today))
        for one in programmes
    ]
    seconds = {
        "simulate_one_seconds_per_500k": one_of_them,
        "simulate_all_seconds_per_500k": all_of_them,
    }
    release = simulating.release_to_read(today)
    return {
        name: round(
            500_000 / families * simulating.compare(compared=compared, as_of=today, release=release).seconds,
            2,
        )
        for name, compared in seconds.items()
    }


def _screens() -> dict[str, Any]:
    """The slowest but one in twenty of the staff's look-ups, each a whole page in milliseconds (goal 300)."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    from recipients.models import FamilyCardNumber, PersonNik, WelfareSnapshot

    user = get_user_model().objects.create_superuser("bench.cari")
    client = Client(headers={"host": next(iter(settings.ALLOWED_HOSTS), "localhost")})
    client.force_login(user)
    search, families = (
        reverse("admin:recipients_family_search"),
        reverse("admin:recipients_family_changelist"),
    )

    def spread(rows: Any) -> list[Any]:
        """Rows from all over the table."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return list(rows.filter(pk__in=keys[:: max(len(keys) // LOOKS, 1)][:LOOKS]))

    def by_number(row: Any) -> None:
        assert client.post(search, {"q": row.reveal()}, follow=True).status_code == 200

    def by_name(row: Any) -> None:
        assert client.get(families, {"q": row.head_name}).status_code == 200

    standing = WelfareSnapshot.objects.filter(until_release=None)
    return {
        "find_nik_p95_ms": _p95(by_number, spread(PersonNik.objects.all())),
        "find_card_p95_ms": _p95(by_number, spread(FamilyCardNumber.objects.all())),
        "find_name_p95_ms": _p95(by_name, spread(standing)),
        "list_of_village_p95_ms": _p95(
            lambda row: client.get(families, {"desa": row.village_id}), spread(standing)
        ),
    }


def _p95(look: Callable[[Any], object], rows: list[Any]) -> int:
    took = sorted(_seconds(look, row) for row in rows)
    return round(1000 * took[int(0.95 * (len(took) - 1))])


def _seconds(look: Callable[[Any], object], row: Any) -> float:
    started = time.perf_counter()
    look(row)
    return time.perf_counter() - started


def rows(figures: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """Lines of the bench's table: name, value, note."""
    return [
        ("try one rule out, s per 500k", figures["simulate_one_seconds_per_500k"], "PKH, whole district"),
        ("try all rules out", figures["simulate_all_seconds_per_500k"], "every programme"),
        ("find by NIK, p95 ms", figures["find_nik_p95_ms"], "goal <= 300"),
        ("find by card number", figures["find_card_p95_ms"], "goal <= 300"),
        ("find by name", figures["find_name_p95_ms"], "goal <= 300"),
        ("list of a village", figures["list_of_village_p95_ms"], "goal <= 300"),
    ]
