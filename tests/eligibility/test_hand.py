"""Decisions by hand: two people, minutes, from a day to a day, and only where the programme's rule set allows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from bansos.common import db
from eligibility import services
from eligibility.models import HandDecision, HandState, RuleSet
from eligibility.services import minutes
from eligibility.services.loading import FOLDER
from eligibility.services.minutes import Minutes
from recipients.models import FactsChange, Programme
from tests.eligibility.test_grounds import NO_SUCH_RULE, tamper
from tests.factories.registry import make_family, make_member, make_release, make_village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_nudges")]
DAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _rules():
    services.load_rule_sets()
    services.load_rule_sets(FOLDER / "lokal")


@pytest.fixture
def staff():
    return [User.objects.create(username=name) for name in ("satu", "dua")]


@pytest.fixture
def ask(staff):
    family = make_family(release=make_release())

    def ask(**changed):
        code = changed.pop("code", "PAKET_DAERAH")
        asked = {
            "programme": Programme.objects.get(code=code), "family": family, "person": None, "verdict": "ELIGIBLE",
            "starts_on": DAY, "ends_on": DAY + timedelta(days=90), "minutes_no": "BA/07/VI", "minutes_on": DAY,
            "reason": "rumah roboh karena gempa", "by": staff[0], "today": DAY,
        }  # fmt: skip
        return services.decide_by_hand(**(asked | changed))

    return ask


def approve(decision, staff):
    services.approve_hand_decision(decision=decision, by=staff[1], now=timezone.now())


def test_asking_changes_nothing_and_approval_marks_the_family(ask, staff):
    decision = ask()
    assert not FactsChange.objects.exists()
    assert not HandDecision.objects.in_force(DAY).exists()

    approve(decision, staff)

    assert FactsChange.objects.get().family == decision.family
    assert HandDecision.objects.in_force(DAY).get() == decision


def test_a_national_programme_is_not_decided_here(ask):
    with pytest.raises(
        services.HandRefused, match=r"tidak bisa diputus oleh daerah.*Usulkan perbaikan data ke pusat"
    ):
        ask(code="SEMBAKO")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"ends_on": DAY - timedelta(days=1)}, "sesudah tanggal mulai"),
        ({"ends_on": DAY + timedelta(days=400)}, "paling lama satu tahun"),
        ({"starts_on": DAY - timedelta(days=1)}, "Tanggal mulai sudah lewat"),
        ({"minutes_on": DAY + timedelta(days=1)}, "belum terjadi"),
        ({"reason": "miskin"}, "Isi nomor berita acara dan alasannya"),
        ({"minutes_no": " "}, "Isi nomor berita acara"),
        ({"code": "PBI_DAERAH"}, "diputus per perorangan"),
    ],
)
def test_what_lacks_its_paper_or_its_days_is_refused(ask, changed, message):
    with pytest.raises(services.HandRefused, match=message):
        ask(**changed)


def test_nobody_approves_or_refuses_what_they_asked_for(ask, staff):
    decision = ask()

    with pytest.raises(services.HandRefused, match="usulan Anda sendiri"):
        services.approve_hand_decision(decision=decision, by=staff[0], now=timezone.now())
    with pytest.raises(services.HandRefused, match="usulan Anda sendiri"):
        services.refuse_hand_decision(decision=decision, by=staff[0], now=timezone.now(), note="tidak")
    with pytest.raises(IntegrityError, match="hand_decision_takes_two_people"), transaction.atomic():
        HandDecision.objects.filter(pk=decision.pk).update(
            state=HandState.APPROVED, settled_by=staff[0], settled_at=timezone.now()
        )


def test_two_decisions_never_hold_on_one_day(ask, staff):
    first = ask()
    approve(first, staff)

    with pytest.raises(services.HandRefused, match="Sudah ada keputusan daerah"):
        approve(
            ask(verdict="INELIGIBLE", starts_on=DAY + timedelta(days=90), ends_on=DAY + timedelta(days=99)),
            staff,
        )
    services.end_hand_decision(
        decision=first, on=DAY + timedelta(days=10), by=staff[1], today=DAY, note="sudah membaik"
    )
    approve(ask(verdict="INELIGIBLE", starts_on=DAY + timedelta(days=10)), staff)

    assert HandDecision.objects.in_force(DAY + timedelta(days=9)).get() == first
    assert HandDecision.objects.in_force(DAY + timedelta(days=10)).get().verdict == "INELIGIBLE"


def test_minutes_are_looked_at_again_before_the_decision_holds(ask, staff, monkeypatch):
    village = make_village()
    signed = Minutes(village.pk, village.name, held_on=DAY, number="BA/07/VI")
    monkeypatch.setattr(minutes, "_sources", [lambda _number: signed])
    decision = ask(reference="musdes:7")

    monkeypatch.setattr(minutes, "_sources", [lambda _number: replace(signed, number="BA/08/VI")])

    with pytest.raises(services.HandRefused, match="nomor BA/08/VI"):
        approve(decision, staff)


def test_a_rule_of_another_programme_that_cannot_be_read_stands_in_nobodys_way(ask, staff):
    tamper("eligibility_ruleset", NO_SUCH_RULE, RuleSet.objects.get(programme__code="PKH").pk)

    approve(ask(), staff)

    assert HandDecision.objects.get().state == HandState.APPROVED


def test_the_second_to_settle_is_told_that_somebody_was_first(ask, staff):
    decision = ask()
    same = HandDecision.objects.get(pk=decision.pk)
    services.refuse_hand_decision(decision=decision, by=staff[1], now=timezone.now(), note="bukti kurang")

    with pytest.raises(services.HandRefused, match="lebih dulu"):
        approve(same, staff)


@pytest.mark.parametrize("change", ["verdict = 'INELIGIBLE'", "ends_on = ends_on + 1", "reason = 'lain'"])
def test_what_was_asked_for_is_never_rewritten(ask, change):
    decision = ask()

    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        db.run(f"UPDATE eligibility_handdecision SET {change} WHERE id = %(id)s", {"id": decision.pk})
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        decision.delete()


def test_explain_says_that_the_district_decided_and_who_asked_for_what(ask, staff):
    decision = ask()
    approve(decision, staff)
    make_member(decision.family, release=make_release("R2", date(2026, 6, 1)))

    answer = services.explain(family=decision.family, programme="PAKET_DAERAH", as_of=DAY).answers[0]

    assert answer.verdict == "ELIGIBLE"
    assert answer.reasons[-1].code == "BY_HAND"
    assert "Musyawarah desa mencatatnya." in answer.reasons[-1].full
