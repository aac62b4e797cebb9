"""The rules of the programmes as truth tables, at both sides of each limit."""

from datetime import date
from itertools import product

import pytest

from eligibility.rules.documents import read_document
from eligibility.rules.evaluate import evaluate, facts_of
from eligibility.rules.facts import Member, read_family, read_person
from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE, NEEDS_REVIEW, combine
from eligibility.services.loading import FOLDER

DAY = date(2026, 11, 23)
ADULT = Member(date(1985, 5, 1), 3, 13, 1, False)


def conditions_of(name):
    return read_document(name, (FOLDER / name).read_text()).conditions


def judge(name, *, decile=3, members=(ADULT,), as_of=DAY):
    conditions = conditions_of(name)
    facts = read_family(facts_of(conditions), snapshot={"decile": decile}, members=members, as_of=as_of)
    return evaluate(conditions, facts)


def with_child(born):
    return [ADULT, Member(born, 1, None, None, False)]


PUPIL = [ADULT, Member(date(2015, 1, 1), 2, 3, None, False)]


@pytest.mark.parametrize(
    ("decile", "verdict"),
    [(1, ELIGIBLE), (4, ELIGIBLE), (5, INELIGIBLE), (10, INELIGIBLE), (None, NEEDS_REVIEW)],
)
def test_pkh_takes_families_with_a_component_up_to_decile_4(decile, verdict):
    assert judge("pkh-1.toml", decile=decile, members=PUPIL).verdict == verdict


@pytest.mark.parametrize(
    ("decile", "verdict"), [(4, ELIGIBLE), (5, ELIGIBLE), (6, INELIGIBLE), (None, NEEDS_REVIEW)]
)
def test_sembako_took_families_up_to_decile_5_until_the_end_of_2025(decile, verdict):
    assert judge("sembako-1.toml", decile=decile).verdict == verdict


@pytest.mark.parametrize(
    ("decile", "verdict"), [(4, ELIGIBLE), (5, INELIGIBLE), (6, INELIGIBLE), (None, NEEDS_REVIEW)]
)
def test_sembako_takes_families_up_to_decile_4_from_2026_on(decile, verdict):
    assert judge("sembako-2.toml", decile=decile).verdict == verdict


@pytest.mark.parametrize(("decile", "verdict"), [(5, ELIGIBLE), (6, INELIGIBLE), (None, NEEDS_REVIEW)])
def test_pbi_jk_takes_persons_up_to_the_decile_of_their_family_5(decile, verdict):
    conditions = conditions_of("pbi-jk-1.toml")

    facts = read_person(facts_of(conditions), snapshot={"decile": decile}, member=ADULT, as_of=DAY)

    assert evaluate(conditions, facts).verdict == verdict


def test_a_person_whom_the_release_names_no_more_is_looked_at_and_not_refused():
    conditions = conditions_of("pbi-jk-1.toml")

    facts = read_person(facts_of(conditions), snapshot={"decile": 9}, member=None, as_of=DAY)

    assert evaluate(conditions, facts).verdict == NEEDS_REVIEW


@pytest.mark.parametrize(
    ("members", "verdict"),
    [
        (with_child(date(2019, 11, 24)), ELIGIBLE),  # 6 years old, 7 tomorrow
        (with_child(date(2019, 11, 23)), INELIGIBLE),  # 7 today
        ([Member(date(1966, 11, 23), 3, 13, 1, False)], ELIGIBLE),  # 60 today
        ([Member(date(1966, 11, 24), 3, 13, 1, False)], INELIGIBLE),  # 60 tomorrow
        ([ADULT, Member(date(2010, 1, 1), 2, 1, None, False)], ELIGIBLE),
        ([ADULT, Member(date(2006, 1, 1), 2, 17, None, False)], ELIGIBLE),
        ([ADULT, Member(date(2006, 1, 1), 2, 18, None, False)], INELIGIBLE),  # higher than SMA
        ([ADULT, Member(date(2010, 1, 1), 3, 17, None, False)], INELIGIBLE),  # at school no longer
        ([Member(date(1985, 5, 1), 3, 13, 1, True)], ELIGIBLE),
        ([ADULT], INELIGIBLE),
        ([], NEEDS_REVIEW),  # no members known
        ([Member(None, 3, 13, 1, False)], NEEDS_REVIEW),
        ([Member(date(1985, 5, 1), 3, 13, 1, None)], NEEDS_REVIEW),
        ([Member(date(1985, 5, 1), 2, None, 1, False)], NEEDS_REVIEW),
        ([Member(None, None, None, None, None), PUPIL[1]], ELIGIBLE),  # one known component is enough
    ],
)
def test_pkh_needs_one_component_and_refuses_only_where_each_is_known_to_be_absent(members, verdict):
    assert judge("pkh-1.toml", members=members).verdict == verdict


@pytest.mark.parametrize(("employment", "verdict"), [(5, NEEDS_REVIEW), (4, ELIGIBLE), (None, ELIGIBLE)])
@pytest.mark.parametrize("name", ["sembako-1.toml", "sembako-2.toml", "pkh-1.toml"])
def test_a_civil_servant_on_record_is_looked_at_and_never_refuses_alone(name, employment, verdict):
    members = [*PUPIL, Member(date(1980, 1, 1), 3, 13, employment, False)]

    assert judge(name, members=members).verdict == verdict


def test_a_refusal_outweighs_a_lead():
    members = [*PUPIL, Member(date(1980, 1, 1), 3, 13, 5, False)]

    assert judge("sembako-2.toml", decile=5, members=members).verdict == INELIGIBLE


def test_a_finding_tells_what_was_seen_against_which_limit_from_which_source():
    decile, component, lead = judge("pkh-1.toml", decile=5, members=PUPIL).findings

    assert decile.as_dict() == {
        "code": "DECILE",
        "verdict": INELIGIBLE,
        "seen": 5,
        "limit": 4,
        "source": "DTSEN_KELUARGA",
    }
    assert component.seen["pupil_sd"] == 1
    assert (lead.verdict, lead.seen, lead.source) == (ELIGIBLE, None, "DTSEN_ANGGOTA")


@pytest.mark.parametrize("verdicts", list(product([ELIGIBLE, NEEDS_REVIEW, INELIGIBLE], repeat=3)))
def test_one_refusal_refuses_else_one_doubt_asks_for_a_look(verdicts):
    expected = ELIGIBLE
    if NEEDS_REVIEW in verdicts:
        expected = NEEDS_REVIEW
    if INELIGIBLE in verdicts:
        expected = INELIGIBLE

    assert combine(verdicts) == expected


def test_a_child_born_on_29_february_turns_7_on_1_march():
    child = with_child(date(2020, 2, 29))

    assert judge("pkh-1.toml", members=child, as_of=date(2027, 2, 28)).verdict == ELIGIBLE
    assert judge("pkh-1.toml", members=child, as_of=date(2027, 3, 1)).verdict == INELIGIBLE
