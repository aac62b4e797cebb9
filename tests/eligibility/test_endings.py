"""A rule ends without a next version by two people; what was decided stands, and nothing more is decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from eligibility import services
from eligibility.models import EligibilityDecision, RuleEnding, RuleSet, Scope
from eligibility.services.loading import FOLDER
from recipients.models import DecileCeiling
from recipients.roles import install_roles
from tests.eligibility.conftest import TODAY
from tests.factories.registry import make_family, make_release
from tests.factories.staff import make_user, make_world

pytestmark = pytest.mark.django_db
LAST = TODAY + timedelta(days=7)
AFTER = LAST + timedelta(days=1)


@pytest.fixture
def rule(rule_sets) -> RuleSet:
    return RuleSet.objects.get(programme__code="SEMBAKO", version=2)


@pytest.fixture
def two(db):
    install_roles()
    return make_user("data_admin"), make_user("office_head")


def propose(rule, by, *, on=LAST):
    return services.propose_ending(
        rule=rule, ends_on=on, reason="Program dihentikan pusat", by=by, today=TODAY
    )


def approve(ending, by):
    services.approve_ending(ending=ending, by=by, now=timezone.now(), today=TODAY)


def test_after_its_last_day_nothing_is_decided_and_what_was_decided_stands(rule, two):
    release = make_release()
    family = make_family(release=release, decile=3)
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    approve(propose(rule, two[0]), two[1])
    newcomer = make_family(release=release, decile=1)

    on_the_last_day = services.explain(family=family, programme="SEMBAKO", as_of=LAST).answers[0]
    done = services.verify(scope=Scope.ALL, as_of=AFTER, reason="uji")
    afterwards = services.explain(family=family, programme="SEMBAKO", as_of=AFTER).answers[0]

    stands = EligibilityDecision.objects.standing().get(family=family, programme__code="SEMBAKO")
    assert (on_the_last_day.rule_set, afterwards.rule_set) == (str(rule), "")
    assert afterwards.verdict_label == "tidak ada aturan yang berlaku hari itu"
    assert (stands.verdict, stands.as_of) == ("ELIGIBLE", TODAY)
    of_newcomer = EligibilityDecision.objects.filter(family=newcomer)
    assert set(of_newcomer.values_list("programme__code", flat=True)) == {"PKH"}
    assert "SEMBAKO" in done.without_rule_set
    assert not DecileCeiling.objects.in_force(AFTER).filter(programme__code="SEMBAKO").exists()


def test_a_programme_that_ended_starts_again_with_a_new_version_and_the_files_change_nothing(rule, two):
    approve(propose(rule, two[0]), two[1])

    again = services.load_rule_sets()
    text = services.text_of(rule, version=3, effective_from=AFTER, effective_to=None)

    assert again.new == again.closed == ()
    assert services.look_at(text=text, today=TODAY).wrong == []
    assert services.look_at(text=text.replace(str(AFTER), str(LAST)), today=TODAY).wrong


@pytest.mark.parametrize(
    ("on", "again", "message"),
    [(TODAY - timedelta(days=1), False, "Keputusan lama tidak diubah"), (LAST, True, "sudah diusulkan")],
)
def test_what_cannot_be_proposed_is_refused_with_its_reason(rule, two, on, again, message):
    if again:
        propose(rule, two[0])

    with pytest.raises(services.EndingRefused, match=message):
        propose(rule, two[0], on=on)


def test_nobody_ends_a_rule_alone_and_no_rule_ends_twice(rule, two):
    ending = propose(rule, two[0])
    with pytest.raises(services.EndingRefused, match="usulan Anda sendiri"):
        approve(ending, two[0])
    with pytest.raises(IntegrityError, match="takes_two_people"), transaction.atomic():
        RuleEnding.objects.filter(pk=ending.pk).update(state="APPROVED", settled_by=two[0])

    approve(ending, two[1])

    with pytest.raises(services.EndingRefused, match="sudah berakhir"):
        propose(rule, two[0])
    for rewrite in (lambda rows: rows.update(reason="lain"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rewrite(RuleEnding.objects.filter(pk=ending.pk))


def test_the_data_admin_proposes_and_the_head_approves_on_the_rules_page(client):
    world = make_world()
    services.load_rule_sets(FOLDER / "lokal")
    rule = RuleSet.objects.get(programme__code="PAKET_DAERAH")
    address = reverse("admin:eligibility_ruleset_end", args=[rule.pk])
    last = timezone.localdate() + timedelta(days=3)
    client.force_login(world.users["data_admin"])
    client.post(address, {"step": "propose", "ends_on": last.isoformat(), "reason": "Anggaran daerah habis"})
    client.post(address, {"step": "approve"})
    waiting = client.get(address).content.decode()

    client.force_login(world.users["office_head"])
    client.post(address, {"step": "approve"})

    rule.refresh_from_db()
    assert "Orang lain yang menyetujui" in waiting
    assert rule.effective_to == last
    assert rule.endings.get().settled_by == world.users["office_head"]
