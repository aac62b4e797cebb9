"""The explanation reads the rule in Python, says it in Indonesian, and agrees with the decision that stands."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from eligibility import services
from eligibility.models import RuleSet, Scope
from recipients.models import WelfareSnapshot
from tests.eligibility.conftest import TODAY
from tests.factories.registry import make_card_no, make_family, make_member, make_nik, make_release

pytestmark = pytest.mark.usefixtures("rule_sets", "facts_by_hand")


@pytest.fixture
def numbers():
    return make_card_no(), make_nik(date(1960, 5, 12))


@pytest.fixture
def family(numbers):
    release = make_release()
    family = make_family(release=release, decile=6, card_no=numbers[0])
    make_member(
        family, release=release, nik=numbers[1], born=date(1960, 5, 12), employment=5, name="PAPUK RAHMAN"
    )
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    return family


def test_each_programme_is_explained_and_agrees_with_the_stored_decision(family, numbers):
    found = services.explain(card_no=numbers[0], as_of=TODAY)

    answers = {answer.programme: answer for answer in found.answers}
    assert set(answers) == {"PKH", "SEMBAKO", "PBI_JK"}
    assert all(answer.agrees for answer in answers.values())
    assert answers["PKH"].verdict_label == "tidak memenuhi syarat saat ini"
    assert answers["SEMBAKO"].rule_set_version == 2
    assert answers["PBI_JK"].person_name == "PAPUK RAHMAN"
    assert found.release == "2026-Q1"


def test_reasons_name_what_was_seen_the_limit_and_the_source_in_words(family, numbers):
    answer = services.explain(card_no=numbers[0], programme="SEMBAKO", as_of=TODAY).answers[0]

    decile, lead, *_flags = answer.reasons
    assert decile.full == (
        "Data pusat menempatkan keluarga Anda di desil 6. Program Sembako (BPNT) hanya untuk desil 1 sampai 4."
    )
    assert decile.short == "Data pusat menganggap keluarga Anda lebih mampu dari batas bantuan ini."
    assert "ASN, TNI, Polri" in lead.full
    assert decile.source_label == "data pusat (DTSEN), berkas keluarga"


def test_a_range_of_ages_is_told_in_words(family, numbers):
    rule = RuleSet.objects.get(programme__code="SEMBAKO", effective_to=None)
    RuleSet.objects.filter(pk=rule.pk).update(effective_to=TODAY - timedelta(days=1))
    group = {"code": "AGE_GROUP", "kind": "any_member", "severity": "refuses"}
    rule.conditions = [*rule.conditions, {**group, "fact": "members_aged_between", "age": 15, "age_to": 59}]
    rule.pk, rule.version, rule.effective_from = None, rule.version + 1, TODAY
    rule.save(force_insert=True)
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")

    answer = services.explain(card_no=numbers[0], programme="SEMBAKO", as_of=TODAY).answers[0]

    assert answer.agrees
    assert "15 sampai 59 tahun" in answer.reasons[-1].full


def test_the_short_form_tells_no_number(family, numbers):
    for answer in services.explain(card_no=numbers[0], as_of=TODAY).answers:
        assert not any(character.isdigit() for reason in answer.reasons for character in reason.short)


def test_a_person_is_explained_with_their_own_and_their_familys_programmes(family, numbers):
    found = services.explain(nik=numbers[1], as_of=TODAY)

    assert {answer.programme for answer in found.answers} == {"PKH", "SEMBAKO", "PBI_JK"}
    assert all(answer.agrees for answer in found.answers)


def test_a_decision_made_of_other_facts_is_told_to_differ(family, numbers):
    WelfareSnapshot.objects.update(decile=2)

    answers = services.explain(card_no=numbers[0], as_of=TODAY).answers

    assert [answer.agrees for answer in answers] == [False] * len(answers)


def test_before_any_rule_the_answer_says_so(family, numbers):
    answer = services.explain(card_no=numbers[0], programme="PKH", as_of=date(2025, 1, 1)).answers[0]

    assert (answer.verdict, answer.agrees) == (None, None)
    assert answer.verdict_label == "tidak ada aturan yang berlaku hari itu"


def run(*args, **more):
    out = StringIO()
    call_command(*args, stdout=out, **more)
    return out.getvalue()


def test_the_command_prints_masked_numbers_only(family, numbers):
    for number in numbers:
        plain, as_json = (
            run("explain", number, as_of=TODAY),
            run("explain", number, as_json=True, as_of=TODAY),
        )

        for text in (plain, as_json):
            assert f"{number[:6]}******{number[-4:]}" in text
            assert not any(other in text for other in numbers)


def test_the_command_tells_verdict_reason_release_rule_and_basis(family, numbers):
    text = run("explain", numbers[0], programme="PKH", as_of=TODAY)

    for part in (
        "Program Keluarga Harapan (PKH): tidak memenuhi syarat saat ini",
        "hanya untuk desil 1 sampai 4",
        "2026-Q1 (23 Januari 2026)",
        "Program Keluarga Harapan (PKH) versi 1",
        "Inpres 4/2025",
        "Masih perlu dipastikan",
        "sama dengan penjelasan ini",
    ):
        assert part in text
    assert "DECILE" not in text


def test_the_json_holds_each_finding(family, numbers):
    found = json.loads(run("explain", numbers[0], programme="PKH", as_json=True, as_of=TODAY))

    reason = found["answers"][0]["reasons"][0]
    assert (reason["code"], reason["seen"], reason["limit"], reason["verdict"]) == (
        "DECILE",
        6,
        4,
        "INELIGIBLE",
    )


def test_an_unknown_number_and_a_malformed_one_are_told_without_repeating_them(family):
    unknown = make_card_no()

    with pytest.raises(CommandError, match="belum ada di data kami") as refused:
        run("explain", unknown)
    assert unknown not in str(refused.value)
    with pytest.raises(CommandError, match="Ketik 16 angka"):
        run("explain", "52039912")


def test_an_unknown_programme_is_answered_with_those_there_are(family, numbers):
    with pytest.raises(CommandError, match=r"Program XYZ tidak ada\. Pilih: PBI_JK, PKH, SEMBAKO"):
        run("explain", numbers[0], programme="XYZ")


def test_verify_prints_one_object(family):
    done = json.loads(run("verify", scope="all", as_json=True, as_of=TODAY))

    assert {name: done[name] for name in ("subjects", "decided", "written")} == {
        "subjects": 2,
        "decided": 3,
        "written": 0,
    }
    assert set(done) >= {"run", "seconds", "release", "without_rule_set"}


def test_verify_refuses_a_region_it_does_not_know(family):
    with pytest.raises(CommandError, match=r"No region has the code 99\.99"):
        run("verify", scope="all", region="99.99")


def test_load_rule_sets_tells_what_is_new(db):
    assert "new: none" in run("load_rule_sets")
