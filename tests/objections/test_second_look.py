"""Another person decides on a second look: who judged a case before neither proposes nor approves it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from objections import moves, services
from objections.enums import EventKind, State
from objections.services import moving
from recipients.roles import install_roles
from tests.factories.staff import make_user
from tests.objections.steps import decide, text_of

pytestmark = pytest.mark.django_db

LIST = "/staf/objections/objection/"
AGAIN = "putaran sebelumnya"
NO_OTHER = "Belum ada orang lain yang berperan Kepala Dinas Sosial"


@pytest.fixture
def others(make_staff):
    see = "recipients.see_whole_district"
    return make_staff("verifikator2", moves.HANDLE, see), make_staff("sekretaris", moves.DECIDE, see)


@pytest.fixture
def again(filing, checker, head):
    """Refused by checker and head; the citizen asked for another look."""

    def make(by=checker):
        earlier = timezone.now() - timedelta(hours=1)
        case = services.file(form=filing(), now=earlier)
        decide(case, State.REJECTED, by=by, head=head, now=earlier)
        services.ask_again(objection=case, by=None, now=earlier)
        return case

    return make


def propose(case, by):
    now = timezone.now() - timedelta(minutes=1)
    moving.propose(objection=case, outcome=State.REJECTED, by=by, now=now, answer="Sudah kami periksa lagi.")


def test_who_proposed_or_decided_before_does_neither_again(again, checker, head, others):
    other, other_head = others
    case = again()

    for first in (checker, head):  # the head of this test may handle cases too
        with pytest.raises(services.MoveRefused, match=f"{case}.*verifikator dan kepala.*{AGAIN}"):
            propose(case, first)
    propose(case, other)
    with pytest.raises(services.MoveRefused, match=AGAIN):
        moving.approve(objection=case, by=head, now=timezone.now())
    with pytest.raises(services.MoveRefused, match=AGAIN):
        services.send_back(objection=case, by=head, now=timezone.now(), note="Cek lagi.")
    moving.approve(objection=case, by=other_head, now=timezone.now())

    assert (case.state, case.decided_by) == (State.REJECTED, other_head)


def test_sending_back_does_not_bring_the_first_checker_back(again, checker, others):
    other, other_head = others
    case = again()
    propose(case, other)
    services.send_back(objection=case, by=other_head, now=timezone.now(), note="Cek lagi.")
    services.finish_check(
        objection=case, by=checker, now=timezone.now(), note="Dilihat."
    )  # a fact, no verdict

    with pytest.raises(services.MoveRefused, match=AGAIN):
        propose(case, checker)
    propose(case, other)  # the second round is theirs, however often it is sent back


def test_each_further_look_is_by_others_than_all_before(again, head, others, make_staff):
    other, other_head = others
    case = again()
    propose(case, other)
    moving.approve(objection=case, by=other_head, now=timezone.now())
    services.ask_again(objection=case, by=None, now=timezone.now())
    propose(case, make_staff("ketiga", moves.HANDLE))

    for before in (head, other_head):
        with pytest.raises(services.MoveRefused, match=AGAIN):
            moving.approve(objection=case, by=before, now=timezone.now())


def test_a_second_look_is_not_handed_to_who_judged_before(client, again, filing, checker, head, others):
    install_roles()
    first, other = make_user("office_verifier", name="pertama"), make_user("office_verifier", name="kedua")
    case, fresh = again(by=first), services.file(form=filing(), now=timezone.now())
    client.force_login(head)

    def hand(to):
        ticked = {"kasus": [case.pk, fresh.pk], "kepada": to.pk}
        answer = text_of(client.post(f"{LIST}serahkan/", ticked, follow=True))
        for one in (case, fresh):
            one.refresh_from_db()
        return answer

    assert f"{case} diperiksa ulang, dan pertama sudah menilainya" in hand(first)
    assert fresh.handled_by != first  # all or none
    assert "2 sanggahan diserahkan kepada kedua" in hand(other)
    assert case.handled_by == fresh.handled_by == other


def test_who_only_keyed_for_the_citizen_is_not_counted(filing, checker, head, others):
    clerk, _other_head = others
    case = services.file(form=filing(), now=timezone.now())
    decide(case, State.REJECTED, by=checker, head=head, now=timezone.now())
    services.ask_again(objection=case, by=clerk, now=timezone.now())

    propose(case, clerk)

    assert case.state == State.PROPOSED


def test_an_office_with_one_head_reads_which_role_to_give(again, head, make_staff):
    install_roles()
    case = again()
    propose(case, make_staff("verifikator2", moves.HANDLE))
    with pytest.raises(
        services.MoveRefused, match=f"{NO_OTHER}. Minta Admin sistem memberi peran itu kepada petugas lain"
    ):
        moving.approve(objection=case, by=head, now=timezone.now())

    make_user("office_head", name="sekretaris")
    with pytest.raises(services.MoveRefused) as refused:
        moving.approve(objection=case, by=head, now=timezone.now())
    assert NO_OTHER not in str(refused.value)


def test_a_batch_with_one_such_case_approves_none(client, again, filing, checker, head, others):
    case = again()
    propose(case, others[0])
    ordinary = services.file(form=filing(), now=timezone.now())
    services.start_check(objection=ordinary, by=checker, now=timezone.now())
    services.finish_check(objection=ordinary, by=checker, now=timezone.now(), note="Dilihat.")
    propose(ordinary, checker)
    client.force_login(head)
    for one in (ordinary, case):
        client.get(f"{LIST}{one.pk}/change/")

    page = text_of(client.post(f"{LIST}setujui/", {"kasus": [ordinary.pk, case.pk]}, follow=True))

    assert f"Sanggahan {case} diperiksa ulang" in page
    for one in (ordinary, case):
        one.refresh_from_db()
        assert one.state == State.PROPOSED


def test_the_page_says_so_and_offers_the_step_to_others_only(client, again, head, others):
    case = again()
    propose(case, others[0])
    page, button = f"{LIST}{case.pk}/change/", 'name="step" value="putuskan"'

    client.force_login(head)
    seen = text_of(client.get(page))
    assert AGAIN in seen
    assert button not in seen
    forced = client.post(
        f"{LIST}{case.pk}/langkah/", {"step": "putuskan", "seen": f"PROPOSED {case.proposed_at.isoformat()}"}
    )
    assert (forced.status_code, AGAIN in text_of(forced)) == (409, True)
    client.force_login(others[1])
    assert button in text_of(client.get(page))


def test_the_database_refuses_it_too(again, head):
    event = {"kind": EventKind.MOVED, "state_after": State.REJECTED, "by": head}
    with pytest.raises(IntegrityError, match="second look"), transaction.atomic():
        again().events.create(**event, at=timezone.now())
