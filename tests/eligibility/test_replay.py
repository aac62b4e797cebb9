"""Old decisions come out again bit for bit; what was tampered with is told, and nothing is written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from bansos.common import db, vault
from eligibility import services
from eligibility.models import EligibilityDecision, RuleSet, Scope
from eligibility.services.loading import FOLDER
from recipients import services as recipients_services
from recipients.models import AccessLog, FamilyMembership, WelfareSnapshot
from recipients.roles import install_roles
from tests.factories.registry import make_family, make_member, make_release
from tests.factories.staff import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_nudges")]
DAY = date(2026, 6, 15)


def night(day):
    services.verify(scope=Scope.ALL, as_of=day, reason="malam")


@pytest.fixture
def district(facts_by_hand):
    """Decided, and then another release, another rule, a flag settled and a night later."""
    services.load_rule_sets()
    services.load_rule_sets(FOLDER / "lokal")
    staff = User.objects.create(username="satu")
    first = make_release("R1", date(2026, 4, 1))
    families = [make_family(release=first, decile=decile) for decile in (1, 4, 6, None)]
    for family in families:
        make_member(family, release=first, born=date(2019, 6, 20))
    flag = recipients_services.raise_flag(
        family=families[0], kind="ADDR_NOT_FOUND", source="kunjungan", observed_on=DAY
    )
    night(DAY)
    second = make_release("R2", DAY + timedelta(days=1))
    WelfareSnapshot.objects.filter(family=families[1]).update(until_release=second)
    WelfareSnapshot.objects.create(
        family=families[1],
        from_release=second,
        village=families[1].village,
        decile=8,
        row_key=1,
        head_name="A",
    )
    FamilyMembership.objects.filter(family=families[2]).update(until_release=second)
    recipients_services.refute_flag(flag=flag, by=staff, now=timezone.now(), note="alamatnya ada")
    night(DAY + timedelta(days=10))  # a child turned 7 as well
    return families


def counts():
    return EligibilityDecision.objects.count(), RuleSet.objects.count()


@pytest.mark.parametrize("later", [0, 10])
def test_what_held_on_a_day_comes_out_again_and_nothing_is_written(district, later):
    before = counts()

    told = services.replay(as_of=DAY + timedelta(days=later))

    assert told.differing == []
    assert told.decisions == 3 * 4 + 2 * 4  # three family programmes, two of persons
    assert counts() == before


def test_the_two_days_were_not_the_same(district):
    old, new = (services.explain(family=district[1], as_of=DAY + timedelta(days=days)) for days in (0, 10))

    pairs = {pair.after.programme: pair for pair in services.compare_days(old, new) if not pair.is_same}

    assert pairs["SEMBAKO"].before.verdict == "ELIGIBLE"
    assert pairs["SEMBAKO"].after.verdict == "INELIGIBLE"
    assert [one.after.code for one in pairs["SEMBAKO"].changed] == ["DECILE"]
    assert {one.after.code for one in pairs["PKH"].changed} == {"DECILE", "COMPONENT"}


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE recipients_welfaresnapshot SET decile = 9 WHERE decile = 1",
        "UPDATE recipients_familymembership SET birth_date = birth_date - 400",
    ],
)
def test_a_fact_that_was_changed_behind_the_releases_is_told(district, tampering):
    db.run(tampering)

    told = services.replay(as_of=DAY)

    assert told.differing
    assert all(one.inputs != one.replayed_inputs for _rule, one in told.differing)


def test_a_decision_that_does_not_follow_from_its_inputs_is_told_and_the_command_fails(district, capsys):
    db.run("ALTER TABLE eligibility_eligibilitydecision DISABLE TRIGGER decision_append_only")
    forged = EligibilityDecision.objects.standing().filter(verdict="INELIGIBLE").first()
    EligibilityDecision.objects.filter(pk=forged.pk).update(verdict="ELIGIBLE")

    with pytest.raises(CommandError, match="1 of 20 decisions differ") as failed:
        call_command("verify", "--replay", "--as-of", str(DAY + timedelta(days=10)))

    assert failed.value.returncode == 1
    assert f"decision_id {forged.pk}" in capsys.readouterr().out


def test_the_command_says_how_many_came_out_again(district, capsys):
    call_command("verify", "--replay", "--as-of", str(DAY))

    assert capsys.readouterr().out.strip() == f"as_of {DAY}, decisions 20, differing 0"


def test_the_page_shows_the_chain_and_two_days_side_by_side_and_logs_the_look(district, client):
    staff = make_staff()
    client.force_login(staff)
    address = reverse("admin:recipients_family_explain", args=[district[1].pk])

    page = client.get(address, {"tanggal": DAY + timedelta(days=10), "banding": DAY}).content.decode()

    turned = client.get(address, {"tanggal": DAY, "banding": DAY + timedelta(days=10)}).content.decode()

    assert "Beda antara 15 Juni 2026 dan 25 Juni 2026" in page
    assert "Beda antara 15 Juni 2026 dan 25 Juni 2026" in turned
    assert "Yang perlu berbeda:" in page
    assert "Desil dihitung pusat." in page
    assert "keluarga Anda" not in page
    assert AccessLog.objects.filter(by=staff, family=district[1]).exists()


def test_the_command_compares_two_days(district, capsys):
    card = vault.decrypt(vault.CARD_NO, district[1].card.sealed, district[1].card.index)

    call_command("explain", card, "--programme", "SEMBAKO", "--as-of", str(DAY), "--versus", "2026-06-25")

    out = capsys.readouterr().out
    assert "memenuhi syarat → tidak memenuhi syarat saat ini" in out
    assert "menjadi: Data pusat menempatkan keluarga Anda di desil 8." in out
    assert card not in out


def make_staff():
    install_roles()
    return make_user("office_verifier")
