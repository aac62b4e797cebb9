"""Flags, lists of recipients and decisions by hand read the same in SQL and Python, whoever they are about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from eligibility import services
from eligibility.enums import HandState
from eligibility.models import HandDecision
from eligibility.rules.facts import FAMILY, PERSON, Fact, read_family, read_person
from eligibility.services.records import FamilyRecords
from recipients.enums import EnrolmentState, ExitReason, FlagStatus
from recipients.models import Enrolment, ExternalFlag, FamilyMembership, Programme
from tests.eligibility.test_two_readings import read_by_sql
from tests.factories.registry import make_family, make_member, make_release, switch_guards

DAY = date(2026, 6, 15)
KINDS = ("CIVIL_SERVANT", "GAMBLING", "MOVED")
CODES = ("PKH", "SEMBAKO", "PBI_JK")
FACTS = [
    Fact("flags", kinds=KINDS, subject=FAMILY),
    Fact("enrolled", programmes=CODES, subject=FAMILY),
    Fact("years_enrolled", programmes=CODES[:2], subject=FAMILY),
    Fact("by_hand", programmes=("PKH",), subject=FAMILY),
]
OWN = [
    Fact("flags", kinds=KINDS, subject=PERSON),
    Fact("enrolled", programmes=CODES, subject=PERSON),
    Fact("years_enrolled", programmes=CODES, subject=PERSON),
    Fact("by_hand", programmes=("PBI_JK",), subject=PERSON),
]
near = st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days))
whom = st.integers(-1, 3)  # -1: the family as a whole; 3: somebody the release names no more
flags = st.tuples(whom, st.sampled_from(KINDS), st.sampled_from(FlagStatus.values), near, st.none() | near)
lists = st.tuples(whom, st.sampled_from(CODES), st.sampled_from(EnrolmentState.values), st.integers(-2400, 2))
hands = st.tuples(
    whom, st.sampled_from(["ELIGIBLE", "INELIGIBLE"]), st.sampled_from(HandState.values), near, near
)


class BesideRead(TestCase):
    def setup_example(self):
        super().setup_example()
        switch_guards("DISABLE")
        services.load_rule_sets()
        self.people = [User.objects.create(username=name) for name in ("satu", "dua")]
        self.programmes = {programme.code: programme for programme in Programme.objects.all()}
        self.first = make_release("R1", date(2026, 1, 1))
        self.release = make_release("R2", date(2026, 4, 1))
        self.families = [make_family(release=self.first) for _at in range(2)]
        self.members = [make_member(self.families[at % 2], release=self.first) for at in range(4)]
        FamilyMembership.objects.filter(pk=self.members[3].pk).update(until_release=self.release)

    def subject(self, whom, at):
        """The family a row is noted with, which may be another than the one its person stands in."""
        return {"family": self.families[at % 2], "person": None if whom < 0 else self.members[whom].person}

    def note(self, flagged, listed, decided):
        now = timezone.now()
        for at, (whom, kind, status, observed, until) in enumerate(flagged):
            settled = {} if status == FlagStatus.ALLEGED else {"settled_at": now}
            ExternalFlag.objects.create(
                **self.subject(whom, at), kind=kind, status=status, source=f"daftar {at}", observed_on=observed,
                valid_until=until if until and until >= observed else None, **settled,
            )  # fmt: skip
        for at, (whom, code, state, days) in enumerate(listed):
            ended = {"until": DAY, "exit_reason": ExitReason.OTHER} if state == EnrolmentState.EXITED else {}
            person = self.subject(whom, at)["person"]
            known = Enrolment.objects.open().filter(programme=self.programmes[code])
            known = (
                known.filter(person=person)
                if person
                else known.filter(person=None, family=self.families[at % 2])
            )
            if not known.exists():
                Enrolment.objects.create(
                    **self.subject(whom, at), programme=self.programmes[code], state=state,
                    since=DAY + timedelta(days=days), **ended,
                )  # fmt: skip
        for at, (whom, verdict, state, first, second) in enumerate(decided):
            settled = {} if state == HandState.PROPOSED else {"settled_by": self.people[1], "settled_at": now}
            if state == HandState.ENDED:
                settled |= {"ended_on": second, "ended_by": self.people[1]}
            HandDecision.objects.create(
                **self.subject(whom, at), programme=self.programmes["PKH" if whom < 0 else "PBI_JK"],
                verdict=verdict, starts_on=min(first, second), ends_on=max(first, second), minutes_no="1",
                minutes_on=DAY, reason="uji", state=state, proposed_by=self.people[0], **settled,
            )  # fmt: skip

    @given(
        flagged=st.lists(flags, max_size=6),
        listed=st.lists(lists, max_size=5),
        decided=st.lists(hands, max_size=4),
    )
    @settings(max_examples=60, deadline=None)
    def test_flags_lists_and_hand_decisions_read_the_same(self, flagged, listed, decided):
        self.note(flagged, listed, decided)

        of_families = read_by_sql(FAMILY, FACTS, DAY, self.release)
        of_persons = read_by_sql(PERSON, [*OWN, FACTS[0]], DAY, self.release)

        for at, family in enumerate(self.families):
            standing = [row.person_id for row in self.members[:3] if row.family_id == family.pk]
            records = FamilyRecords(
                family=family, standing=standing, asked=self.members[3].person_id, day=DAY
            )
            told = read_family(FACTS, snapshot={}, members=[], as_of=DAY, records=records.of_family())
            assert of_families[family.pk, None] == list(told.values())
            gone = [self.members[3].person_id] if at == 1 else []
            for person in [*standing, *gone]:
                own = read_person(
                    [*OWN, FACTS[0]], snapshot={}, member=None, as_of=DAY,
                    records=records.of_person(person), of_family=records.of_family(),
                )  # fmt: skip
                assert of_persons[family.pk, person] == list(own.values())
        assert len(of_persons) == 4


@pytest.mark.parametrize(
    ("status", "level"), [(FlagStatus.ALLEGED, 1), (FlagStatus.CONFIRMED, 2), (FlagStatus.REFUTED, 0)]
)
def test_a_flag_weighs_by_its_state_alone(db, status, level):
    release = make_release()
    family = make_family(release=release)
    ExternalFlag.objects.create(
        family=family, kind="LAND", status=status, source="BPN", observed_on=DAY,
        settled_at=None if status == FlagStatus.ALLEGED else timezone.now(),
    )  # fmt: skip

    told = read_by_sql(FAMILY, [Fact("flags", kinds=("MOVED", "LAND"), subject=FAMILY)], DAY, release)

    assert told == {(family.pk, None): [level * 3]}
