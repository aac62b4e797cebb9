"""The decile ceilings that imports compare with: told by the rule sets above, never typed in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from recipients.models import DecileCeiling, Programme


@transaction.atomic
def publish_ceilings(programme: Programme, ceilings: Iterable[tuple[int, date, date | None]]) -> None:
    """Make these the programme's ceilings: (highest decile taken, first day, last day or None for no end)."""
    wanted = {starts: (ceiling, ends) for ceiling, starts, ends in ceilings}
    DecileCeiling.objects.filter(programme=programme).exclude(effective_from__in=wanted).delete()
    for starts, (ceiling, ends) in wanted.items():
        DecileCeiling.objects.update_or_create(
            programme=programme,
            effective_from=starts,
            defaults={"ceiling": ceiling, "effective_to": ends},
        )
