"""Which invented family the demo shows: people of the sub-district 520399, which does not exist."""

from __future__ import annotations

from recipients.enums import Direction
from recipients.models import CurrentRelease, DecileChange, Family, FamilyMembership

INVENTED = "520399"


def family() -> Family | None:
    """One judged better off across a ceiling when there is one, else any that is ranked now."""
    changes = DecileChange.objects.filter(release=CurrentRelease.get(), direction=Direction.UP)
    crossed = (
        changes.filter(crossed_ceilings__len__gt=0).order_by("pk").values_list("family", flat=True).first()
    )
    standing = FamilyMembership.objects.standing()
    family_id = crossed or standing.order_by("pk").values_list("family", flat=True).first()
    return Family.objects.get(pk=family_id) if family_id else None


def member_of(family: Family) -> FamilyMembership | None:
    """A member with a birth date; never a real person."""
    members = FamilyMembership.objects.standing().filter(family=family, birth_date__isnull=False)
    for member in members.select_related("person__nik").order_by("relation", "pk")[:10]:
        if member.person.nik.reveal().startswith(INVENTED):
            return member
    return None
