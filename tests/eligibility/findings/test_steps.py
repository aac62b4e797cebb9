"""Findings are closed by people for good; consequences take two people and a window."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from bansos.common.models import Message
from eligibility import services
from eligibility.models import Finding, FindingEvent, FindingState, Outcome
from eligibility.services import finding as steps
from eligibility.services import notices
from recipients.enums import EnrolmentState, ExitReason
from recipients.models import Enrolment, Family, WelfareSnapshot
from recipients.services import replace_caretaker
from recipients.services.enrolment import EnrolmentRefused, move_enrolment, move_many
from tests.eligibility.conftest import TODAY
from tests.eligibility.findings.cases import (
    AFTER,
    NOTE,
    NOW,
    kinds,
    lose,
    night,
    of,
    print_letters,
    programme,
    receives,
)
from tests.factories.registry import make_family, make_member
from tests.factories.staff import make_user

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")


# --- what people close stays closed ------------------------------------------------------------------------


def test_what_a_person_closed_is_not_opened_again_while_the_facts_are_the_same(lost, verifier):
    steps.dismiss(findings=of(lost), outcome=Outcome.LEFT, note=NOTE, by=verifier, now=NOW)

    night()
    same = kinds()
    WelfareSnapshot.objects.update(decile=10)
    night()

    assert (same, kinds()) == ([], ["ENROLLED_NOT_ELIGIBLE"])


def test_what_a_person_closed_is_theirs_again_when_the_facts_go_back(lost, verifier, family):
    steps.dismiss(findings=of(lost), outcome=Outcome.LEFT, note=NOTE, by=verifier, now=NOW)
    WelfareSnapshot.objects.filter(family=family).update(decile=8)
    night()
    again = Finding.objects.get(state=FindingState.OPEN)
    lose(family)

    night()

    again.refresh_from_db()
    lost.refresh_from_db()
    assert (again.state, lost.state) == (FindingState.RESOLVED, FindingState.DISMISSED)
    assert not Finding.objects.waiting().exists()


def test_what_is_no_longer_so_is_resolved_by_itself(lost, family):
    WelfareSnapshot.objects.update(decile=2)

    night()

    lost.refresh_from_db()
    assert lost.state == FindingState.RESOLVED


def test_a_proposal_falls_when_its_facts_change(lost, verifier):
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)
    WelfareSnapshot.objects.update(decile=10)

    night()

    lost.refresh_from_db()
    assert (lost.state, lost.proposed_by, lost.window_ends_on) == (FindingState.OPEN, None, None)


def test_closing_needs_a_reason_and_leaves_its_step(lost, verifier):
    with pytest.raises(services.FindingRefused, match="alasan"):
        steps.dismiss(findings=of(lost), outcome=Outcome.LEFT, note=" ok ", by=verifier, now=NOW)

    steps.dismiss(findings=of(lost), outcome=Outcome.NOT_TRUE, note=NOTE, by=verifier, now=NOW)

    event = FindingEvent.objects.get()
    assert (event.by, event.note, event.step) == (verifier, NOTE, "ditutup: sudah dicek, tidak benar")
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingEvent.objects.update(note="lain")


# --- consequences ------------------------------------------------------------------------------------------


def enrolment_state(family):
    return Enrolment.objects.get(family=family).state


def test_our_own_programme_is_suspended_by_the_second_person_after_the_window(
    lost_local, family, verifier, head
):
    steps.propose(findings=of(lost_local), note=NOTE, by=verifier, now=NOW)
    print_letters(verifier)
    early = steps.confirm(findings=of(lost_local), by=head, now=AFTER - timedelta(days=1))
    before = enrolment_state(family)
    done = steps.confirm(findings=of(lost_local), by=head, now=AFTER)

    lost_local.refresh_from_db()
    assert (early, before, done) == (0, "ACTIVE", 1)
    assert (enrolment_state(family), lost_local.outcome) == ("SUSPENDED", Outcome.SUSPENDED)
    night()
    assert kinds() == []


def test_who_is_suspended_receives_again_and_still_does_not_meet_the_rule_is_found_again(
    lost_local, family, verifier, head
):
    steps.propose(findings=of(lost_local), note=NOTE, by=verifier, now=NOW)
    print_letters(verifier)
    steps.confirm(findings=of(lost_local), by=head, now=AFTER)

    move_many(enrolment_ids=[lost_local.evidence["enrolment"]], to=EnrolmentState.ACTIVE, by=head, now=AFTER)
    night()

    assert kinds() == ["ENROLLED_NOT_ELIGIBLE"]


def test_who_proposed_does_not_confirm(lost_local, family, verifier):
    steps.propose(findings=of(lost_local), note=NOTE, by=verifier, now=NOW)
    print_letters(verifier)

    assert steps.confirm(findings=of(lost_local), by=verifier, now=AFTER) == 0
    assert enrolment_state(family) == "ACTIVE"
    with pytest.raises(IntegrityError, match="finding_confirmed_by_another"), transaction.atomic():
        of(lost_local).update(state=FindingState.CONFIRMED, settled_by=verifier, outcome=Outcome.SUSPENDED)


def test_a_national_programme_is_put_to_the_centre_and_not_cut_by_us(lost, family, verifier, head):
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)
    print_letters(verifier)
    steps.confirm(findings=of(lost), by=head, now=AFTER)

    lost.refresh_from_db()
    assert (lost.state, lost.outcome) == (FindingState.CONFIRMED, Outcome.TO_CENTRE)
    assert enrolment_state(family) == "ACTIVE"


def test_the_family_is_told_before_anything_is_cut(lost, verifier):
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)

    (notice,), findings = services.notices_to_print(families=Family.objects.all(), most=9, today=NOW.date())
    assert Message.objects.get(template=notices.EARLY_WARNING).channel == "PRINT"
    assert (notice.family_id, notice.until, findings) == (lost.family_id, date(2026, 12, 24), [lost.pk])
    assert "desil 9" in notice.reasons[0]


def test_nothing_is_confirmed_before_its_letter_is_on_paper(lost_local, verifier, head):
    steps.propose(findings=of(lost_local), note=NOTE, by=verifier, now=NOW)

    unprinted = steps.confirm(findings=of(lost_local), by=head, now=AFTER)
    print_letters(verifier)

    assert (unprinted, steps.confirm(findings=of(lost_local), by=head, now=AFTER)) == (0, 1)


def test_a_letter_printed_late_gives_the_whole_window(lost_local, verifier, head):
    steps.propose(findings=of(lost_local), note=NOTE, by=verifier, now=NOW)

    print_letters(verifier, on=AFTER)

    assert steps.confirm(findings=of(lost_local), by=head, now=AFTER + timedelta(days=29)) == 0
    assert steps.confirm(findings=of(lost_local), by=head, now=AFTER + timedelta(days=30)) == 1


def test_a_letter_is_noted_once_and_leaves_the_pile(lost, verifier):
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)
    waiting = services.families_to_warn(Family.objects.all(), today=NOW.date())

    done = [services.mark_notices_printed(findings=of(lost), by=verifier, now=NOW) for _ in range(2)]

    assert (waiting, done) == ({lost.family.village_id: 1}, [1, 0])
    assert services.families_to_warn(Family.objects.all(), today=NOW.date()) == {}
    assert lost.events.last().step == "surat peringatan dicetak 24-11-2026"


def test_what_is_proposed_again_is_announced_again(lost, verifier, head):
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)
    print_letters(verifier)
    steps.send_back(findings=of(lost), note=NOTE, by=head, now=NOW)

    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=AFTER)

    assert services.families_to_warn(Family.objects.all(), today=NOW.date()) == {lost.family.village_id: 1}


def test_who_meets_our_own_rule_joins_the_waiting_list_by_two_people(family, release, verifier, head):
    other = make_family(release=release, decile=3)
    receives(family, is_local=True)
    night()
    found = Finding.objects.filter(kind="ELIGIBLE_NOT_ENROLLED")

    steps.propose(findings=found, note=NOTE, by=verifier, now=NOW)
    done = steps.confirm(findings=found, by=head, now=NOW)

    assert done == 1
    assert enrolment_state(other) == EnrolmentState.WAITLISTED


def test_who_left_the_waiting_list_and_meets_the_rule_is_found_again(family, release, verifier, head):
    other = make_family(release=release, decile=3)
    receives(family, is_local=True)
    night()
    found = Finding.objects.filter(kind="ELIGIBLE_NOT_ENROLLED")
    steps.propose(findings=found, note=NOTE, by=verifier, now=NOW)
    steps.confirm(findings=found, by=head, now=NOW)

    left = Enrolment.objects.get(family=other)
    move_enrolment(
        enrolment=left, to=EnrolmentState.EXITED, on=TODAY, by=head, now=AFTER, exit_reason=ExitReason.REFUSED
    )
    night()

    assert Finding.objects.waiting().get().family == other


def test_a_proposal_that_is_sent_back_is_open_again(lost, verifier, head):
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)

    assert steps.send_back(findings=of(lost), note=NOTE, by=head, now=NOW) == 1

    lost.refresh_from_db()
    assert lost.state == FindingState.OPEN


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_confirms_and_one_is_told_that_it_was_done(release, head):
    family = make_family(release=release, decile=9)
    enrolment = receives(family, is_local=True)
    verifier = make_user("office_verifier", name="lain")
    finding = Finding.objects.create(
        kind="ENROLLED_NOT_ELIGIBLE", subject_key=f"enrolment:{enrolment.pk}", family=family,
        programme=enrolment.programme, subdistrict=family.village.parent, digest="0" * 32,
        evidence={"enrolment": enrolment.pk}, state=FindingState.PROPOSED, proposed_by=verifier, proposed_at=NOW,
        window_ends_on=NOW.date(),
    )  # fmt: skip
    done = []

    def act(step, **more):
        done.append(step(findings=of(finding), by=head, now=NOW, **more))
        connection.close()

    threads = [
        threading.Thread(target=act, args=(steps.confirm,)),
        threading.Thread(target=act, args=(steps.confirm,)),
        threading.Thread(target=act, args=(steps.send_back,), kwargs={"note": NOTE}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == [0, 0, 1]
    assert FindingEvent.objects.count() == 1
    assert enrolment.events.count() == 1 + (Finding.objects.get().state == FindingState.CONFIRMED)


def test_a_thousand_findings_are_taken_in_a_few_statements(
    release, verifier, head, django_assert_max_num_queries
):
    sembako = programme(is_local=True)
    families = [make_family(release=release, decile=9) for _ in range(3)]
    many = Family.objects.bulk_create(Family(village=families[0].village) for _ in range(300))
    enrolled = Enrolment.objects.bulk_create(
        Enrolment(programme=sembako, family=family, state="ACTIVE", since=date(2025, 1, 1)) for family in many
    )
    Finding.objects.bulk_create(
        Finding(
            kind="ENROLLED_NOT_ELIGIBLE", subject_key=f"enrolment:{row.pk}", family_id=row.family_id, programme=sembako,
            subdistrict=families[0].village.parent, digest="0" * 32, evidence={"enrolment": row.pk},
        )
        for row in enrolled
    )  # fmt: skip

    with django_assert_max_num_queries(72):
        steps.propose(findings=Finding.objects.all(), note=NOTE, by=verifier, now=NOW)
        print_letters(verifier)
        done = steps.confirm(findings=Finding.objects.all(), by=head, now=AFTER)

    assert done == 300
    assert Enrolment.objects.filter(state="SUSPENDED").count() == 300


# --- caretakers --------------------------------------------------------------------------------------------


def test_the_death_of_a_caretaker_ends_nothing_another_adult_takes_over(family, release, verifier):
    enrolment = receives(family)
    adult = make_member(family, release=release, born=date(2000, 1, 1), relation=3).person
    child = family.memberships.get(relation=1).person
    stranger = make_member(make_family(release=release), release=release).person

    for person in (child, stranger):
        with pytest.raises(EnrolmentRefused):
            replace_caretaker(enrolment=enrolment, caretaker=person, by=verifier, now=NOW, note=NOTE)
    replace_caretaker(enrolment=enrolment, caretaker=adult, by=verifier, now=NOW, note=NOTE)

    enrolment.refresh_from_db()
    assert (enrolment.caretaker, enrolment.state) == (adult, "ACTIVE")
    assert "Pengurus diganti" in enrolment.events.last().note
