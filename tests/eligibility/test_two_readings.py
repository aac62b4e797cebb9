"""The two readings of a rule are equal: SQL for everyone, plain Python for one, over any facts, missing ones too."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bansos.common import db
from eligibility.engine.columns import column
from eligibility.engine.facts import facts_query
from eligibility.engine.sql import RuleSetSql
from eligibility.rules.evaluate import evaluate, facts_of
from eligibility.rules.facts import (
    BESIDE,
    FAMILY,
    MEMBER_TESTS,
    NAMES,
    PERSON,
    Fact,
    Member,
    read_family,
    read_person,
    years_before,
)
from eligibility.rules.parse import KINDS, parse_conditions
from eligibility.rules.verdict import REVIEWS, SEVERITIES, WARNS
from recipients.models import WelfareSnapshot
from tests.factories.registry import make_family, make_member, make_release, switch_guards

counts = st.none() | st.integers(0, 7)
severities = st.fixed_dictionaries({}, optional={"severity": st.sampled_from(SEVERITIES)})
soft = st.fixed_dictionaries({}, optional={"severity": st.sampled_from([REVIEWS, WARNS])})
KINDS_DRAWN = ["CIVIL_SERVANT", "GAMBLING", "MOVED", "DECEASED", "LAND"]
PLAIN_TESTS = ["members_with_disability", "members_female_head", "members"]
PROGRAMMES_DRAWN = ["PKH", "SEMBAKO", "PBI_JK"]
ages = st.integers(0, 70)
ranges = st.tuples(ages, ages).map(sorted).map(lambda pair: dict(zip(("age", "age_to"), pair, strict=True)))
codes = st.lists(st.integers(1, 22), min_size=1, max_size=4)


def fact_texts(unit, *, of_members=False):
    """A fact as a rule set writes it."""
    members = st.one_of(
        st.fixed_dictionaries(
            {"fact": st.sampled_from(["members_aged_up_to", "members_aged_from"]), "age": ages}
        ),
        ranges.map(lambda ages: {"fact": "members_aged_between", **ages}),
        st.fixed_dictionaries(
            {"fact": st.sampled_from(["members_at_school", "members_employed_as"]), "codes": codes}
        ),
        st.sampled_from([{"fact": name} for name in PLAIN_TESTS]),
    )
    if of_members:
        return members
    plain = st.sampled_from([{"fact": "decile"}, {"fact": "power"}])
    return plain | (members if unit == FAMILY else st.just({"fact": "age"}))


def some(words):
    return st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True)


def subjects(unit):
    return st.sampled_from(["family"] if unit == FAMILY else ["family", "person"])


def condition_texts(kind, unit):
    """A condition as a rule set writes it, without its code."""
    facts = fact_texts(unit, of_members=kind in ("some_of", "any_member"))
    values: dict = {
        "at_most": {"limit": st.integers(0, 9)},
        "at_least": {"limit": st.integers(0, 9)},
        "equals": {"limit": st.integers(0, 9)},
        "in_set": {"values": codes},
        "some_of": {"components": st.lists(facts, min_size=1, max_size=4).map(named)},
        "no_confirmed_flag": {"kinds": some(KINDS_DRAWN), "subject": subjects(unit)},
        "no_exclusive_programme": {"programmes": some(PROGRAMMES_DRAWN), "subject": subjects(unit)},
        "by_hand": {"programme": st.sampled_from(PROGRAMMES_DRAWN)},
    }
    head = st.fixed_dictionaries({"kind": st.just(kind), **values.get(kind, {})})
    asks = kind not in ("some_of", "no_confirmed_flag", "no_exclusive_programme", "by_hand")
    severity = st.just({}) if kind == "by_hand" else soft if kind == "no_lead" else severities
    parts = st.tuples(head, facts if asks else st.just({}), severity)
    return parts.map(lambda parts: {**parts[0], **parts[1], **parts[2]})


def named(rows):
    return [{"name": f"part_{at}", **row} for at, row in enumerate(rows)]


@st.composite
def rule_sets(draw, unit=FAMILY, kinds=tuple(KINDS)):
    """Conditions of a unit; a decision by hand may stand anywhere among them, once, and never alone."""
    if unit == PERSON:
        kinds = tuple(kind for kind in kinds if kind not in ("some_of", "any_member"))
    drawn = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4))
    if "by_hand" in drawn:
        plain = [kind for kind in drawn if kind != "by_hand"]
        drawn = ["at_most", *plain, "by_hand"] if draw(st.booleans()) else ["by_hand", "at_most", *plain]
    rows = [draw(condition_texts(kind, unit)) for kind in drawn]
    coded = [
        {"code": "BY_HAND" if row["kind"] == "by_hand" else f"CODE_{at}", **row}
        for at, row in enumerate(rows)
    ]
    return parse_conditions("drawn", coded, unit)


def values_of(fact):
    """Numbers a fact may have: digits of its kinds or programmes, one of two verdicts, or a count."""
    if fact.name == "by_hand":
        return st.none() | st.integers(1, 2)
    if fact.name == "flags":
        return st.none() | st.integers(0, 3 ** len(fact.kinds) - 1)
    if fact.name == "enrolled":
        return st.none() | st.integers(0, 2 ** len(fact.programmes) - 1)
    return counts


def judged_by_sql(conditions, rows):
    """Verdict, findings and inputs that the SQL reading gives for rows of facts in the order of `facts_of`."""
    facts = facts_of(conditions)
    reading = RuleSetSql(conditions, facts)
    names = ", ".join(column(at) for at in range(len(facts)))
    values = {f"v{at}_{n}": value for at, one in enumerate(rows) for n, value in enumerate(one)}
    texts = ", ".join(
        f"({', '.join(f'%(v{at}_{n})s::smallint' for n in range(len(facts)))})" for at in range(len(rows))
    )
    query = f"SELECT {reading.verdict}, {reading.findings}::text, {reading.inputs} FROM (VALUES {texts}) f({names})"
    return db.fetch(query, {**reading.params, **values})


class ConditionsRead(TestCase):
    def check(self, conditions, data):
        facts = facts_of(conditions)
        rows = data.draw(st.lists(st.tuples(*map(values_of, facts)), min_size=1, max_size=8))

        by_sql = judged_by_sql(conditions, rows)

        for row, (verdict, findings, inputs) in zip(rows, by_sql, strict=True):
            by_python = evaluate(conditions, dict(zip(facts, row, strict=True)))
            assert verdict == by_python.verdict
            assert json.loads(findings) == [finding.as_dict() for finding in by_python.findings]
            assert inputs == list(row)

    @given(conditions=rule_sets(kinds=("at_most",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_at_most_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("at_least",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_at_least_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("some_of",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_some_of_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("no_lead",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_no_lead_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("equals",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_equals_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("in_set",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_in_set_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("any_member",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_any_member_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("no_confirmed_flag",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_no_confirmed_flag_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("no_exclusive_programme",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_no_exclusive_programme_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(kinds=("by_hand",)), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_by_hand_reads_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(PERSON), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_rule_sets_for_persons_read_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)

    @given(conditions=rule_sets(), data=st.data())
    @settings(max_examples=40, deadline=None)
    def test_mixed_rule_sets_read_the_same_in_sql_and_python(self, conditions, data):
        self.check(conditions, data)


def test_every_kind_of_condition_is_held_equal_by_a_test_of_its_own():
    tested = {name for name in dir(ConditionsRead) if name.startswith("test_")}

    assert {f"test_{kind}_reads_the_same_in_sql_and_python" for kind in KINDS} <= tested


days = st.dates(date(1950, 1, 1), date(2028, 3, 2))
leap_days = st.sampled_from([date(2020, 2, 29), date(1964, 2, 29), date(2028, 2, 29), date(2019, 11, 23)])
people = st.builds(
    Member,
    birth_date=st.none() | days | leap_days,
    school_participation=st.none() | st.integers(1, 3),
    school_level=st.none() | st.integers(1, 22),
    employment=st.none() | st.integers(1, 8),
    has_disability=st.none() | st.booleans(),
    sex=st.none() | st.integers(1, 2),
    relation=st.none() | st.integers(1, 3),
)
as_ofs = st.dates(date(2024, 1, 1), date(2028, 12, 31)) | leap_days | st.sampled_from([date(2027, 2, 28)])
enough = st.integers(1, 4)
asked = st.one_of(
    st.builds(Fact, st.sampled_from(["members_aged_up_to", "members_aged_from"]), age=ages, enough=enough),
    st.builds(lambda ages, enough: Fact("members_aged_between", **ages, enough=enough), ranges, enough),
    st.builds(
        Fact,
        st.sampled_from(["members_at_school", "members_employed_as"]),
        codes=codes.map(tuple),
        enough=enough,
    ),
    st.builds(Fact, st.sampled_from(PLAIN_TESTS), enough=enough),
    st.sampled_from([Fact("decile"), Fact("power")]),
)
welfare = st.fixed_dictionaries(
    {"decile": st.none() | st.integers(1, 10), "power": st.none() | st.integers(1, 5)}
)


def read_by_sql(unit, facts, as_of, release):
    db.run("DROP TABLE IF EXISTS pg_temp.todo")
    db.run("CREATE TEMPORARY TABLE todo AS SELECT id AS family_id FROM recipients_family")
    query = facts_query(unit, facts, as_of=as_of, release_id=release.pk)
    rows = db.fetch(query.text, query.params)
    db.run("DROP TABLE pg_temp.todo")
    return {row[:2]: list(row[2:]) for row in rows}


class FactsRead(TestCase):
    """Facts of real rows: one family per example in the registry, read by SQL and by Python."""

    def setup_example(self):
        super().setup_example()
        switch_guards("DISABLE")  # members are aged and moved by hand

    @given(
        families=st.lists(st.tuples(welfare, st.lists(people, max_size=4)), min_size=1, max_size=3),
        facts=st.lists(asked, min_size=1, max_size=5, unique=True),
        as_of=as_ofs,
    )
    @settings(max_examples=60, deadline=None)
    def test_facts_of_families_read_the_same_in_sql_and_python(self, families, facts, as_of):
        release = make_release()
        expected = {}
        for snapshot, members in families:
            family = make_family(release=release, **snapshot)
            for member in members:
                make_member(family, release=release)
                row = family.memberships.latest("pk")
                for field in fields(Member):
                    setattr(row, field.name, getattr(member, field.name))
                row.save()
            facts_read = read_family(facts, snapshot=snapshot, members=members, as_of=as_of)
            expected[family.pk, None] = list(facts_read.values())

        assert read_by_sql(FAMILY, facts, as_of, release) == expected

    @given(
        snapshot=welfare, born=st.none() | days | leap_days, pbi=st.none() | st.integers(1, 2), as_of=as_ofs
    )
    @settings(max_examples=60, deadline=None)
    def test_facts_of_persons_read_the_same_in_sql_and_python(self, snapshot, born, pbi, as_of):
        release = make_release()
        family = make_family(release=release, **snapshot)
        row = make_member(family, release=release)
        row.birth_date, row.national_pbi = born, pbi
        row.save()
        facts = [Fact("decile"), Fact("power"), Fact("age"), Fact("national_pbi")]

        by_sql = read_by_sql(PERSON, facts, as_of, release)

        by_python = read_person(
            facts, snapshot=snapshot, member=Member(birth_date=born, national_pbi=pbi), as_of=as_of
        )
        assert by_sql == {(family.pk, row.person_id): list(by_python.values())}


@pytest.mark.parametrize(
    "as_of", [date(2026, 11, 23), date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 1)]
)
def test_the_days_around_a_birthday_read_the_same_in_sql_and_python(db, as_of):
    release = make_release()
    facts = [
        Fact(name, age=age) for name in ("members_aged_up_to", "members_aged_from") for age in (0, 6, 7, 60)
    ]
    facts += [
        Fact("members_aged_between", age=low, age_to=high) for low, high in ((0, 0), (6, 6), (1, 7), (7, 60))
    ]
    expected = {}
    for years in (0, 1, 6, 7, 8, 60, 61):
        for days in (-1, 0, 1, 2):
            born = years_before(as_of, years) + timedelta(days=days)
            family = make_family(release=release)
            make_member(family, release=release, born=born)
            members = [Member(birth_date=born)]
            expected[family.pk, None] = list(
                read_family(facts, snapshot={}, members=members, as_of=as_of).values()
            )

    assert read_by_sql(FAMILY, facts, as_of, release) == expected


def test_the_facts_about_members_drawn_above_are_all_there_are():
    drawn = {"members_aged_up_to", "members_aged_from", "members_aged_between"}
    drawn |= {"members_at_school", "members_employed_as"}

    assert drawn | set(PLAIN_TESTS) == set(MEMBER_TESTS)


def test_every_fact_of_the_registry_is_a_column_that_the_models_have():
    snapshot = {field.name for field in WelfareSnapshot._meta.get_fields()}
    own = {"age", "national_pbi", *MEMBER_TESTS, *BESIDE}

    assert set(NAMES) - own <= snapshot
