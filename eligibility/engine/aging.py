"""Whose facts the calendar alone may change between two days: the only ones a proven sub-district decides again.

Taken generously, without asking what the rules make of it: birthdays of every age that they speak of and of the
next one, anniversaries, and every flag, enrolment, correction and decision by hand with a date in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from eligibility.engine.columns import FAMILIES, published
from eligibility.engine.decide import TODO, RuleInForce, Shard
from eligibility.engine.temporary import fill
from eligibility.rules.evaluate import facts_of

# No file takes an older date (recipients/importing/dates.py); whoever was born before is always looked at.
_OLDEST = 1890
_LEAP = {(2, 28), (2, 29), (3, 1)}  # who was born on a 29 February comes of age on one of them

_BETWEEN = "BETWEEN %(since)s AND %(as_of)s"
_COMES_ROUND = "{0} = ANY(%(days)s::date[])"
_DATES = {
    "recipients_externalflag": ("observed_on", "valid_until"),
    "recipients_enrolment": ("since",),
    "eligibility_handdecision": ("starts_on", "ends_on", "ended_on"),
}
_MEMBERS = "SELECT m.family_id FROM {0} r JOIN recipients_familymembership m ON {1} WHERE "


def list_aging(shard: Shard, rules: Sequence[RuleInForce], *, since: date) -> int:
    """Make the list `todo`: the families of these sub-districts whose facts may not be those of `since` any more."""
    days = days_that_come_round(since, shard.as_of)
    return fill(
        "todo",
        TODO,
        f"SELECT DISTINCT f.id, v.parent_id FROM {FAMILIES} JOIN ({_touched()}) a ON a.family_id = f.id "
        f"WHERE v.parent_id = ANY(%(subdistricts)s) AND {published('f')}",
        {
            "subdistricts": list(shard.subdistrict_ids),
            "since": since,
            "as_of": shard.as_of,
            "days": [str(day) for day in days],
            "births": [str(day) for day in of_ages(days, ages_asked(rules), since, shard.as_of)],
        },
    )


def days_that_come_round(since: date, until: date) -> list[date]:
    """Every date whose anniversary lies after `since` and not after `until`."""
    passed = [since + timedelta(days=n + 1) for n in range((until - since).days)]
    dates = {(day.month, day.day) for day in passed}
    if dates & _LEAP:
        dates |= _LEAP
    found = [_date(year, *each) for year in range(_OLDEST, until.year + 1) for each in sorted(dates)]
    return [day for day in found if day is not None]


def ages_asked(rules: Sequence[RuleInForce]) -> set[int] | None:
    """The ages at which a fact of these rules may change: those they name, and the one after; None for all."""
    facts = {fact for rule in rules for fact in facts_of(rule.conditions)}
    if any(fact.name == "age" for fact in facts):
        return None
    named = {age for fact in facts for age in (fact.age, fact.age_to) if age is not None}
    return {0} | named | {age + 1 for age in named}


def of_ages(days: Sequence[date], ages: set[int] | None, since: date, until: date) -> list[date]:
    """Of these dates of birth those of whoever comes to one of the ages between the two days."""
    years = range(since.year, until.year + 1)
    return [day for day in days if ages is None or any(year - day.year in ages for year in years)]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _touched() -> str:
    born = f"(birth_date < '{_OLDEST}-01-01' OR birth_date = ANY(%(births)s::date[]))"
    parts = [f"SELECT family_id FROM recipients_familymembership WHERE {born}"]
    for table, names in _DATES.items():
        when = _falls(names)
        parts.append(f"SELECT r.family_id FROM {table} r WHERE {when}")
        parts += [
            _MEMBERS.format(table, "m.person_id = r.person_id") + f"m.until_release_id IS {ended} AND {when}"
            for ended in ("NULL", "NOT NULL")
        ]
    corrected = f"({_falls(('since', 'until'))} OR {_COMES_ROUND.format('r.day')})"
    parts.append(_MEMBERS.format("recipients_factcorrection", "m.id = r.membership_id") + corrected)
    parts.append(
        "SELECT s.family_id FROM recipients_factcorrection r JOIN recipients_welfaresnapshot s "
        f"ON s.id = r.snapshot_id WHERE {corrected}"
    )
    return " UNION ALL ".join(parts)


def _falls(names: Sequence[str]) -> str:
    """Any of the dates lies between, or (years since an enrolment) its anniversary does."""
    tests = [f"r.{name} {_BETWEEN}" for name in names]
    if "since" in names:
        tests.append(_COMES_ROUND.format("r.since"))
    return f"({' OR '.join(tests)})"
