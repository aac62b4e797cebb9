"""The table of moves: what is in it happens, what is not does not, and the clock adds up over every walk."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from objections import moves, services, stages
from objections.clock import Clock
from objections.enums import OUTCOMES, EventKind, Kind, State, Step
from objections.models import Objection, ServiceTime
from objections.services import moving
from tests.objections.steps import BORN, NIK, UNKNOWN_NIK, decide, propose

WITA = ZoneInfo("Asia/Makassar")
NOW = datetime(2026, 11, 20, 10, tzinfo=WITA)
TEXT = "Sudah kami periksa."


def verbs(by, head, other, into=None, other_head=None):
    """Each verb with its ordinary words; every one may be tried from every state."""
    ask = {"asked": "Foto rumah dari depan."}

    def judge(case):
        return other_head if case.events.filter(state_after=State.REEXAMINED).exists() else head

    return {
        "start_check": lambda case, now: services.start_check(objection=case, by=by, now=now),
        "ask": lambda case, now: services.ask_for_completion(objection=case, by=by, now=now, **ask),
        "finish": lambda case, now: services.finish_check(objection=case, by=by, now=now, note=TEXT),
        **{
            f"propose {outcome}": lambda case, now, outcome=outcome: moving.propose(
                objection=case, outcome=outcome, by=by if not case.events.filter(
                    state_after=State.REEXAMINED).exists() else other, now=now, answer=TEXT
            )
            for outcome in OUTCOMES
        },
        "approve": lambda case, now: moving.approve(objection=case, by=judge(case), now=now),
        "send_back": lambda case, now: services.send_back(objection=case, by=judge(case), now=now, note=TEXT),
        "complete": lambda case, now: services.complete(objection=case, by=None, now=now),
        "withdraw": lambda case, now: services.withdraw(objection=case, by=None, now=now),
        "merge": lambda case, now: services.merge(objection=case, into=into, by=by, now=now),
        "ask_again": lambda case, now: services.ask_again(objection=case, by=None, now=now),
        "centre changed": lambda case, now: services.close_by_centre(objection=case, changed=True, by=None, now=now),
        "centre kept": lambda case, now: services.close_by_centre(objection=case, changed=False, by=None, now=now),
    }  # fmt: skip


def make_person(name, *permissions):
    user = get_user_model().objects.create_user(name, password="x", is_staff=True)
    for permission in permissions:
        user.user_permissions.add(Permission.objects.get(codename=permission.split(".")[1]))
    return user


VERB_TO = {
    State.SUBMITTED: "complete",
    State.INCOMPLETE: "ask",
    State.CHECKING: "start_check",
    State.READY: "finish",
    **dict.fromkeys(OUTCOMES, "approve"),
    State.CENTRE_CHANGED: "centre changed",
    State.CENTRE_KEPT: "centre kept",
    State.REEXAMINED: "ask_again",
    State.WITHDRAWN: "withdraw",
    State.MERGED: "merge",
}


class Walk(RuleBasedStateMachine):
    """Any verb at any time: allowed ones move by the table, all others change nothing."""

    reached: set[tuple[str, str]] = set()

    def __init__(self):
        super().__init__()
        token = Objection.objects.count()
        self.by = make_person(f"petugas{token}", moves.HANDLE)
        self.other = make_person(f"lain{token}", moves.HANDLE)
        self.head = make_person(f"kepala{token}", moves.DECIDE)
        other_head = make_person(f"sekretaris{token}", moves.DECIDE)
        self.now = NOW
        self.case, twin = (
            services.file(form=services.Filing(nik=NIK, birth_date=BORN, reasons=["HOUSE"]), now=NOW)
            for _case in range(2)
        )
        self.verbs = verbs(self.by, self.head, self.other, into=twin, other_head=other_head)
        self.clock = Clock.load()
        self.open_days, self.since, self.standing = 0, NOW.date(), False

    @rule(days=st.integers(0, 12))
    def time_passes(self, days):
        later = self.now + timedelta(days=days)
        if not self.standing:
            self.open_days += self.clock.workdays.between(self.now.date(), later.date())
        self.now = later

    @initialize(outcome=st.sampled_from(OUTCOMES), is_asked=st.booleans())
    def aim(self, outcome, is_asked):
        self.outcome = outcome
        for verb in ("ask", "complete") if is_asked else ():
            self.try_a_verb(verb)

    @precondition(lambda self: self.onward())
    @rule(data=st.data())
    def go_on(self, data):
        """A move that neither ends the walk early nor turns it back, so that walks get as far as the last states."""
        after = data.draw(st.sampled_from(self.onward()))
        self.try_a_verb(f"propose {self.outcome}" if after == State.PROPOSED else VERB_TO[after])

    def onward(self):
        avoided = {State.WITHDRAWN, State.MERGED, State.INCOMPLETE}
        if self.case.state == State.PROPOSED:
            avoided.add(State.CHECKING)
        return [after for after in moves.from_state(State(self.case.state)) if after not in avoided]

    @rule(name=st.sampled_from(sorted(verbs(None, None, None))))
    def try_a_verb(self, name):
        before, events = self.case.state, self.case.events.count()
        try:
            self.verbs[name](self.case, self.now)
        except services.MoveRefused:
            self.case.refresh_from_db()
            assert (self.case.state, self.case.events.count()) == (before, events)
            return
        assert (before, self.case.state) in moves.MOVES
        self.reached.add((before, self.case.state))
        assert self.case.events.last().state_after == self.case.state
        if self.case.state in (State.REEXAMINED, State.CENTRE_KEPT):
            self.open_days = 0
        self.standing = self.case.state in stages.PAUSED

    @invariant()
    def the_clock_adds_up(self):
        assert self.clock.spent(self.case, self.now.date()) == self.open_days

    @invariant()
    def dates_stand_where_something_is_awaited(self):
        words = stages.WORDS[State(self.case.state)]
        assert (self.case.due_on is None) == (words.step is None)
        if self.case.state in stages.TIMED:
            assert self.case.due_on <= self.case.answer_by
        assert (self.case.paused_on is None) == (self.case.state not in stages.PAUSED)

    @precondition(lambda self: self.case.state in OUTCOMES)
    @invariant()
    def two_people_decided(self):
        assert self.case.decided_by_id not in (None, self.case.proposed_by_id)
        assert self.case.answer


class TestWalk(TestCase):
    def test_every_walk_keeps_to_the_table_and_together_they_get_beyond_a_decision(self):
        run_state_machine_as_test(
            Walk,
            settings=settings(
                max_examples=20,
                stateful_step_count=50,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )

        reached = {state for move in Walk.reached for state in move}
        assert reached >= {State.INCOMPLETE, *OUTCOMES, State.CENTRE_KEPT, State.REEXAMINED}


def test_every_state_is_reached_from_the_first():
    seen, frontier = {State.SUBMITTED}, [State.SUBMITTED]
    while frontier:
        new = set(moves.from_state(frontier.pop())) - seen
        seen |= new
        frontier += new

    assert seen == set(State)
    assert set(stages.WORDS) == set(State)


def test_nothing_is_refused_without_a_person():
    """Never by silence: what the system does alone never leads to a no."""
    alone = {move.after for move in moves.TABLE if moves.Who.SYSTEM in move.who}

    assert alone == {State.CENTRE_CHANGED, State.CENTRE_KEPT}
    assert all(move.who == {moves.Who.HEAD} for move in moves.TABLE if move.after in OUTCOMES)


@pytest.fixture
def case(db, filing):
    return services.file(form=filing(), now=NOW)


@pytest.mark.parametrize("state", list(State))
def test_only_the_moves_of_the_table_happen(case, checker, head, make_staff, filing, state):
    other, other_head = make_staff("lain", moves.HANDLE), make_staff("sekretaris", moves.DECIDE)
    target = services.file(form=filing(), now=NOW)
    for name, verb in verbs(checker, head, other, into=target, other_head=other_head).items():
        with transaction.atomic():
            values = {"merged_into": target} if state == State.MERGED else {}
            Objection.objects.filter(pk=case.pk).update(
                state=state, decided_at=NOW, proposed_outcome="REJECTED", proposed_answer="x", **values
            )
            fresh = Objection.objects.get(pk=case.pk)
            if state == State.REEXAMINED:
                fresh.events.create(kind=EventKind.MOVED, state_after=state, at=NOW)
            try:
                verb(fresh, NOW)
            except services.MoveRefused:
                assert Objection.objects.get(pk=case.pk).state == state
            else:
                assert (state, fresh.state) in moves.MOVES, name
            transaction.set_rollback(True)


def test_the_clock_stands_while_the_citizen_is_asked(case, checker):
    assert case.due_on.isoformat() == "2026-11-25"  # three working days
    assert case.answer_by.isoformat() == "2026-12-10"
    asked_at = NOW + timedelta(days=3)  # Monday: one working day used
    services.ask_for_completion(objection=case, by=checker, now=asked_at, asked="Foto rumah.")
    assert case.asked_for == "Foto rumah."
    assert not Objection.objects.late(NOW.date() + timedelta(days=90)).exists()

    services.complete(objection=case, by=None, now=asked_at + timedelta(days=14))  # ten working days later

    assert case.paused_days == 10
    assert case.due_on.isoformat() == "2026-12-09"
    assert case.answer_by.isoformat() == "2026-12-28"  # over Christmas and its joint leave


def test_the_urgent_lane_is_read_within_a_working_day(db, filing):
    case = services.file(form=filing(kind=Kind.PBI_URGENT), now=NOW)

    assert case.due_on.isoformat() == "2026-11-23"


def test_a_step_without_its_words_is_refused(case, checker, head):
    with pytest.raises(services.MoveRefused):
        services.ask_for_completion(objection=case, by=checker, now=NOW, asked=" ")
    services.start_check(objection=case, by=checker, now=NOW)
    assert case.handled_by == checker
    with pytest.raises(services.MoveRefused):
        services.finish_check(objection=case, by=checker, now=NOW, note="")
    services.finish_check(objection=case, by=checker, now=NOW, note=TEXT)
    with pytest.raises(services.MoveRefused):
        moving.propose(objection=case, outcome=State.REJECTED, by=checker, now=NOW, answer=" ")
    with pytest.raises(services.MoveRefused):
        moving.propose(objection=case, outcome=State.WITHDRAWN, by=checker, now=NOW, answer=TEXT)
    assert case.state == State.READY


def test_who_may_not_is_refused_whatever_the_state(case, checker, head, make_staff):
    with pytest.raises(PermissionDenied):
        services.start_check(objection=case, by=make_staff("kosong"), now=NOW)
    with pytest.raises(PermissionDenied):
        services.start_check(objection=case, by=None, now=NOW)
    propose(case, State.REJECTED, by=checker, now=NOW)
    with pytest.raises(PermissionDenied):
        moving.approve(objection=case, by=checker, now=NOW)


def test_the_proposer_never_decides_even_with_both_permissions(case, make_staff):
    both = make_staff("berdua", moves.HANDLE, moves.DECIDE)
    propose(case, State.UPHELD_HERE, by=both, now=NOW)
    with pytest.raises(services.MoveRefused, match="Petugas lain"):
        moving.approve(objection=case, by=both, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.update(decided_by=both)


def test_who_keyed_for_the_citizen_does_not_decide(db, filing, checker, make_staff):
    both = make_staff("loket", moves.FILE_FOR_OTHERS, moves.DECIDE)
    case = services.file(form=filing(channel="ASSISTED", consent="SPOKEN"), now=NOW, by=both)
    propose(case, State.REJECTED, by=checker, now=NOW)
    with pytest.raises(services.MoveRefused, match="mengisi sanggahan ini"):
        moving.approve(objection=case, by=both, now=NOW)


def test_filing_for_somebody_needs_a_permission_and_a_consent(db, filing, checker, make_staff):
    with pytest.raises(PermissionDenied):
        services.file(form=filing(channel="ASSISTED", consent="SPOKEN"), now=NOW, by=make_staff("x"))
    clerk = make_staff("loket", moves.FILE_FOR_OTHERS)
    with pytest.raises(services.MoveRefused, match="cap jempol"):
        services.file(form=filing(channel="ASSISTED"), now=NOW, by=clerk)
    assert not Objection.objects.exists()


def test_the_second_look_is_somebody_elses(case, checker, head, make_staff):
    decide(case, State.REJECTED, by=checker, head=head, now=NOW)
    services.ask_again(objection=case, by=None, now=NOW + timedelta(days=3))

    assert (case.handled_by, case.answer) == (None, TEXT)
    assert case.due_on.isoformat() == "2026-12-07"  # ten working days from then
    with pytest.raises(services.MoveRefused, match="putaran sebelumnya"):
        moving.propose(objection=case, outcome=State.UPHELD_HERE, by=checker, now=NOW, answer=TEXT)
    moving.propose(
        objection=case,
        outcome=State.UPHELD_HERE,
        by=make_staff("lain", moves.HANDLE),
        now=NOW,
        answer="Baru.",
    )
    moving.approve(objection=case, by=make_staff("sekretaris", moves.DECIDE), now=NOW)
    assert (case.state, case.answer) == (State.UPHELD_HERE, "Baru.")


def test_a_second_look_is_asked_for_while_the_offices_time_for_it_lasts(case, checker, head):
    decide(case, State.REJECTED, by=checker, head=head, now=NOW)
    ServiceTime.objects.filter(step=Step.ASK_AGAIN).update(
        working_days=5
    )  # Friday the 20th to Friday the 27th
    with pytest.raises(services.MoveRefused, match="sudah lewat"):
        services.ask_again(objection=case, by=None, now=NOW + timedelta(days=8))
    services.ask_again(objection=case, by=None, now=NOW + timedelta(days=7, hours=13))


def test_what_is_approved_is_what_was_read(case, checker, head):
    propose(case, State.REJECTED, by=checker, now=NOW)
    read = Objection.objects.get()
    services.send_back(objection=case, by=head, now=NOW, note="Cek lagi.")
    services.finish_check(objection=case, by=checker, now=NOW, note=TEXT)
    moving.propose(
        objection=case, outcome=State.UPHELD_HERE, by=checker, now=NOW + timedelta(hours=1), answer="Lain."
    )
    with pytest.raises(services.MoveRefused, match="lebih dulu"):
        moving.approve(objection=read, by=head, now=NOW)
    assert Objection.objects.get().state == State.PROPOSED


def test_the_centres_no_is_explained_once(case, checker, head):
    decide(case, State.UPHELD_TO_CENTRE, by=checker, head=head, now=NOW)
    assert case.due_on is None
    services.close_by_centre(objection=case, changed=False, by=None, now=NOW + timedelta(days=70))
    assert Objection.objects.late(case.due_on + timedelta(days=1)).exists()
    services.explain(objection=case, by=checker, now=NOW, note="Lewat telepon.")

    assert case.due_on is None
    assert case.events.last().kind == EventKind.EXPLAINED
    with pytest.raises(services.MoveRefused):
        services.explain(objection=case, by=checker, now=NOW, note="Lagi.")


def test_two_cases_of_one_person_become_one(case, filing, checker):
    other = services.file(form=filing(), now=NOW)
    services.merge(objection=other, into=case, by=checker, now=NOW)

    assert (other.state, other.merged_into) == (State.MERGED, case)
    assert case.events.last().kind == EventKind.MERGED_IN
    assert other.due_on is None


def test_cases_are_merged_only_into_an_open_one_of_the_same_person_and_kind(case, filing, checker):
    stranger = services.file(form=filing(nik=UNKNOWN_NIK), now=NOW)
    dead = services.file(form=filing(reasons=["NOT_DEAD"]), now=NOW)
    closed = services.file(form=filing(), now=NOW)
    services.withdraw(objection=closed, by=None, now=NOW)
    for into in (case, stranger, dead, closed):
        with pytest.raises(services.MoveRefused):
            services.merge(objection=case, into=into, by=checker, now=NOW)
    assert Objection.objects.get(pk=case.pk).state == State.SUBMITTED


def test_the_kind_is_read_from_the_reasons(db, filing):
    kinds = [["HOUSE"], ["HOUSE", "NIK_MISUSED"], ["NOT_DEAD"]]

    assert [services.file(form=filing(reasons=reasons), now=NOW).kind for reasons in kinds] == [
        Kind.OWN_DATA, Kind.NIK_MISUSED, Kind.NOT_DEAD
    ]  # fmt: skip


def test_a_report_never_opens_the_reporters_family(world, filing):
    case = services.file(form=filing(kind=Kind.WELL_OFF), now=timezone.now())
    services.match(objection=case, now=timezone.now())

    assert (case.family, case.village) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins(filing, checker, head):
    case = services.file(form=filing(), now=NOW)
    propose(case, State.REJECTED, by=checker, now=NOW)
    work = iter([services.approve, lambda **named: services.send_back(**named, note="Cek lagi.")])
    barrier, outcomes = threading.Barrier(2), []

    def run():
        verb, mine = next(work), Objection.objects.get()
        barrier.wait(timeout=20)
        try:
            verb(objection=mine, by=head, now=NOW)
            outcomes.append("done")
        except services.MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["done", "refused"]
    assert case.events.filter(kind=EventKind.MOVED).count() == 4  # check, ready, proposed, and one more
