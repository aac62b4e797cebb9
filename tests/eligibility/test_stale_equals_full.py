"""After any sequence of releases (applied, taken back, published), flags, lists, hand decisions, rule changes and
nights, whatever the path: stale-only == everyone again == plain Python.

Each example is one district of two sub-districts. Deciding what is stale must leave what deciding everyone would
leave from nothing (digest), deciding everyone must write nothing, and Python must agree with every decision. In the end
the worklists must be what they would be from nothing, less what somebody closed.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bansos.common import db
from eligibility import services
from eligibility.models import (
    EligibilityDecision,
    Finding,
    FindingState,
    HandDecision,
    HandState,
    Outcome,
    RuleSet,
    Scope,
)
from eligibility.services import finding
from eligibility.services.loading import FOLDER
from recipients import services as recipients_services
from recipients.enums import PERSON_FLAGS, EnrolmentState, ExitReason
from recipients.importing import undo
from recipients.models import (
    CurrentRelease,
    Enrolment,
    ExternalFlag,
    FactCorrection,
    FactsChange,
    Family,
    FamilyMembership,
    Person,
    Programme,
    Region,
    RegistryRelease,
    WelfareSnapshot,
)
from recipients.models.people import published_only
from tests.eligibility import nights, worklists
from tests.factories.registry import WITA, make_family, make_member, make_release, make_village, switch_guards

deciles = st.none() | st.integers(1, 10)
picks = st.integers(0, 10**6)
FLAGS_DRAWN = ["CIVIL_SERVANT", "GAMBLING", "DECEASED", "DUPLICATE", "ADDR_NOT_FOUND", "REFUSED"]
# Birthdays in the nights that pass, of the ages that rules ask for.
soon = st.builds(date, st.sampled_from([1965, 1966, 1967, 2018, 2019, 2020]), st.just(1), st.integers(1, 6))
member_facts = st.fixed_dictionaries(
    {
        "birth_date": st.none() | st.dates(date(1960, 1, 1), date(2026, 1, 1)) | soon,
        "school_participation": st.none() | st.integers(1, 3),
        "school_level": st.none() | st.integers(1, 22),
        "employment": st.none() | st.integers(4, 5),
        "has_disability": st.none() | st.booleans(),
    }
)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("decile"), picks, deciles),
        st.tuples(st.just("drop"), picks, st.none()),
        st.tuples(st.just("village"), picks, picks),
        st.tuples(st.just("family"), picks, deciles),
        st.tuples(st.just("member"), picks, member_facts),
        st.tuples(st.just("facts"), picks, member_facts),
        st.tuples(st.just("leave"), picks, st.none()),
        st.tuples(st.just("move"), picks, picks),
    ),
    min_size=1,
    max_size=5,
)


class Registry:
    """Releases as an import writes them: intervals that end and begin; when published, moves, marks and the pointer."""

    def __init__(self) -> None:
        names = [("Kesik", "Masbagik"), ("Danger", "Masbagik"), ("Pijot", "Keruak")]
        self.villages = [make_village(*name) for name in names]
        self.release = make_release("R1", date(2025, 10, 1))
        self.before: RegistryRelease | None = None  # stands published while the newer one waits

    def apply(self, wanted) -> None:
        self.before = self.release
        label, as_of = f"R{self.before.pk + 1}", self.before.as_of + timedelta(days=1)
        self.release = make_release(label, as_of, publish=False)
        self.touched: set[int] = set()
        self.moved: dict[int, Region] = {}
        for what, pick, value in wanted:
            getattr(self, f"_{what}")(pick, value)

    def take_back(self) -> None:
        undo.take_back(self.release)
        self.release, self.before = self.before, None

    def publish(self) -> None:
        CurrentRelease.objects.update(release=self.release)
        self.before = None
        for pk, village in self.moved.items():
            Family.objects.filter(pk=pk).update(village=village)
        for family in Family.objects.filter(pk__in=self.touched).select_related("village"):
            FactsChange.objects.create(family=family, subdistrict_id=family.village.parent_id)

    def _pick(self, rows, pick):
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None

    def _begin_again(self, row, **new) -> None:
        """The standing row ends here and another begins; a row of this very release is changed in place."""
        if row.from_release_id == self.release.pk:
            type(row).objects.filter(pk=row.pk).update(**new)
            return
        type(row).objects.filter(pk=row.pk).update(until_release=self.release)
        row.pk, row.from_release, row.until_release = None, self.release, None
        for name, value in new.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    def _end(self, rows) -> None:
        rows.filter(from_release=self.release).delete()
        rows.update(until_release=self.release)

    def _snapshots(self):
        return WelfareSnapshot.objects.filter(until_release=None)

    def _memberships(self):
        return FamilyMembership.objects.filter(until_release=None)

    def _decile(self, pick, decile) -> None:
        if row := self._pick(self._snapshots(), pick):
            self.touched.add(row.family_id)
            self._begin_again(row, decile=decile)

    def _drop(self, pick, _none) -> None:
        family = self._pick(Family.objects, pick)
        self.touched.add(family.pk)
        gone = (
            self._memberships()
            .filter(family=family, from_release=self.release)
            .values_list("person", flat=True)
        )
        if not list(gone):  # a person who came in this very release cannot also leave with it
            self._end(self._snapshots().filter(family=family))
            self._end(self._memberships().filter(family=family))

    def _village(self, pick, other) -> None:
        if row := self._pick(self._snapshots(), pick):
            village = self.villages[other % len(self.villages)]
            self.moved[row.family_id] = village
            self.touched.add(row.family_id)
            self._begin_again(row, village=village)

    def _family(self, pick, decile) -> None:
        family = make_family(
            release=self.release, village=self.villages[pick % len(self.villages)], decile=decile
        )
        Family.objects.filter(pk=family.pk).update(first_release=self.release)
        self.touched.add(family.pk)
        self._member(Family.objects.count() - 1, {})

    def _member(self, pick, facts) -> None:
        family = self._pick(Family.objects, pick)
        row = make_member(family, release=self.release)
        FamilyMembership.objects.filter(pk=row.pk).update(**facts)
        Person.objects.filter(pk=row.person_id).update(first_release=self.release)
        self.touched.add(family.pk)

    def _facts(self, pick, facts) -> None:
        if row := self._pick(self._memberships(), pick):
            self.touched.add(row.family_id)
            self._begin_again(row, **facts)

    def _leave(self, pick, _none) -> None:
        row = self._pick(self._memberships().filter(from_release__lt=self.release), pick)
        if row is not None:
            self.touched.add(row.family_id)
            self._end(self._memberships().filter(pk=row.pk))

    def _move(self, pick, other) -> None:
        row = self._pick(self._memberships(), pick)
        family = self._pick(Family.objects, other)
        if row is not None and family is not None:
            self.touched |= {row.family_id, family.pk}
            self._begin_again(row, family=family)


def known(model):
    """Those whom a published release brought: nobody can note anything about the others yet."""
    return model.objects.filter(published_only("first_release_id"))


class Office:
    """What people of the office and lists add beside the releases, through the services that do it for real."""

    def __init__(self) -> None:
        self.staff = [User.objects.create(username=name, is_superuser=True) for name in ("satu", "dua")]
        self.now = timezone.now()

    def _subject(self, pick, is_personal):
        """A member wherever they stand or last stood, noted with any family; or a family."""
        families, people = known(Family).order_by("pk"), known(Person).order_by("pk")
        family = families[pick % families.count()]
        if not is_personal or not people.exists():
            return {"family": family, "person": None}
        return {"family": family, "person": people[pick % people.count()]}

    def flag(self, pick, kind, day, until) -> None:
        subject = self._subject(pick, kind in PERSON_FLAGS)
        if (kind in PERSON_FLAGS) == (subject["person"] is not None):
            recipients_services.raise_flag(
                **subject, kind=kind, source=f"daftar {pick % 3}", observed_on=day, valid_until=until
            )

    def settle(self, pick, is_true) -> None:
        flags = ExternalFlag.objects.order_by("pk")
        if flags.exists():
            settle = recipients_services.confirm_flag if is_true else recipients_services.refute_flag
            with suppress(recipients_services.FlagRefused):
                settle(flag=flags[pick % flags.count()], by=self.staff[0], now=self.now, note="diperiksa")

    def enrol(self, pick, code, day) -> None:
        programme = Programme.objects.get(code=code)
        subject = self._subject(pick, programme.unit == "PERSON")
        if (programme.unit == "PERSON") == (subject["person"] is not None):
            known = Enrolment.objects.open().filter(programme=programme)
            mine = {"person": subject["person"]} if subject["person"] else subject
            if not known.filter(**mine).exists():
                recipients_services.enrol(
                    **subject,
                    programme=programme,
                    state=EnrolmentState.ENROLLED,
                    since=day,
                    by=None,
                    now=self.now,
                )

    def leave(self, pick, day) -> None:
        rows = Enrolment.objects.open().order_by("pk")
        if rows.exists():
            recipients_services.move_enrolment(
                enrolment=rows[pick % rows.count()], to=EnrolmentState.EXITED, on=day, by=None, now=self.now,
                exit_reason=ExitReason.OTHER,
            )  # fmt: skip

    def by_hand(self, pick, verdict, starts, days, today) -> None:
        programme = Programme.objects.get(code=("PAKET_DAERAH", "PBI_DAERAH")[pick % 2])
        subject = self._subject(pick, programme.unit == "PERSON")
        with suppress(services.HandRefused):
            decision = services.decide_by_hand(
                **subject, programme=programme, verdict=verdict, starts_on=starts, reference="objection:SGH-26-4K7Q-2",
                ends_on=starts + timedelta(days=days), minutes_no="BA/01", minutes_on=today, by=self.staff[0],
                reason="rumahnya roboh karena gempa", today=today,
            )  # fmt: skip
            services.approve_hand_decision(decision=decision, by=self.staff[1], now=self.now)

    def end(self, pick, today) -> None:
        rows = HandDecision.objects.filter(state=HandState.APPROVED).order_by("pk")
        if rows.exists():
            decision = rows[pick % rows.count()]
            with suppress(services.HandRefused):
                services.end_hand_decision(
                    decision=decision,
                    on=max(today, decision.starts_on),
                    by=self.staff[1],
                    today=today,
                    note="pindah",
                )

    def correct(self, pick, born, today) -> None:
        rows = FamilyMembership.objects.standing().order_by("pk")
        if rows.exists():
            row = rows[pick % rows.count()]
            change = recipients_services.Change("birth_date", born.isoformat(), person=row.person_id)
            with suppress(recipients_services.CorrectionRefused):
                recipients_services.correct_fact(
                    family=row.family, changes=[change], because="salah baca", by=self.staff[0],
                    approved_by=self.staff[1], now=_noon(today),
                )  # fmt: skip

    def end_correction(self, pick, today) -> None:
        rows = FactCorrection.objects.filter(until=None).order_by("pk")
        if rows.exists():
            recipients_services.end_correction(correction=rows[pick % rows.count()], now=_noon(today))


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=WITA)


class District(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        switch_guards("DISABLE")  # facts change here by hand, within a release too
        self.day = date(2025, 12, 29)
        self.versions = 1
        services.load_rule_sets()
        services.load_rule_sets(FOLDER / "lokal")
        self.registry = Registry()
        self.office = Office()

    def teardown(self) -> None:
        try:
            self.check()
            worklists.check(self.day)
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @initialize(
        first=st.lists(st.tuples(deciles, st.lists(member_facts, max_size=3)), min_size=2, max_size=4)
    )
    def first_release(self, first) -> None:
        for at, (decile, members) in enumerate(first):
            family = make_family(
                release=self.registry.release, village=self.registry.villages[at % 3], decile=decile
            )
            for facts in members:
                row = make_member(family, release=self.registry.release)
                FamilyMembership.objects.filter(pk=row.pk).update(**facts)
            self.office.enrol(at, "PKH", self.day)
        self.verify(Scope.ALL)
        worklists.find_all(self.day)

    @rule(wanted=changes)
    @precondition(lambda self: self.registry.before is None and RegistryRelease.objects.count() < 6)
    def a_release_is_applied(self, wanted) -> None:
        self.registry.apply(wanted)

    @rule(wanted=changes)
    @precondition(lambda self: self.registry.before is None and RegistryRelease.objects.count() < 6)
    def a_release_is_applied_and_published(self, wanted) -> None:
        self.registry.apply(wanted)
        self.registry.publish()

    @rule()
    @precondition(lambda self: self.registry.before is not None)
    def the_release_that_waits_is_published(self) -> None:
        self.registry.publish()

    @rule()
    @precondition(lambda self: self.registry.before is not None)
    def the_release_that_waits_is_taken_back(self) -> None:
        self.registry.take_back()

    @rule(
        limit=st.integers(1, 10), after=st.integers(0, 3), ages=st.sampled_from([(6, 12), (7, 59), (60, 60)])
    )
    @precondition(lambda self: self.versions < 3)
    def a_version_comes_into_force(self, limit, after, ages) -> None:
        pkh = Programme.objects.get(code="PKH")
        last = RuleSet.objects.filter(programme=pkh).latest("effective_from")
        starts = max(self.day + timedelta(days=after), last.effective_from + timedelta(days=1))
        RuleSet.objects.filter(pk=last.pk).update(effective_to=starts - timedelta(days=1))
        conditions = [
            {**row, **({"limit": limit} if row["code"] == "DECILE" else {})}
            for row in last.conditions
            if row["code"] != "AGE_GROUP"
        ]
        group = {"code": "AGE_GROUP", "kind": "any_member", "severity": "needs_review"}
        conditions.append({**group, "fact": "members_aged_between", "age": ages[0], "age_to": ages[1]})
        last.pk, last.version, last.conditions = None, last.version + 1, conditions
        last.effective_from, last.effective_to = starts, None
        last.save(force_insert=True)
        self.versions += 1

    @rule(after=st.integers(0, 3))
    def a_rule_ends_without_a_next_version(self, after) -> None:
        last = RuleSet.objects.filter(programme__code="SEMBAKO").latest("effective_from")
        RuleSet.objects.filter(pk=last.pk, effective_to=None).update(
            effective_to=max(self.day, last.effective_from) + timedelta(days=after)
        )

    @rule()
    def a_programme_that_ended_begins_again(self) -> None:
        last = RuleSet.objects.filter(programme__code="SEMBAKO").latest("effective_from")
        if last.effective_to is not None and last.effective_to < self.day:
            last.pk, last.version = None, last.version + 1
            last.effective_from, last.effective_to = self.day, None
            last.save(force_insert=True)

    @rule(
        pick=picks,
        kind=st.sampled_from(FLAGS_DRAWN),
        begins=st.integers(-3, 3),
        lasts=st.none() | st.integers(0, 40),
    )
    def a_list_says_something(self, pick, kind, begins, lasts) -> None:
        day = self.day + timedelta(days=begins)
        self.office.flag(pick, kind, day, None if lasts is None else day + timedelta(days=lasts))

    @rule(pick=picks, is_true=st.booleans())
    def a_flag_is_settled(self, pick, is_true) -> None:
        self.office.settle(pick, is_true)

    @rule(pick=picks, code=st.sampled_from(["PKH", "PBI_JK"]), begins=st.integers(-400, 3))
    def a_list_enrols_somebody(self, pick, code, begins) -> None:
        self.office.enrol(pick, code, self.day + timedelta(days=begins))

    @rule(pick=picks)
    def somebody_leaves_a_list(self, pick) -> None:
        self.office.leave(pick, self.day)

    @rule(
        pick=picks,
        verdict=st.sampled_from(["ELIGIBLE", "INELIGIBLE"]),
        begins=st.integers(0, 3),
        days=st.integers(0, 40),
    )
    def the_office_decides_by_hand(self, pick, verdict, begins, days) -> None:
        self.office.by_hand(pick, verdict, self.day + timedelta(days=begins), days, self.day)

    @rule(pick=picks)
    def a_hand_decision_is_ended(self, pick) -> None:
        self.office.end(pick, self.day)

    @rule(pick=picks, born=st.dates(date(1950, 1, 1), date(2025, 1, 1)))
    def a_misread_birth_date_is_corrected(self, pick, born) -> None:
        self.office.correct(pick, born, self.day)

    @rule(pick=picks)
    def a_correction_is_ended(self, pick) -> None:
        self.office.end_correction(pick, self.day)

    @rule(pick=picks)
    def somebody_closes_a_finding(self, pick) -> None:
        worklists.find_all(self.day)
        rows = Finding.objects.filter(state=FindingState.OPEN).order_by("pk")
        if rows:
            one = rows.filter(pk=rows[pick % len(rows)].pk)
            finding.dismiss(
                findings=one,
                outcome=Outcome.LEFT,
                note="Sudah dicek",
                by=self.office.staff[0],
                now=_noon(self.day),
            )

    @rule(days=st.lists(st.sampled_from([0, 1, 1, 1, 2, 30, 400]), min_size=1, max_size=4))
    def nights_pass(self, days) -> None:
        """Of several quiet nights the later ones rest on proofs."""
        for passed in days:
            self.day += timedelta(days=passed)
            nights.night(self.day)
            if CurrentRelease.get().as_of <= self.day:
                nights.check(self.day)
        worklists.find_all(self.day)

    @rule()
    def what_is_stale_is_decided(self) -> None:
        self.verify(Scope.STALE)

    @rule(pick=picks)
    def what_is_stale_in_one_village_is_decided(self, pick) -> None:
        self.verify(Scope.STALE, region=self.registry.villages[pick % 3])

    @rule()
    def a_shard_dies_midway(self) -> None:
        point = transaction.savepoint()
        self.verify(Scope.STALE, region=self.registry.villages[0].parent)
        transaction.savepoint_rollback(point)

    @rule()
    def a_look_at_an_earlier_day(self) -> None:
        self.verify(Scope.ALL, day=date(2025, 12, 20))
        self.verify(Scope.ALL)

    def verify(self, scope, region=None, day=None):
        return services.verify(scope=scope, as_of=day or self.day, region=region, reason="uji")

    @rule()
    def check(self) -> None:
        self.verify(Scope.STALE)
        assert not FactsChange.objects.exists()
        digest = services.standing_digest()
        point = transaction.savepoint()
        assert self.verify(Scope.ALL).written == 0
        db.run("SET CONSTRAINTS ALL IMMEDIATE")
        db.run("TRUNCATE eligibility_eligibilitydecision")
        self.verify(Scope.ALL)
        assert services.standing_digest() == digest
        transaction.savepoint_rollback(point)
        self.check_against_python()

    def check_against_python(self) -> None:
        compared = 0
        for family in known(Family):
            compared += self._agree(
                services.explain(family=family, as_of=self.day), {"PKH", "SEMBAKO", "PAKET_DAERAH"}
            )
        for person in known(Person):
            compared += self._agree(services.explain(person=person, as_of=self.day), {"PBI_JK", "PBI_DAERAH"})
        assert compared == EligibilityDecision.objects.standing().count()

    def _agree(self, explanation, programmes) -> int:
        answers = [
            answer for answer in explanation.answers if answer.programme in programmes and answer.rule_set
        ]
        assert [answer.agrees for answer in answers] == [True] * len(answers)
        return len(answers)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_nudges")
def test_deciding_what_is_stale_leaves_what_deciding_everyone_would():
    run_state_machine_as_test(
        District,
        settings=settings(
            max_examples=20,
            stateful_step_count=10,
            deadline=None,
            print_blob=True,
            phases=[Phase.explicit, Phase.generate],
        ),
    )
