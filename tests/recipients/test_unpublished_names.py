"""A release that waits for its publication is not told to anybody, neither by a name."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from recipients import proposal_page, receiving_page
from recipients.models import FamilyMembership, WelfareSnapshot
from tests.factories.registry import make_family, make_member, make_release, make_village

pytestmark = pytest.mark.django_db


def test_people_and_heads_are_named_as_the_published_release_has_them():
    release = make_release()
    family = make_family(release=release, head_name="AMAQ SAHRUN")
    person = make_member(family, release=release, name="INAQ SAHRUN").person
    waiting = make_release("2026-Q2", date(2026, 4, 20), publish=False)
    FamilyMembership.objects.update(until_release=waiting)
    WelfareSnapshot.objects.update(until_release=waiting)
    FamilyMembership.objects.create(
        person=person, family=family, from_release=waiting, row_key=7, name="NAMA BARU"
    )
    WelfareSnapshot.objects.create(
        family=family, from_release=waiting, village=make_village(), row_key=7, head_name="KEPALA BARU"
    )
    fact = {"field": "relation", "person": person.pk, "recorded": None, "proposed": 1, "note": ""}
    proposal = SimpleNamespace(family_id=family.pk, changed_facts=[fact], head="")

    proposal_page.with_heads([proposal])

    assert receiving_page.people_names([person.pk]) == {person.pk: "INAQ SAHRUN"}
    assert proposal.head == "AMAQ SAHRUN"
    assert [row.who for row in proposal_page.facts(proposal)] == ["INAQ SAHRUN"]
