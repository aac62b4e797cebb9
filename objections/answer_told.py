"""Who reads the office's own words on a decision (docs/decisions/0037): number and PIN tell only how it ended.

Anybody can file in somebody's name who holds a copy of the family card, and gets number and PIN for it. The words may
name what the data say of the family, so they are read with the code that stands in a letter to the family. A report
of somebody else never has them: they are about another family.
"""

from __future__ import annotations

from dataclasses import dataclass

from objections.enums import Kind
from objections.models import Objection


@dataclass(frozen=True)
class Told:
    text: str


def of_case(objection: Objection, *, opened_family: int | None) -> Told | None:
    """None where there is no answer to read; without text where a code would open it, whether one exists or not."""
    if not objection.answer or objection.kind == Kind.WELL_OFF:
        return None
    is_own = objection.family_id is not None and objection.family_id == opened_family
    return Told(objection.answer if is_own else "")
