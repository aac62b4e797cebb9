"""Secrets people type: the PIN of a case and the code of a letter, in Crockford's 32 characters."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from bansos.common import ids, vault
from recipients.models import Family, FamilyCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PIN_LENGTH = 8  # 40 bits behind five tries an hour
LETTER_LENGTH = 12  # 60 bits: a code alone opens a family's data
LETTER_VALID = timedelta(days=90)  # long enough for the objection it invites; one quarter, one release
LETTER = b"letter"


def new_pin() -> str:
    return _draw(PIN_LENGTH)


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def normalise(typed: str) -> str:
    """Case, spaces and dashes do not matter; O is 0, I and L are 1."""
    text = ids.ungrouped(typed[:60].upper())
    return text.translate(str.maketrans("OIL", "011"))


def grouped(code: str) -> str:
    """In fours, as it is printed and read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def make_letter_codes(*, families: Iterable[Family], by: Any, today: date) -> dict[int, str]:
    """A new code for each family, by its id. Earlier letters stay good until they lapse. Log the print first."""
    codes = {family.pk: _draw(LETTER_LENGTH) for family in families}
    FamilyCode.objects.bulk_create(
        FamilyCode(
            family_id=family_id,
            code_index=vault.blind_index(LETTER, code),
            made_by=by,
            valid_until=today + LETTER_VALID,
        )
        for family_id, code in codes.items()
    )
    return {family_id: grouped(code) for family_id, code in codes.items()}


def family_of_letter(typed: str, today: date) -> int | None:
    """The id of the family whose letter carries this code, while it is good."""
    index = vault.blind_index(LETTER, normalise(typed))
    found = FamilyCode.objects.filter(code_index=index, valid_until__gte=today)
    return found.values_list("family_id", flat=True).first()
