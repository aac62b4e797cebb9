"""What `make bench-growth` copies decides as what it was copied from, or its figures would mean nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.db.models import Count
from django.utils import timezone

from bansos.bench_growth import Copies, _proven_night
from eligibility import services
from eligibility.models import EligibilityDecision, ReverificationRun, Scope
from recipients.enums import EnrolmentState
from recipients.models import Programme, Region
from recipients.services import enrol, raise_flag
from tests.factories.registry import make_family, make_member, make_release, make_village

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand", "no_nudges")


def verify():
    return services.verify(scope=Scope.ALL, as_of=timezone.localdate(), reason="uji")


@pytest.fixture
def district():
    release = make_release()
    for subdistrict, decile in (("Keruak", 2), ("Masbagik", 9), ("Masbagik", 4)):
        family = make_family(release=release, village=make_village("Desa", subdistrict), decile=decile)
        make_member(family, release=release, born=date(2015, 3, 4), school_participation=2, school_level=3)
    raise_flag(family=family, kind="ADDR_NOT_FOUND", source="kunjungan", observed_on=date(2026, 1, 2))
    enrol(
        family=family,
        person=None,
        programme=Programme.objects.get(code="PKH"),
        state=EnrolmentState.ENROLLED,
        since=date(2020, 1, 1),
        by=None,
        now=timezone.now(),
    )
    verify()
    return Region.objects.subdistricts().filter(parent__code="52.03").order_by("pk")


def by_copy(copies):
    """What stands decided, copy by copy: places do not tell, verdicts and grounds do."""
    subdistricts = list(Region.objects.subdistricts().order_by("pk").values_list("pk", flat=True))
    size = len(subdistricts) // (copies + 1)
    for at in range(copies + 1):
        mine = EligibilityDecision.objects.standing().filter(
            subdistrict__in=subdistricts[at * size : (at + 1) * size]
        )
        yield list(
            mine.order_by()
            .values_list("programme", "verdict", "grounds")
            .annotate(Count("pk"))
            .order_by("grounds")
        )


def test_copies_stand_decided_as_the_original_and_a_night_finds_nothing_to_write(district):
    copies = Copies(most=3)
    copies.add()
    copies.add()

    night = verify()

    original, *others = by_copy(2)
    assert original
    assert others == [original, original]
    assert (night.subjects, night.written) == (3 * 6, 0)


def test_the_nights_that_are_timed_leave_nothing_behind(district):
    before, runs = services.standing_digest(), ReverificationRun.objects.count()

    assert _proven_night() > 0
    assert (services.standing_digest(), ReverificationRun.objects.count()) == (before, runs)


def test_a_copy_decided_from_nothing_decides_as_the_original(district):
    copies = Copies(most=3)
    copies.add()
    before = services.standing_digest()

    copies.forget_last()
    gone = services.standing_digest()
    written = copies.decide_last()

    assert gone != before
    assert (services.standing_digest(), written) == (before, 9)
