"""Alike proposals approved at once, each opened first; and the notice that somebody else has the case open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from objections import services
from objections.enums import Kind, State
from objections.models import Objection
from recipients.enums import Access
from recipients.models import AccessLog
from tests.objections.steps import propose, text_of

pytestmark = pytest.mark.django_db

LIST = "/staf/objections/objection/"


@pytest.fixture
def proposed(filing, checker):
    """Proposals as of a moment ago; the log of looks goes by the database's clock."""

    def make(outcome=State.REJECTED, **form):
        case = services.file(form=filing(**form), now=timezone.now())
        propose(case, outcome, by=checker, now=timezone.now() - timedelta(minutes=1))
        return case

    return make


def approve(client, *cases):
    return client.post(f"{LIST}setujui/", {"kasus": [case.pk for case in cases]}, follow=True)


def states():
    return list(Objection.objects.order_by("pk").values_list("state", flat=True))


def test_alike_proposals_are_approved_at_once_after_each_was_opened(client, proposed, head):
    cases = [proposed(), proposed()]
    client.force_login(head)
    client.get(f"{LIST}{cases[0].pk}/change/")

    assert cases[1].receipt_no in text_of(approve(client, *cases)).split("errornote")[0]
    assert states() == ["PROPOSED", "PROPOSED"]
    client.get(f"{LIST}{cases[1].pk}/change/")
    approve(client, *cases)
    assert states() == ["REJECTED", "REJECTED"]
    assert all(case.decided_by == head for case in Objection.objects.all())


def test_a_look_before_the_proposal_or_by_somebody_else_does_not_count(proposed, head, checker):
    case = proposed()
    AccessLog.objects.create(by=checker, kind=Access.OPEN_OBJECTION, subject=case.reference)
    AccessLog.objects.create(
        by=head, kind=Access.OPEN_OBJECTION, subject=case.reference, at=case.proposed_at - timedelta(hours=1)
    )  # fmt: skip
    with pytest.raises(services.MoveRefused, match=case.receipt_no):
        services.approve_together(cases=[case], by=head, now=timezone.now())


@pytest.mark.parametrize("other", [{"outcome": State.UPHELD_HERE}, {"kind": Kind.NIK_MISUSED}])
def test_what_differs_is_not_approved_together(proposed, head, other):
    with pytest.raises(services.MoveRefused, match="berbeda"):
        services.approve_together(cases=[proposed(), proposed(**other)], by=head, now=timezone.now())


def test_none_or_too_many_or_decided_ones_are_refused(proposed, head):
    case = proposed()
    for cases in ([], [case] * 26):
        with pytest.raises(services.MoveRefused, match="1 sampai 25"):
            services.approve_together(cases=cases, by=head, now=timezone.now())
    services.approve(objection=case, by=head, now=timezone.now())
    with pytest.raises(services.MoveRefused, match="menunggu persetujuan"):
        services.approve_together(cases=[case], by=head, now=timezone.now())


def test_the_page_says_who_else_has_the_case_open(client, proposed, head, checker):
    page = f"{LIST}{proposed().pk}/change/"
    client.force_login(checker)
    assert "juga membuka kasus ini" not in text_of(client.get(page))

    client.force_login(head)
    assert "verifikator juga membuka kasus ini" in text_of(client.get(page))


def test_who_approves_sees_on_home_and_in_the_queue_what_waits_and_what_it_would_become(
    client, proposed, head
):
    proposed()
    client.force_login(head)
    assert "tahap=setuju" in client.get("/staf/").content.decode()
    assert "usul keputusan menunggu persetujuan Anda" in text_of(client.get("/staf/"))
    assert "Menunggu persetujuan kedua: " in text_of(client.get(f"{LIST}?tahap=setuju"))
