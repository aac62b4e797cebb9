"""Whether a person is on a list of the centre: closed unless a rule of the office opens it, and then only yes or no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, Subquery

from bansos.common import vault
from objections.enums import RuleName
from objections.models import OfficeRule
from recipients.models import Enrolment, FamilyMembership, Programme


@dataclass(frozen=True)
class OnList:
    programme: str
    is_listed: bool


def is_open() -> bool:
    rule = OfficeRule.objects.in_force(RuleName.LIST_MEMBERSHIP)
    return rule is not None and rule.value == 1


def lists_of(*, nik: str, born: date, today: date) -> list[OnList]:
    """A line for each of the centre's programmes, in one query that is the same whether the person is known or not."""
    index = vault.blind_index(vault.NIK, nik)
    found = FamilyMembership.objects.standing().of_nik(index).filter(birth_date=born)
    person, family = (Subquery(found.values(name)[:1]) for name in ("person", "family"))
    mine = Q(person=person) | Q(person=None, family=family)
    listed = Enrolment.objects.listed(today).filter(mine, programme=OuterRef("pk"))
    rows = Programme.objects.filter(is_local=False).annotate(is_listed=Exists(listed)).order_by("pk")
    return [OnList(*row) for row in rows.values_list("name", "is_listed")]
