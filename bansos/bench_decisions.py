"""Decisions in `make bench`: each as a multiple of something simpler measured on the same rows in the same run.

A quiet night against one aggregate scan; deciding everyone from nothing against the bare list the simplest SQL makes
and against plain Python row by row with batched writes (a sample, scaled); two workers against one. How the cost of a
family grows: bench_growth.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

SAMPLE = 3000  # families decided in plain Python

_SCAN = """
SELECT (SELECT count(*) FILTER (WHERE decile <= 4) + max(village_id)
          FROM recipients_welfaresnapshot WHERE until_release_id IS NULL),
       (SELECT count(birth_date) + count(*) FILTER (WHERE has_disability) + max(employment)
          FROM recipients_familymembership WHERE until_release_id IS NULL),
       (SELECT count(*) FILTER (WHERE verdict = 'ELIGIBLE') + sum(grounds_id)
          FROM eligibility_eligibilitydecision WHERE superseded_at IS NULL)
"""
# Who meets the rule and nothing else: no reasons, no facts kept, no history, no missing facts, no index.
_LIST = """
CREATE TABLE bench_list AS
SELECT 'PKH' AS programme, s.family_id, NULL::bigint AS person_id FROM recipients_welfaresnapshot s
 WHERE s.until_release_id IS NULL AND s.decile <= 4 AND EXISTS (
       SELECT FROM recipients_familymembership m WHERE m.family_id = s.family_id AND m.until_release_id IS NULL
          AND (m.birth_date > current_date - interval '7 years' OR m.birth_date <= current_date - interval '60 years'
               OR m.school_participation = 2 AND m.school_level <= 17 OR m.has_disability))
UNION ALL SELECT 'SEMBAKO', family_id, NULL FROM recipients_welfaresnapshot
           WHERE until_release_id IS NULL AND decile <= 4
UNION ALL SELECT 'PBI_JK', m.family_id, m.person_id FROM recipients_familymembership m
           JOIN recipients_welfaresnapshot s ON s.family_id = m.family_id AND s.until_release_id IS NULL
          WHERE m.until_release_id IS NULL AND s.decile <= 5
"""


def quiet_night(families: int) -> dict[str, Any]:
    """After the bench's releases: everything is decided and quiet. Days go on, so each night has its birthdays."""
    scan = _middle(lambda: _timed(lambda: _fetch(_SCAN)))
    thorough = _middle(_verify)
    with _helper():
        together = _middle(_verify)
    nights = [_night(days) for days in range(4)]
    quiet = sorted(night.seconds for night in nights[1:])[1]  # the first compares everyone
    return {
        "scan_seconds": round(scan, 3),
        "quiet_seconds": round(quiet, 2),
        "quiet_ratio": round(quiet / scan, 1),
        "quiet_compared": nights[-1].subjects,
        "quiet_proven": nights[-1].proven,
        "worklists_ratio": round(_middle(_worklists(nights[-1].run_id)) / scan, 1),
        "thorough_seconds": round(thorough, 2),
        "thorough_ratio": round(thorough / scan, 1),
        "two_workers_ratio": round(thorough / together, 2),
    } | _storage(families)


def _middle(timing: Callable[[], float]) -> float:
    return sorted(timing() for _repeat in range(3))[1]


def _storage(families: int) -> dict[str, Any]:
    """What a family takes on disk with its members, four releases' history, decisions and every index."""
    size = _fetch(
        "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' "
        "AND relname ~ '^(recipients|eligibility)_'"
    )[0][0]
    return {"bytes_per_family": round(size / families)}


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _fetch(query: str) -> list[tuple[Any, ...]]:
    from bansos.common import db

    return db.fetch(query)


def _verify() -> float:
    from django.utils import timezone

    from eligibility import services
    from eligibility.models import Scope

    return _timed(lambda: services.verify(scope=Scope.ALL, as_of=timezone.localdate(), reason="bench"))


def _night(days: int) -> Any:
    """The run of the timetable for the night so many days from now."""
    from django.utils import timezone

    from eligibility import services
    from eligibility.models import Scope

    day = timezone.localdate() + timedelta(days=days)
    verified = services.verify(scope=Scope.ALL, as_of=day, reason="bench", key=f"nightly:{day}")
    services.find_now(run_id=verified.run_id)
    return verified


def _worklists(run_id: int) -> Callable[[], float]:
    """Seconds that the worklists of that night take again."""
    from django.db import transaction

    from eligibility import services

    return lambda: _timed(transaction.atomic(lambda: services.find_after(run_id=run_id)))


# --- two workers --------------------------------------------------------------------------------------------


@contextmanager
def _helper() -> Iterator[None]:
    """A second process that takes shards, as another worker does."""
    command = [sys.executable, "-m", "bansos.bench_decisions"]
    helper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert helper.stdout is not None
    helper.stdout.readline()  # it says when it is ready
    try:
        yield
    finally:
        helper.terminate()
        helper.wait()


def help_out() -> None:
    from bansos import embedded

    embedded.use()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansos.settings")
    import django

    django.setup()
    from bansos.common import jobs
    from bansos.common.models import Job
    from eligibility import services

    shards = Job.objects.claimable().filter(kind__in=[services.MEASURE_SHARD, services.DECIDE_SHARD])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        due = list(shards.order_by("-pk").values_list("pk", flat=True)[:1])
        if not any(jobs.run(job_id) for job_id in due):
            time.sleep(0.01)


# --- from nothing -------------------------------------------------------------------------------------------


def from_nothing(families: int) -> dict[str, Any]:
    """Last: it empties the decisions, and ends what local rules there are, for the bare list has no such programme."""
    from django.utils import timezone

    from bansos.common import db
    from eligibility.models import RuleSet

    db.run("TRUNCATE eligibility_eligibilitydecision")
    local = RuleSet.objects.filter(programme__is_local=True, effective_to=None)
    local.update(effective_to=timezone.localdate() - timedelta(days=1))
    python = _in_python() * families / SAMPLE
    bare = _timed(lambda: db.run(_LIST))
    db.run("DROP TABLE bench_list")
    whole = _verify()
    decided = _fetch("SELECT count(*), pg_total_relation_size('eligibility_eligibilitydecision') FROM "
                     "eligibility_eligibilitydecision WHERE superseded_at IS NULL")[0]  # fmt: skip
    return {
        "from_nothing_seconds": round(whole, 2),
        "from_nothing_microseconds_per_family": round(1e6 * whole / families),
        "from_nothing_decisions": decided[0],
        "bytes_per_decision": round(decided[1] / max(decided[0], 1)),
        "bare_list_seconds": round(bare, 2),
        "bare_list_ratio": round(whole / bare, 1),
        "python_ratio": round(python / whole, 1),
    }


def _in_python() -> float:
    """Seconds for SAMPLE families: facts fetched a thousand at a time, judged one by one, written in batches."""
    from django.db import transaction
    from django.utils import timezone

    from eligibility.models import RuleSet
    from recipients.models import Family

    day = timezone.localdate()
    rules = list(RuleSet.objects.in_force(day).select_related("programme"))
    families = list(Family.objects.select_related("village").order_by("pk")[:SAMPLE])
    with transaction.atomic():
        started = time.perf_counter()
        for at in range(0, SAMPLE, 1000):
            _decide_batch(families[at : at + 1000], rules, day)
        seconds = time.perf_counter() - started
        transaction.set_rollback(True)
    return seconds


def _decide_batch(families: list[Any], rules: list[Any], day: Any) -> None:
    from eligibility.models import EligibilityDecision, Grounds
    from eligibility.rules.evaluate import evaluate, facts_of
    from eligibility.rules.facts import Member, read_family, read_person
    from eligibility.rules.parse import parse_conditions
    from recipients.models import CurrentRelease, FamilyMembership, WelfareSnapshot

    release = CurrentRelease.get()
    keys = [family.pk for family in families]
    snapshots: dict[int, dict[str, Any]] = {
        row["family_id"]: dict(row)
        for row in WelfareSnapshot.objects.standing().filter(family__in=keys).values()
    }
    members: dict[int, list[Any]] = {}
    for row in FamilyMembership.objects.standing().filter(family__in=keys):
        members.setdefault(row.family_id, []).append(row)
    fields = (
        "birth_date",
        "school_participation",
        "school_level",
        "employment",
        "has_disability",
        "national_pbi",
    )
    read_rules = [(rule, parse_conditions(str(rule), rule.conditions, rule.programme.unit)) for rule in rules]
    made: list[EligibilityDecision] = []
    grounds: dict[tuple[int | None, ...], Grounds] = {}
    for family in families:
        people = members.get(family.pk, [])
        facts_of_people = [Member(**{name: getattr(row, name) for name in fields}) for row in people]
        snapshot = snapshots.get(family.pk, {})
        for rule, conditions in read_rules:
            wanted = facts_of(conditions)
            read = (
                [(None, read_family(wanted, snapshot=snapshot, members=facts_of_people, as_of=day))]
                if rule.programme.unit == "FAMILY"
                else [
                    (row.person_id, read_person(wanted, snapshot=snapshot, member=member, as_of=day))
                    for row, member in zip(people, facts_of_people, strict=True)
                ]
            )
            for person_id, facts in read:
                judged = evaluate(conditions, facts)
                resting = grounds.setdefault(
                    (rule.pk, *facts.values()),
                    Grounds(
                        rule_set=rule, inputs=list(facts.values()), verdict=judged.verdict,
                        findings=[finding.as_dict() for finding in judged.findings],
                    ),
                )  # fmt: skip
                made.append(
                    EligibilityDecision(
                        programme=rule.programme, family=family, person_id=person_id, rule_set=rule, as_of=day,
                        subdistrict_id=family.village.parent_id, verdict=judged.verdict, release=release,
                        grounds=resting,
                    )
                )  # fmt: skip
    Grounds.objects.bulk_create(grounds.values())
    for decision in made:
        decision.grounds_id = decision.grounds.pk
    EligibilityDecision.objects.bulk_create(made, batch_size=1000)


def rows(figures: dict[str, Any]) -> list[tuple[str, Any, str]]:
    """Lines of the bench's table: name, value, note."""
    found = [
        (
            "quiet night / one scan",
            figures["quiet_ratio"],
            f"{figures['quiet_seconds']} s, {figures['quiet_compared']} compared, {figures['quiet_proven']} proven"
            "   goal <= 2",
        ),
        ("its worklists / one scan", figures["worklists_ratio"], "those of the registry are proven too"),
        (
            "everyone compared / one scan",
            figures["thorough_ratio"],
            f"{figures['thorough_seconds']} s   verify, and one night a week",
        ),
        (
            "from nothing / bare list",
            figures["bare_list_ratio"],
            f"{figures['from_nothing_seconds']} s, PKH, SEMBAKO, PBI_JK   goal <= 3",
        ),
        ("plain Python / from nothing", figures["python_ratio"], f"of {SAMPLE} families, scaled"),
        ("one worker / two", figures["two_workers_ratio"], "everyone compared   goal >= 1.7"),
        ("bytes a family", figures["bytes_per_family"], "four releases, decisions, indexes"),
        ("bytes a decision", figures["bytes_per_decision"], "with indexes"),
    ]
    return found


if __name__ == "__main__":
    help_out()
