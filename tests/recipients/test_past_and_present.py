"""What a family or person was and is comes from two indexes; without saying so, every look read the whole registry."""

from __future__ import annotations

import pytest
from django.db import connection

from recipients.models import Family, FamilyMembership, WelfareSnapshot
from tests.factories.registry import make_family, make_release

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "rows",
    [
        WelfareSnapshot.objects.published().filter(family__in=[1]),
        WelfareSnapshot.objects.known().filter(family__in=[1]),
        FamilyMembership.objects.published().filter(person__in=[1]),
        FamilyMembership.objects.known().filter(family__in=[1]),
    ],
)
def test_one_familys_past_and_present_are_looked_up(rows):
    make_family(release=make_release())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = rows.explain()

    assert "BitmapOr" in plan
    assert f"Seq Scan on {rows.model._meta.db_table}" not in plan


def test_known_is_everybody_and_published_leaves_out_what_waits():
    now = make_release()
    waiting = make_release("2026-Q2", now.as_of.replace(month=4), publish=False)
    make_family(release=now)
    make_family(release=waiting)

    assert (Family.objects.count(), WelfareSnapshot.objects.known().count()) == (2, 2)
    assert WelfareSnapshot.objects.published().count() == 1
