"""Trying a rule out says what activating it would do, and writes nothing."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from eligibility import services
from eligibility.models import EligibilityDecision, RuleSet, Scope
from eligibility.rules.amounts import Line, estimate
from eligibility.rules.facts import Member, RuleError
from eligibility.rules.parse import parse_conditions
from eligibility.services import simulating
from eligibility.services.simulating import Compared, Side
from recipients.enums import EnrolmentState
from recipients.models import Enrolment, FamilyMembership, Programme, Region
from tests.eligibility.conftest import TODAY
from tests.factories.registry import make_family, make_member, make_release, make_village

pytestmark = pytest.mark.django_db
SCHOOL = [None, 1, 2, 3]


@pytest.fixture
def programmes(rule_sets):
    return {programme.code: programme for programme in Programme.objects.all()}


def make_district(seed: int, families: int = 40) -> random.Random:
    """Families with random facts in three villages of two sub-districts, missing ones too."""
    draw = random.Random(seed)
    release = make_release()
    villages = [
        make_village(*name) for name in (("Kesik", "Masbagik"), ("Danger", "Masbagik"), ("Pijot", "Keruak"))
    ]
    for _family in range(families):
        family = make_family(
            release=release, village=draw.choice(villages), decile=draw.choice([None, *range(1, 11)])
        )
        for _member in range(draw.randrange(4)):
            make_member(
                family,
                release=release,
                born=date(draw.randrange(1940, 2026), 6, 1),
                employment=draw.choice([None, 4, 5]),
                school_participation=draw.choice(SCHOOL),
                school_level=draw.choice([None, 3, 9, 15]),
                has_disability=draw.choice([None, True, False, False]),
            )
    return draw


def verdicts(programme: Programme) -> dict[tuple[int, int | None], str]:
    rows = EligibilityDecision.objects.standing().filter(programme=programme)
    return {(row.family_id, row.person_id): row.verdict for row in rows}


def activate(programme: Programme, conditions: list) -> None:
    """Another version comes into force today."""
    last = RuleSet.objects.in_force(TODAY).get(programme=programme)
    RuleSet.objects.filter(pk=last.pk).update(effective_to=date(2026, 11, 22))
    last.pk, last.version, last.conditions = None, last.version + 10, conditions
    last.effective_from, last.effective_to = TODAY, None
    last.save(force_insert=True)


def tables() -> dict[str, str]:
    """Every table of ours, by one number of its content."""
    names = [name for name in connection.introspection.table_names() if name.split("_")[0] in OURS]
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            cursor.execute(
                f"SELECT count(*)::text || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {name} t"
            )
            found[name] = cursor.fetchone()[0]
    return found


OURS = {"recipients", "eligibility", "objections", "common"}


@pytest.mark.parametrize("seed", range(6))
def test_trying_a_rule_out_says_what_activating_it_then_does(seed, programmes):
    draw = make_district(seed)
    code = draw.choice(["PKH", "SEMBAKO", "PBI_JK"])
    programme = programmes[code]
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    before = verdicts(programme)
    tried = simulating.with_decile_limit(simulating.in_force(programme, TODAY), draw.choice([1, 2, 7, 10]))
    for family_id, person_id in draw.sample(sorted(before, key=str), len(before) // 2):
        Enrolment.objects.create(
            programme=programme,
            family_id=family_id,
            person_id=person_id,
            since=TODAY,
            state=EnrolmentState.ACTIVE,
        )
    enrolled = set(Enrolment.objects.values_list("family", "person"))

    found = simulating.compare(
        compared=[Compared.of(programme, simulating.in_force(programme, TODAY), tried)],
        as_of=TODAY,
        release=simulating.release_to_read(TODAY),
    ).outcomes[0]

    activate(programme, tried.conditions)
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    after = verdicts(programme)
    assert found.moves == Counter(f"{before[key]}>{after[key]}" for key in after)
    lost = {key for key in after if before[key] == "ELIGIBLE" != after[key]}
    assert found.total.losses == len(lost)
    assert found.total.enrolled_losses == len(lost & enrolled)
    assert found.total.gains == sum(before[key] != "ELIGIBLE" == after[key] for key in after)
    assert sum(tally.losses for tally in found.villages.values()) == len(lost)


@pytest.mark.parametrize("seed", range(4))
def test_the_cost_of_a_trial_is_the_sum_of_what_each_family_is_estimated_at(seed, programmes):
    make_district(seed, families=60)
    programme = programmes["PKH"]
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    side = simulating.in_force(programme, TODAY)
    cheaper = replace(side, amounts={**side.amounts, "most_persons": 1})

    found = simulating.compare(
        compared=[Compared.of(programme, side, cheaper)],
        as_of=TODAY,
        release=simulating.release_to_read(TODAY),
    ).outcomes[0]

    met = [
        family_id for (family_id, _person), verdict in verdicts(programme).items() if verdict == "ELIGIBLE"
    ]
    for name, one in (("before", side), ("after", cheaper)):
        lines = [line for family_id in met for line in estimated(one, family_id)]
        expected = Counter()
        for line in lines:
            expected[line.component] += line.count
        counted = Counter()
        for village in found.paid[name].villages.values():
            counted.update(village)
        assert counted == expected
    assert sum(counted.values()) == len([family_id for family_id in met if estimated(cheaper, family_id)])


def estimated(side: Side, family_id: int) -> tuple[Line, ...]:
    """The plain reading, family by family."""
    names = [one.name for one in fields(Member)]
    rows = FamilyMembership.objects.standing().filter(family=family_id).values(*names)
    conditions = parse_conditions(side.name, side.conditions, "FAMILY")
    return estimate(side.parsed_amounts(), conditions, [Member(**row) for row in rows], TODAY).lines


def test_nothing_is_written_by_trying_rules_out(programmes):
    make_district(3)
    services.verify(scope=Scope.ALL, as_of=TODAY, reason="uji")
    stood = tables()
    compared = [
        Compared.of(one, simulating.in_force(one, date(2025, 12, 1)), simulating.in_force(one, TODAY))
        for one in programmes.values()
    ]

    found = simulating.compare(compared=compared, as_of=TODAY, release=simulating.release_to_read(TODAY))
    simulating.changed_in(
        compared=compared[0],
        as_of=TODAY,
        release_id=found.release_id,
        subdistrict=Region.objects.subdistricts()[0],
    )

    assert found.subjects > 80
    assert tables() == stood


def test_the_list_behind_a_number_is_as_long_as_the_number(programmes):
    make_district(5, families=60)
    programme = programmes["SEMBAKO"]
    one = Compared.of(programme, simulating.of_version(programme, 1), simulating.of_version(programme, 2))
    found = simulating.compare(compared=[one], as_of=TODAY, release=simulating.release_to_read(TODAY))

    listed = [
        row
        for shard in Region.objects.subdistricts()
        for row in simulating.changed_in(
            compared=one, as_of=TODAY, release_id=found.release_id, subdistrict=shard, narrowed="losses"
        )
    ]

    assert found.outcomes[0].total.losses == len(listed) > 0
    assert {row.before for row in listed} == {"ELIGIBLE"}


def test_components_and_vulnerable_members_are_counted_on_either_side(programmes):
    village, release = make_village(), make_release()
    for decile in (5, 5, 2):
        family = make_family(release=release, village=village, decile=decile)
        make_member(family, release=release, born=date(1950, 1, 1), has_disability=decile == 2)
    child = make_family(release=release, village=village, decile=5)
    make_member(child, release=release, born=date(2024, 1, 1))
    programme = programmes["PKH"]
    now = simulating.in_force(programme, TODAY)

    found = simulating.compare(
        compared=[Compared.of(programme, now, simulating.with_decile_limit(now, 5))],
        as_of=TODAY,
        release=simulating.release_to_read(TODAY),
    ).outcomes[0]

    assert found.total.gains == 3
    of_village = {name: counts.get(str(village.pk), [0])[0] for name, counts in found.groups.items()}
    assert (of_village["elder"], of_village["small_child"], of_village["disability"]) == (2, 1, 0)
    assert (of_village["with_elder"], of_village["with_small_child"], of_village["with_disability"]) == (
        2,
        1,
        0,
    )


def test_a_programme_without_a_rule_on_one_side_gains_everyone_who_meets_the_other(programmes):
    make_family(release=make_release(), decile=1)
    programme = programmes["SEMBAKO"]

    found = simulating.compare(
        compared=[
            Compared.of(
                programme,
                simulating.in_force(programme, date(2020, 1, 1)),
                simulating.in_force(programme, TODAY),
            )
        ],
        as_of=TODAY,
        release=simulating.release_to_read(TODAY),
    ).outcomes[0]

    assert found.moves == {"NO_RULE>ELIGIBLE": 1}
    assert (found.total.gains, found.total.before) == (1, 0)


def test_the_command_compares_a_version_with_a_draft(programmes, tmp_path, capsys):
    make_family(release=make_release(), decile=5)
    text = (Path(services.loading.FOLDER) / "sembako-2.toml").read_text().replace("limit = 4", "limit = 6")
    draft = tmp_path / "draft.toml"
    draft.write_text(text)

    call_command(
        "compare_rules", "SEMBAKO", "--from", "2", "--to", str(draft), "--as-of", "2026-11-23", "--json"
    )
    answer = json.loads(capsys.readouterr().out)
    call_command("compare_rules", "SEMBAKO", "--to", str(draft), "--as-of", "2026-11-23")

    assert answer["outcomes"][0]["total"]["gains"] == 1
    assert "1 keluarga akan mulai memenuhi aturan." in capsys.readouterr().out


def test_the_command_tries_a_programme_that_stands_in_a_draft_alone(programmes, tmp_path, capsys):
    make_family(release=make_release(), decile=2)
    draft = tmp_path / "draft.toml"
    text = (Path(services.loading.FOLDER) / "lokal" / "paket-daerah-1.toml").read_text()
    draft.write_text(text.replace("PAKET_DAERAH", "PAKET_RAYA"))

    call_command("compare_rules", "PAKET_RAYA", "--to", str(draft), "--as-of", "2026-11-23")

    assert "1 keluarga akan mulai memenuhi aturan." in capsys.readouterr().out
    assert not Programme.objects.filter(code="PAKET_RAYA").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("NONE", "--to", "1"),
        ("PKH", "--to", "77"),
        ("PKH", "--to", "nothing.toml"),
        ("PKH", "--to", "sembako"),
    ],
)
def test_the_command_refuses_what_it_cannot_compare(words, programmes, tmp_path):
    path = Path(services.loading.FOLDER) / "sembako-2.toml"
    words = [str(path) if word == "sembako" else word for word in words]

    with pytest.raises(CommandError):
        call_command("compare_rules", *words)


def test_another_decile_limit_must_be_another(programmes):
    now = simulating.in_force(programmes["PKH"], TODAY)

    with pytest.raises(RuleError):
        simulating.with_decile_limit(now, 4)
