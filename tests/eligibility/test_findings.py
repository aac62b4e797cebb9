"""Findings: found in set statements, closed by people for good, consequences by two people after a window."""

from __future__ import annotations

import io
import re
import threading
from datetime import date, datetime, timedelta

import openpyxl
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from bansos.common import jobs
from bansos.common.models import Job, Message
from eligibility import finding_export, services
from eligibility.engine.finding_kinds import KINDS
from eligibility.engine.findings import find
from eligibility.models import Finding, FindingEvent, FindingState, Outcome, Scope
from eligibility.services import finding as steps
from eligibility.services import notices
from recipients.enums import EnrolmentState, FlagStatus, ProposalState
from recipients.models import (
    AccessLog,
    Enrolment,
    ExternalFlag,
    Family,
    Programme,
    ProposalPack,
    UpdateProposal,
    WelfareSnapshot,
)
from recipients.roles import install_roles
from recipients.services import enrol, raise_flag, replace_caretaker
from recipients.services.enrolment import EnrolmentRefused
from tests.eligibility.conftest import TODAY
from tests.factories.registry import WITA, make_family, make_member, make_release, make_village
from tests.factories.staff import make_user

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")
NOW = datetime(2026, 11, 24, 9, tzinfo=WITA)
AFTER = NOW + notices.OBJECTION_WINDOW
NOTE = "Data sudah dicek di lapangan."


@pytest.fixture
def release():
    return make_release()


@pytest.fixture
def family(release):
    family = make_family(release=release, decile=3)
    make_member(
        family, release=release, born=date(2015, 3, 4), relation=1, school_participation=2, school_level=3
    )
    return family


@pytest.fixture
def verifier(db):
    install_roles()
    return make_user("office_verifier")


@pytest.fixture
def head(verifier):
    return make_user("office_head")


def programme(code="SEMBAKO", *, is_local=False):
    Programme.objects.filter(code=code).update(is_local=is_local)
    return Programme.objects.get(code=code)


def receives(family, since=date(2025, 1, 1), **more):
    state = more.pop("state", EnrolmentState.ACTIVE)
    return enrol(programme=programme(**more), family=family, state=state, since=since, by=None, now=NOW)


def night(day=TODAY):
    run = services.queue_verify(scope=Scope.ALL, as_of=day, reason="malam")
    while waiting := list(Job.objects.unfinished().values_list("pk", flat=True)):
        jobs.drain(waiting)
    run.refresh_from_db()
    return run


def test_the_verify_command_leaves_the_worklists_as_a_worker_would(family):
    receives(family)
    lose(family)

    call_command("verify", "--as-of", str(TODAY))

    assert kinds() == ["ENROLLED_NOT_ELIGIBLE"]
    assert not Job.objects.unfinished().exists()


def kinds():
    return sorted(Finding.objects.waiting().values_list("kind", flat=True))


def lose(family):
    WelfareSnapshot.objects.filter(family=family).update(decile=9)


@pytest.fixture
def lost(family):
    """A finding: the family receives a national programme and no longer meets its rule."""
    receives(family)
    lose(family)
    night()
    return Finding.objects.get(kind="ENROLLED_NOT_ELIGIBLE")


@pytest.fixture
def lost_local(family):
    receives(family, is_local=True)
    lose(family)
    night()
    return Finding.objects.get(kind="ENROLLED_NOT_ELIGIBLE")


def print_letters(by, on=NOW):
    _, keys = services.notices_to_print(families=Family.objects.all(), most=999, today=on.date())
    services.mark_notices_printed(findings=Finding.objects.filter(pk__in=keys), by=by, now=on)


def of(finding):
    return Finding.objects.filter(pk=finding.pk)


# --- what is found ------------------------------------------------------------------------------------------


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


# --- what people close stays closed -------------------------------------------------------------------------


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


# --- consequences -------------------------------------------------------------------------------------------


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

    with django_assert_max_num_queries(70):
        steps.propose(findings=Finding.objects.all(), note=NOTE, by=verifier, now=NOW)
        print_letters(verifier)
        done = steps.confirm(findings=Finding.objects.all(), by=head, now=AFTER)

    assert done == 300
    assert Enrolment.objects.filter(state="SUSPENDED").count() == 300


# --- whose worklist -----------------------------------------------------------------------------------------


def test_a_village_closes_what_is_its_to_find_out_and_nothing_else(client, lost, family, release, verifier):
    headless = make_family(release=release)
    make_member(headless, release=release, relation=3)
    elsewhere = make_family(release=release, village=make_village("Pijot", "Keruak"))
    make_member(elsewhere, release=release, relation=3)
    night()
    operator = make_user("village_operator", area=family.village)
    client.force_login(operator)

    address = reverse("admin:eligibility_finding_bulk")
    picked = list(Finding.objects.values_list("pk", flat=True))
    client.post(address, {"step": "tutup", "outcome": "FIXED", "note": NOTE, "pick": picked})
    client.post(address, {"step": "tutup", "outcome": "FIXED", "note": NOTE, **everything_on(client)})

    closed = Finding.objects.get(state=FindingState.DISMISSED)
    assert (closed.kind, closed.family) == ("ORPHAN_MEMBERS", headless)


def everything_on(client):
    """What the list sends along with "all that the filters show": how many there were, and when it was opened."""
    page = client.get(reverse("admin:eligibility_finding_changelist")).content.decode()
    sent = {name: re.search(rf'name="{name}" value="(\d+)"', page) for name in ("seen", "opened")}
    return {"scope": "semua", **{name: found[1] for name, found in sent.items() if found}}


def moved_away(like, key):
    return Finding.objects.create(
        kind="MOVED", subject_key=key, family=like.family, subdistrict=like.subdistrict, digest="0" * 32
    )


def test_all_that_the_list_shows_is_what_it_showed_when_it_was_opened(client, lost, verifier):
    client.force_login(verifier)
    address = reverse("admin:eligibility_finding_bulk")
    close = {"step": "tutup", "outcome": "FIXED", "note": NOTE}
    seen = moved_away(lost, "flag:1")
    opened = everything_on(client)
    FindingEvent.objects.create(finding=lost, step="dikembalikan", by=verifier)
    moved_away(lost, "flag:2")

    client.post(address, {**close, **opened})
    closed = list(Finding.objects.filter(state=FindingState.DISMISSED))
    client.post(address, {**close, **everything_on(client), "seen": "1"})
    client.post(address, {**close, "scope": "semua"})

    assert closed == [seen]
    assert Finding.objects.filter(state=FindingState.OPEN).count() == 2


def test_a_step_asks_for_its_own_permission(client, lost, head, verifier):
    client.force_login(head)

    answer = client.post(
        reverse("admin:eligibility_finding_bulk"), {"step": "usulkan", "note": NOTE, "pick": [lost.pk]}
    )

    assert answer.status_code == 403


def test_the_list_shows_what_waits_with_its_reason(client, lost, verifier):
    client.force_login(verifier)

    page = client.get(reverse("admin:eligibility_finding_changelist")).content.decode()
    own = client.get(reverse("admin:eligibility_finding_change", args=[lost.pk])).content.decode()

    assert "menerima, tetapi tidak lagi memenuhi syarat" in page
    assert "desil 9" in page
    assert "Program ini milik pusat" in own
    assert "ENROLLED_NOT_ELIGIBLE" not in own


def test_a_finding_is_handed_to_a_colleague(client, lost, verifier):
    colleague = make_user("office_verifier", name="rekan")
    client.force_login(verifier)

    client.post(
        reverse("admin:eligibility_finding_bulk"), {"step": "serahkan", "to": colleague.pk, "pick": [lost.pk]}
    )

    lost.refresh_from_db()
    assert lost.assigned_to == colleague


# --- caretakers ---------------------------------------------------------------------------------------------


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


def test_every_kind_has_words_advice_and_sql_that_runs(release):
    for kind in KINDS.values():
        assert str(kind.advice)
        assert find(kind, as_of=TODAY, release_id=release.pk, run_id=None).standing == 0


def test_the_home_page_counts_findings_of_the_own_area_by_kind(client, release, verifier):
    for name in ("Kesik", "Danger"):
        family = make_family(release=release, village=make_village(name))
        make_member(family, release=release, relation=3)
    night()

    def counted(user):
        client.force_login(user)
        cards = client.get(reverse("admin:index")).context["cards"]
        return [card.count for card in cards if card.label == "keluarga tanpa kepala keluarga"]

    assert counted(verifier) == [2]
    assert counted(make_user("village_operator", area=make_village("Kesik"))) == [1]


# --- the list that is handed over ---------------------------------------------------------------------------


def test_what_is_put_to_the_centre_is_a_file_and_the_download_is_logged(client, lost, family, verifier, head):
    WelfareSnapshot.objects.update(head_name="=HYPERLINK(1)")
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)
    print_letters(verifier)
    steps.confirm(findings=of(lost), by=head, now=AFTER)
    client.force_login(head)
    address = reverse("admin:eligibility_finding_export") + "?hasil=TO_CENTRE"

    refused = client.post(address)
    text = b"".join(client.post(address, {"reason": "untuk Pusdatin"}).streaming_content).decode()

    assert refused.status_code == 302
    assert (
        f'"{lost.pk}","menerima, tetapi tidak lagi memenuhi syarat","{family.pk}","\'=HYPERLINK(1)"' in text
    )
    assert '"ya"' in text
    assert "desil 9" in text
    log = AccessLog.objects.get(kind="EXPORT")
    assert (log.rows, log.reason, log.by) == (1, "untuk Pusdatin", head)


def test_the_list_to_hand_over_is_a_workbook_whose_cells_are_text_and_never_a_formula(client, lost, verifier):
    family = lost.family
    family.snapshots.update(head_name="=HYPERLINK(1) <b>\x01&")
    client.force_login(verifier)

    answer = client.post(
        reverse("admin:eligibility_finding_export"), {"reason": "untuk Pusdatin", "bentuk": "xlsx"}
    )

    book = io.BytesIO(b"".join(answer.streaming_content))
    header, row = list(openpyxl.load_workbook(book).active.values)
    book.seek(0)
    again = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()
    assert header == finding_export.HEADER
    assert row[:4] == (str(lost.pk), lost.get_kind_display(), str(family.pk), "'=HYPERLINK(1) <b>&")
    assert again[1][:4] == list(row[:4])


def test_a_finding_offers_the_steps_that_it_can_take(client, lost, verifier, head):
    def offered(user):
        client.force_login(user)
        page = client.get(reverse("admin:eligibility_finding_change", args=[lost.pk]))
        return page.context["step_codes"]

    before = offered(verifier), offered(head)
    steps.propose(findings=of(lost), note=NOTE, by=verifier, now=NOW)

    assert before == (["ambil", "serahkan", "tutup", "usulkan"], [])
    assert (offered(verifier), offered(head)) == ([], ["konfirmasi", "kembalikan"])
