"""A rule ends without a next version by two people; from the next day nothing is decided and nothing stands."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from eligibility import services
from eligibility.engine import ranking
from eligibility.engine.finding_kinds import KINDS
from eligibility.engine.findings import find
from eligibility.models import EligibilityDecision, Finding, ReverificationRun, RuleEnding, RuleSet, Scope
from eligibility.rules.documents import read_document
from eligibility.services import finding, reporting
from eligibility.services.loading import FOLDER, end_rule_set, load_text
from objections import offered, own_data
from objections.paper import results
from recipients.addressing import CITIZEN
from recipients.enums import EnrolmentState
from recipients.models import DecileCeiling, Family, Programme, Quota
from recipients.roles import install_roles
from recipients.services import enrol
from tests.eligibility.conftest import TODAY
from tests.factories.registry import make_family, make_release
from tests.factories.staff import make_user, make_world

pytestmark = pytest.mark.django_db
LAST = TODAY + timedelta(days=7)
AFTER = LAST + timedelta(days=1)
AGAIN = AFTER + timedelta(days=1)
NO_RULE = "Saat ini tidak ada aturan yang berlaku untuk program ini."


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


def test_after_its_last_day_nothing_is_decided_and_nothing_stands_but_what_held_is_kept(rule, two):
    release = make_release()
    family = make_family(release=release, decile=3)
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    approve(propose(rule, two[0]), two[1])
    newcomer = make_family(release=release, decile=1)

    on_the_last_day = services.explain(family=family, programme="SEMBAKO", as_of=LAST).answers[0]
    kept = services.verify(scope=Scope.ALL, as_of=LAST, reason="uji")
    standing = EligibilityDecision.objects.standing().filter(programme__code="SEMBAKO")
    stood = set(standing.values_list("family", "verdict"))
    done = services.verify(scope=Scope.ALL, as_of=AFTER, reason="uji")
    afterwards = services.explain(family=family, programme="SEMBAKO", as_of=AFTER).answers[0]

    assert (on_the_last_day.rule_set, afterwards.rule_set) == (str(rule), "")
    assert afterwards.verdict_label == "tidak ada aturan yang berlaku hari itu"
    assert "SEMBAKO" not in kept.without_rule_set
    assert stood == {(family.pk, "ELIGIBLE"), (newcomer.pk, "ELIGIBLE")}
    assert not standing.exists()
    ended = EligibilityDecision.objects.get(family=family, programme__code="SEMBAKO")
    assert (ended.verdict, ended.superseded_as_of) == ("ELIGIBLE", AFTER)
    assert (services.replay(as_of=LAST).decisions, services.replay(as_of=AFTER).decisions) == (4, 2)
    assert services.replay(as_of=LAST).differing == []
    assert "SEMBAKO" in done.without_rule_set
    assert not DecileCeiling.objects.in_force(AFTER).filter(programme__code="SEMBAKO").exists()


def test_a_programme_that_ended_starts_again_with_a_new_version_and_the_files_change_nothing(rule, two):
    approve(propose(rule, two[0]), two[1])

    again = services.load_rule_sets()
    text = services.text_of(rule, version=3, effective_from=AFTER, effective_to=None)

    assert again.new == again.closed == ()
    assert services.look_at(text=text, today=TODAY).wrong == []
    assert services.look_at(text=text.replace(str(AFTER), str(LAST)), today=TODAY).wrong


def test_the_run_that_ends_them_is_not_held_and_a_rule_that_holds_again_decides_everyone(rule, two, settings):
    settings.SPIKE_LEAST, settings.SPIKE_SHARE = 1, 0.0
    make_family(release=make_release(), decile=3)
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    approve(propose(rule, two[0]), two[1])
    standing = EligibilityDecision.objects.standing().filter(programme=rule.programme)

    ended = services.verify(scope=Scope.ALL, as_of=AFTER, reason="uji")
    quiet = services.verify(scope=Scope.STALE, as_of=AFTER, reason="uji")

    assert (ended.written, quiet.written, standing.count()) == (1, 0, 0)
    moves = reporting.moves_of(ReverificationRun.objects.get(pk=ended.run_id))
    assert [line for one in moves for line in one.lines()] == [
        ("memenuhi syarat", "tidak ada aturan lagi", 1)
    ]

    again = services.text_of(rule, version=3, effective_from=AGAIN, effective_to=None)
    load_text(read_document("lagi", again))
    services.verify(scope=Scope.STALE, as_of=AGAIN, reason="uji")

    assert standing.get().rule_set.version == 3


def test_pages_of_the_family_say_that_no_rule_holds_already_before_the_next_run(client):
    world = make_world()
    rule, family = RuleSet.objects.get(programme__code="PKH"), world.inside["recipients_family"]
    today = timezone.localdate()
    page = reverse("admin:recipients_family_change", args=[family.pk])
    client.force_login(world.users["data_admin"])
    before = client.get(page).content.decode()
    end_rule_set(rule, today - timedelta(days=1))

    afterwards = client.get(page).content.decode()
    told = [one for one in own_data.programmes(family.pk, today, CITIZEN) if not one.is_ruled]

    assert (NO_RULE in before, NO_RULE in afterwards) == (False, True)
    assert [(one.name, one.results, one.basis) for one in told] == [(rule.programme.name, [], "")]


def test_from_midnight_on_nobody_reads_what_the_ended_rule_said_though_the_night_run_is_held_up(rule, two):
    """Lists, ranking, letters, warnings and the second person: all before any run has superseded it."""
    release = make_release()
    waiting, receiving = make_family(release=release, decile=2), make_family(release=release, decile=9)
    programme = Programme.objects.get(code="SEMBAKO")
    Programme.objects.filter(pk=programme.pk).update(is_local=True)
    for family, state in ((waiting, EnrolmentState.WAITLISTED), (receiving, EnrolmentState.ACTIVE)):
        enrol(programme=programme, family=family, state=state, since=TODAY, by=None, now=timezone.now())
    quota = Quota.objects.create(programme=programme, region=waiting.village, period="2026-Q1", amount=5)
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    now = timezone.make_aware(datetime.combine(LAST, time(23)))
    find_all(LAST, release.pk)
    finding.propose(
        findings=Finding.objects.all(), note="Sudah dicek", by=two[0], now=now - timedelta(days=31)
    )

    def seen(day):
        families = Family.objects.all()
        told = results.of_families([receiving.pk], day=day)[receiving.pk]
        return (
            EligibilityDecision.objects.standing_on(day).filter(programme=programme).count(),
            len(ranking.ladder(quota_id=quota.pk, as_of=day, release_id=release.pk, most=9)),
            any(one.programme == programme.name for one in told),
            any(programme.name in line for line in offered.to_family(receiving.pk, day).recorded),
            sum(services.families_to_warn(families, today=day).values()),
        )

    end_rule_set(rule, LAST)
    before, afterwards = seen(LAST), seen(AFTER)
    services.mark_notices_printed(findings=Finding.objects.all(), by=two[0], now=now - timedelta(days=31))
    confirmed = finding.confirm(findings=Finding.objects.all(), by=two[1], now=now + timedelta(days=1))
    found = find_all(AFTER, release.pk)

    assert (before, afterwards) == ((2, 1, True, True, 1), (0, 0, False, False, 0))
    assert EligibilityDecision.objects.standing().filter(programme=programme).count() == 2
    assert (confirmed, found["ENROLLED_NOT_ELIGIBLE"].standing, found["PLACE_FREE"].standing) == (0, 0, 0)


def find_all(day, release_id):
    return {
        code: find(kind, as_of=day, release_id=release_id, run_id=None)
        for code, kind in KINDS.items()
        if kind.consequence is not None
    }


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


def test_a_rule_that_gave_way_to_its_next_version_is_not_said_to_leave_nothing(client):
    world, today = make_world(), timezone.localdate()
    services.load_rule_sets(FOLDER / "lokal")
    old = RuleSet.objects.get(programme__code="PAKET_DAERAH")
    RuleSet.objects.filter(pk=old.pk).update(effective_to=today)
    newer = RuleSet.objects.get(pk=old.pk)
    newer.pk, newer.version, newer.effective_from, newer.effective_to = (
        None,
        2,
        today + timedelta(days=1),
        None,
    )
    newer.save(force_insert=True)
    client.force_login(world.users["data_admin"])

    rule_page = client.get(reverse("admin:eligibility_ruleset_change", args=[old.pk])).content.decode()
    end_page = client.get(reverse("admin:eligibility_ruleset_end", args=[old.pk])).content.decode()

    assert "Akhiri tanpa pengganti" not in rule_page
    assert "Digantikan Paket sembako daerah versi 2" in end_page
    assert "tidak punya aturan" not in end_page
