"""The rules of the programmes as truth tables, at both sides of each limit."""

from datetime import date
from itertools import product

import pytest

from eligibility.rules.documents import read_document
from eligibility.rules.evaluate import evaluate, facts_of
from eligibility.rules.facts import Member, Records, read_family, read_person
from eligibility.rules.parse import parse_conditions
from eligibility.rules.verdict import ELIGIBLE, INELIGIBLE, NEEDS_REVIEW, combine
from eligibility.services.loading import FOLDER

DAY = date(2026, 11, 23)
ADULT = Member(date(1985, 5, 1), 3, 13, 1, False)


def conditions_of(name):
    return read_document(name, (FOLDER / name).read_text()).conditions


def judge(name, *, decile=3, members=(ADULT,), as_of=DAY, **records):
    conditions = conditions_of(name)
    facts = read_family(
        facts_of(conditions),
        snapshot={"decile": decile},
        members=members,
        as_of=as_of,
        records=Records(**records),
    )
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
    decile, component, lead, *_flags = judge("pkh-1.toml", decile=5, members=PUPIL).findings

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


INCOME, ASSETS, PRESENCE = "CIVIL_SERVANT", "VEHICLE", "DUPLICATE"
FAMILY_RULES = ["pkh-1.toml", "sembako-1.toml", "sembako-2.toml"]


@pytest.mark.parametrize("name", FAMILY_RULES)
@pytest.mark.parametrize(
    ("flags", "verdict"),
    [
        ({}, ELIGIBLE),
        ({INCOME: 1}, NEEDS_REVIEW),
        ({INCOME: 2}, INELIGIBLE),
        ({"COMPANY_OFFICER": 2}, INELIGIBLE),
        ({ASSETS: 1}, NEEDS_REVIEW),
        ({ASSETS: 2}, NEEDS_REVIEW),  # no threshold was found in any decree: a look, never a refusal
        ({PRESENCE: 1}, NEEDS_REVIEW),
        ({PRESENCE: 2}, INELIGIBLE),
        ({PRESENCE: 1, INCOME: 2}, INELIGIBLE),
        ({"DECEASED": 2, "MOVED": 2}, ELIGIBLE),  # one member's death does not end the family's entitlement
    ],
)
def test_an_alleged_flag_is_looked_at_and_a_confirmed_one_refuses_where_the_rule_says_so(
    name, flags, verdict
):
    assert judge(name, members=PUPIL, flags=flags).verdict == verdict


@pytest.mark.parametrize(
    ("own", "of_family", "verdict"),
    [
        ({}, {}, ELIGIBLE),
        ({"DECEASED": 1}, {}, NEEDS_REVIEW),
        ({"DECEASED": 2}, {}, INELIGIBLE),
        ({}, {"DECEASED": 2}, ELIGIBLE),  # of another member
        ({"CIVIL_SERVANT": 2}, {}, ELIGIBLE),  # no ground of the health insurance
    ],
)
def test_pbi_jk_asks_for_the_flags_of_the_person_alone(own, of_family, verdict):
    conditions = conditions_of("pbi-jk-1.toml")

    facts = read_person(
        facts_of(conditions),
        snapshot={"decile": 3},
        member=ADULT,
        as_of=DAY,
        records=Records(flags=own),
        of_family=Records(flags=of_family),
    )

    assert evaluate(conditions, facts).verdict == verdict


@pytest.mark.parametrize(
    ("decile", "by_hand", "verdict"),
    [
        (2, None, ELIGIBLE),
        (3, None, INELIGIBLE),
        (None, None, NEEDS_REVIEW),
        (9, 1, ELIGIBLE),
        (None, 1, ELIGIBLE),
        (1, 2, INELIGIBLE),
    ],
)
def test_the_food_parcel_goes_by_decile_2_unless_the_district_decided_by_hand(decile, by_hand, verdict):
    records = {"by_hand": {"PAKET_DAERAH": by_hand}} if by_hand else {}
    judged = judge("lokal/paket-daerah-1.toml", decile=decile, **records)

    assert judged.verdict == verdict
    assert (judged.findings[-1].code == "BY_HAND") == (by_hand is not None)


@pytest.mark.parametrize(
    ("decile", "enrolled", "verdict"),
    [(5, {}, ELIGIBLE), (6, {}, INELIGIBLE), (5, {"PBI_JK": 0}, INELIGIBLE), (5, {"PKH": 3}, ELIGIBLE)],
)
def test_the_district_pays_for_whom_the_centre_does_not_pay(decile, enrolled, verdict):
    conditions = conditions_of("lokal/pbi-daerah-1.toml")

    facts = read_person(
        facts_of(conditions),
        snapshot={"decile": decile},
        member=ADULT,
        as_of=DAY,
        records=Records(enrolled=enrolled),
    )

    assert evaluate(conditions, facts).verdict == verdict


def judge_row(row, value, *, unit="FAMILY"):
    conditions = parse_conditions("uji", [{"code": "ROW", **row}], unit)
    finding = evaluate(conditions, {conditions[0].facts[0]: value})
    return finding.verdict, finding.findings[0].verdict


@pytest.mark.parametrize(
    ("severity", "unmet", "unknown"),
    [
        ("refuses", (INELIGIBLE, INELIGIBLE), (NEEDS_REVIEW, NEEDS_REVIEW)),
        ("needs_review", (NEEDS_REVIEW, NEEDS_REVIEW), (NEEDS_REVIEW, NEEDS_REVIEW)),
        ("warns", (ELIGIBLE, "WARNING"), (ELIGIBLE, "WARNING")),
    ],
)
@pytest.mark.parametrize(
    ("row", "met", "not_met"),
    [
        ({"kind": "at_most", "fact": "power", "limit": 3}, (0, 3), (4, 9)),
        ({"kind": "at_least", "fact": "power", "limit": 3}, (3, 4), (2, 0)),
        ({"kind": "equals", "fact": "power", "limit": 3}, (3,), (2, 4)),
        ({"kind": "in_set", "fact": "power", "values": [1, 3]}, (1, 3), (2, 4)),
        ({"kind": "any_member", "fact": "members_with_disability"}, (1, 5), (0,)),
        ({"kind": "no_exclusive_programme", "programmes": ["PKH"], "subject": "family"}, (0,), (1,)),
        ({"kind": "no_confirmed_flag", "kinds": ["LAND", "MOVED"], "subject": "family"}, (0,), (2, 6, 7)),
    ],
)
def test_a_severity_weighs_what_is_unmet_and_a_missing_fact_never_refuses(
    row, met, not_met, severity, unmet, unknown
):
    row = {**row, "severity": severity}

    assert {judge_row(row, value) for value in met} == {(ELIGIBLE, ELIGIBLE)}
    assert {judge_row(row, value) for value in not_met} == {unmet}
    assert judge_row(row, None) == unknown


@pytest.mark.parametrize(
    ("kind", "limit", "disabled", "verdict"),
    [
        ("at_least", 2, [True, True, None], ELIGIBLE),
        ("at_least", 2, [True, None], NEEDS_REVIEW),  # the unknown one may be the second
        ("at_least", 2, [True, False], INELIGIBLE),
        ("at_most", 1, [True, None], NEEDS_REVIEW),  # the unknown one may be one too many
        ("at_most", 1, [True, False], ELIGIBLE),
        ("at_most", 1, [True, True, None], INELIGIBLE),
        ("equals", 1, [True, None], NEEDS_REVIEW),
        ("equals", 1, [True, True, None], INELIGIBLE),
        ("equals", 0, [None], NEEDS_REVIEW),
    ],
)
def test_members_are_counted_as_far_as_the_limit_needs(kind, limit, disabled, verdict):
    row = {"code": "ROW", "kind": kind, "fact": "members_with_disability", "limit": limit}
    conditions = parse_conditions("uji", [row], "FAMILY")

    members = [Member(has_disability=one) for one in disabled]
    facts = read_family(facts_of(conditions), snapshot={}, members=members, as_of=DAY)

    assert evaluate(conditions, facts).verdict == verdict


@pytest.mark.parametrize(
    ("members", "verdict"),
    [
        ([Member(sex=2, relation=1)], ELIGIBLE),
        ([Member(sex=1, relation=1), Member(sex=2, relation=2)], INELIGIBLE),
        ([Member(sex=None, relation=1)], NEEDS_REVIEW),
        ([Member(sex=2, relation=None)], NEEDS_REVIEW),
        ([Member(sex=1, relation=None), Member(sex=None, relation=3)], INELIGIBLE),  # neither can be one
        ([], NEEDS_REVIEW),
    ],
)
def test_a_female_head_is_told_from_sex_and_place_and_a_blank_cell_never_refuses(members, verdict):
    row = {"code": "FEMALE_HEAD", "kind": "any_member", "fact": "members_female_head"}
    conditions = parse_conditions("uji", [row], "FAMILY")

    facts = read_family(facts_of(conditions), snapshot={}, members=members, as_of=DAY)

    assert evaluate(conditions, facts).verdict == verdict


@pytest.mark.parametrize(
    ("born", "is_so"),
    [
        (date(2020, 11, 24), False),  # 6 tomorrow
        (date(2020, 11, 23), True),  # 6 today
        (date(2013, 11, 24), True),  # 12, and 13 tomorrow
        (date(2013, 11, 23), False),  # 13 today
        (None, None),
        (date(2026, 11, 24), None),  # not born yet: the date is wrong
    ],
)
@pytest.mark.parametrize(
    ("kind", "verdicts"),
    [
        ("any_member", {True: ELIGIBLE, False: INELIGIBLE}),
        ("at_most", {True: INELIGIBLE, False: ELIGIBLE}),
    ],
)
def test_members_from_one_age_to_another_are_counted_with_both_ages(born, is_so, kind, verdicts):
    row = {"code": "ROW", "kind": kind, "fact": "members_aged_between", "age": 6, "age_to": 12}
    row |= {"limit": 0} if kind == "at_most" else {}
    conditions = parse_conditions("uji", [row], "FAMILY")

    facts = read_family(facts_of(conditions), snapshot={}, members=[ADULT, Member(born)], as_of=DAY)

    judged = evaluate(conditions, facts)
    assert judged.verdict == verdicts.get(is_so, NEEDS_REVIEW)
    assert judged.findings[0].as_dict()["ages"] == [6, 12]


@pytest.mark.parametrize(("years", "verdict"), [(4, ELIGIBLE), (5, ELIGIBLE), (6, NEEDS_REVIEW)])
def test_years_on_a_list_are_counted_to_the_day(years, verdict):
    row = {
        "code": "YEARS_ENROLLED", "kind": "at_most", "fact": "years_enrolled", "limit": 5, "programmes": ["PKH"],
        "subject": "family", "severity": "needs_review",
    }  # fmt: skip
    conditions = parse_conditions("uji", [row], "FAMILY")

    facts = read_family(
        facts_of(conditions), snapshot={}, members=[], as_of=DAY, records=Records(enrolled={"PKH": years})
    )

    assert evaluate(conditions, facts).verdict == verdict
