"""What a night finds, in set statements, and what it leaves alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command

from bansos.common.models import Job
from eligibility.engine.finding_kinds import KINDS
from eligibility.engine.findings import find
from eligibility.models import Finding, FindingState
from recipients.enums import FlagStatus, ProposalState
from recipients.models import ExternalFlag, ProposalPack, UpdateProposal, WelfareSnapshot
from recipients.services import raise_flag
from tests.eligibility.conftest import TODAY
from tests.eligibility.findings.cases import NOW, kinds, lose, night, receives
from tests.factories.registry import make_family, make_member, make_release, make_village

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")


def test_the_verify_command_leaves_the_worklists_as_a_worker_would(family):
    receives(family)
    lose(family)

    call_command("verify", "--as-of", str(TODAY))

    assert kinds() == ["ENROLLED_NOT_ELIGIBLE"]
    assert not Job.objects.unfinished().exists()


def test_a_quiet_night_writes_no_finding(family):
    receives(family)
    lose(family)
    make_family(release=make_release("2026-Q2", date(2026, 4, 20), publish=False), decile=1)
    night()

    again = night()

    assert again.findings["ENROLLED_NOT_ELIGIBLE"] == {
        "standing": 1,
        "opened": 0,
        "changed": 0,
        "resolved": 0,
    }
    assert all(n["opened"] == n["changed"] == n["resolved"] == 0 for n in again.findings.values())


def test_who_receives_and_needs_a_look_is_on_another_list(family):
    receives(family)
    WelfareSnapshot.objects.update(decile=None)

    night()

    assert kinds() == ["ENROLLED_TO_REVIEW"]


def test_the_poorest_who_meet_a_rule_and_are_on_no_list_are_found_where_a_list_is_known(family, release):
    poorest = make_family(release=release, decile=1)
    receives(family)

    night()

    found = Finding.objects.get(kind="ELIGIBLE_NOT_ENROLLED")
    assert (found.family, found.programme.code) == (poorest, "SEMBAKO")


def test_for_our_own_programme_everyone_who_meets_the_rule_is_found(family, release):
    other = make_family(release=release, decile=3)
    receives(family, is_local=True)

    night()

    assert Finding.objects.get(kind="ELIGIBLE_NOT_ENROLLED").family == other


def test_the_same_name_and_birthday_in_one_village_is_found_once(release):
    villages = make_village(), make_village(), make_village("Pijot", "Keruak")
    people = [
        make_member(
            make_family(release=release, village=village), release=release, name="INAQ RUMENAH", relation=1
        )
        for village in villages
    ]

    night()

    found = Finding.objects.get(kind="DUPLICATE_PERSON")
    assert found.person == people[1].person
    assert found.evidence["other_person"] == people[0].person_id


def test_a_dead_head_and_a_dead_caretaker_are_found_until_the_flag_is_refuted(family, release):
    member = family.memberships.get()
    flag = raise_flag(
        family=family, kind="DECEASED", source="Dukcapil", observed_on=TODAY, person=member.person
    )
    night()
    before = kinds()

    ExternalFlag.objects.filter(pk=flag.pk).update(status=FlagStatus.REFUTED, settled_at=NOW)
    night()

    assert (before, kinds()) == (["DEAD_HEAD"], [])
    assert Finding.objects.get().state == FindingState.RESOLVED


def test_a_family_without_a_head_is_found(release):
    family = make_family(release=release)
    make_member(family, release=release, relation=3)

    night()

    assert kinds() == ["ORPHAN_MEMBERS"]


def test_who_receives_and_moved_is_found_and_who_only_moved_is_not(family, release):
    receives(family)
    stranger = make_family(release=release)
    for each in (family, stranger):
        person = make_member(each, release=release, relation=3 if each == family else 1).person
        raise_flag(family=each, kind="MOVED", source="Dukcapil", observed_on=TODAY, person=person)

    night()

    assert Finding.objects.get(kind="MOVED").family == family


def test_a_flag_that_ends_within_thirty_days_is_found(family):
    for source, days in (("PLN", 30), ("BKPSDM", 31)):
        raise_flag(
            family=family,
            kind="POWER_HIGH",
            source=source,
            observed_on=TODAY,
            valid_until=TODAY + timedelta(days),
        )

    night()

    assert Finding.objects.filter(kind="FLAG_EXPIRING").count() == 1


@pytest.mark.parametrize(
    ("since", "born", "found"),
    [
        (date(2021, 11, 23), date(1990, 1, 1), True),
        (date(2021, 11, 24), date(1990, 1, 1), False),
        (date(2015, 1, 1), date(1966, 11, 23), False),  # sixty today
    ],
)
def test_five_years_are_a_reason_to_look_but_not_for_elders(since, born, found, family, release):
    make_member(family, release=release, born=born, relation=3)
    receives(family, since=since)

    night()

    assert ("FIVE_YEARS" in kinds()) == found


def test_a_proposal_without_an_answer_after_half_a_year_is_found(family, verifier, head):
    values = {"family": family, "changed_facts": [], "made_by": verifier, "state": ProposalState.KEYED}
    values |= {
        "basis_on": TODAY,
        "endorsed_by": head,
        "endorsed_at": NOW,
        "keyed_reference": "SIKS-1",
        "keyed_by": verifier,
    }
    values["pack"] = ProposalPack.objects.create(
        number="KIRIM-26-0001", made_by=head, proposal_count=1, stored="-", sha256="0" * 64, size=1
    )
    UpdateProposal.objects.create(number="USUL-26-00001", keyed_on=date(2026, 5, 1), **values)

    night()

    assert kinds() == ["PROPOSAL_UNANSWERED"]


def test_every_kind_has_words_advice_and_sql_that_runs(release):
    for kind in KINDS.values():
        assert str(kind.advice)
        assert find(kind, as_of=TODAY, release_id=release.pk, run_id=None).standing == 0
