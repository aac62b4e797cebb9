"""Enrolment and flags: every step is on record, a refuted flag never returns, whoever it concerns is decided again."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from recipients import services
from recipients.enums import EnrolmentState, ExitReason, FlagKind, FlagStatus, Unit
from recipients.models import EnrolmentEvent, ExternalFlag, FactsChange, Programme
from recipients.services.enrolment import EnrolmentRefused
from recipients.services.flags import FlagRefused
from tests.factories.registry import make_family, make_member, make_release

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


@pytest.fixture
def family():
    return make_family(release=make_release())


@pytest.fixture
def officer():
    return User.objects.create(username="verifikator")


@pytest.fixture
def pkh():
    return Programme.objects.create(code="PKH", name="PKH", unit=Unit.FAMILY, owner="Kementerian Sosial")


def raise_power(family, source="PLN"):
    return services.raise_flag(family=family, kind=FlagKind.POWER_HIGH, source=source, observed_on=TODAY)


def test_a_flag_marks_its_family_to_be_decided_again(family):
    raise_power(family)

    assert FactsChange.objects.get().family_id == family.pk


def test_a_refuted_flag_does_not_return_from_the_same_source(family, officer):
    services.refute_flag(flag=raise_power(family), by=officer, now=timezone.now(), note="meteran tetangga")

    assert raise_power(family).status == FlagStatus.REFUTED
    assert raise_power(family, source="kunjungan").status == FlagStatus.ALLEGED
    assert ExternalFlag.objects.in_force(TODAY).count() == 1


def test_a_flag_is_settled_with_a_reason_and_not_twice_alike(family, officer):
    flag = raise_power(family)

    with pytest.raises(FlagRefused):
        services.confirm_flag(flag=flag, by=officer, now=timezone.now(), note=" ")
    services.confirm_flag(flag=flag, by=officer, now=timezone.now(), note="foto meteran")
    with pytest.raises(FlagRefused):
        services.confirm_flag(flag=flag, by=officer, now=timezone.now(), note="lagi")

    assert flag.status == FlagStatus.CONFIRMED


def test_a_flag_of_a_person_needs_the_person_and_one_of_a_family_takes_none(family):
    member = make_member(family, release=family.snapshots.get().from_release)

    with pytest.raises(FlagRefused):
        services.raise_flag(family=family, kind=FlagKind.DECEASED, source="Dukcapil", observed_on=TODAY)
    with pytest.raises(FlagRefused):
        services.raise_flag(
            family=family, person=member.person, kind=FlagKind.POWER_HIGH, source="PLN", observed_on=TODAY
        )


def enrolled(family, programme, officer, state=EnrolmentState.ENROLLED):
    return services.enrol(
        programme=programme, family=family, state=state, since=TODAY, by=officer, now=timezone.now()
    )


def test_every_step_of_an_enrolment_leaves_its_event(family, pkh, officer):
    enrolment = enrolled(family, pkh, officer)
    now = timezone.now()

    services.move_enrolment(enrolment=enrolment, to=EnrolmentState.ACTIVE, on=TODAY, by=officer, now=now)
    services.move_enrolment(
        enrolment=enrolment, to=EnrolmentState.EXITED, on=TODAY, by=officer, now=now,
        exit_reason=ExitReason.GRADUATED,
    )  # fmt: skip

    assert [event.state_after for event in enrolment.events.all()] == ["ENROLLED", "ACTIVE", "EXITED"]
    assert (enrolment.until, enrolment.exit_reason) == (TODAY, ExitReason.GRADUATED)


def test_a_step_outside_the_table_is_refused(family, pkh, officer):
    enrolment = enrolled(family, pkh, officer, EnrolmentState.WAITLISTED)

    with pytest.raises(EnrolmentRefused):
        services.move_enrolment(
            enrolment=enrolment, to=EnrolmentState.ACTIVE, on=TODAY, by=officer, now=timezone.now()
        )


def test_a_family_has_one_open_enrolment_in_a_programme(family, pkh, officer):
    enrolled(family, pkh, officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        enrolled(family, pkh, officer)


def test_a_programme_for_families_enrols_no_single_person(family, pkh, officer):
    member = make_member(family, release=family.snapshots.get().from_release)

    with pytest.raises(EnrolmentRefused):
        services.enrol(
            programme=pkh, family=family, person=member.person, state=EnrolmentState.ENROLLED, since=TODAY,
            by=officer, now=timezone.now(),
        )  # fmt: skip


def test_an_event_of_an_enrolment_is_never_rewritten(family, pkh, officer):
    enrolment = enrolled(family, pkh, officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        EnrolmentEvent.objects.filter(enrolment=enrolment).update(note="lain")
