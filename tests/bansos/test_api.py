"""/api/v1/: staff read what their role and area allow, without anybody's name or number."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from bansos import api_urls
from bansos.access_rules import API
from bansos.common import api
from recipients.enums import Access
from recipients.models import AccessLog
from recipients.roles import ROLES
from tests.factories.staff import INSIDE_NAME, OUTSIDE_NAME, World, make_world

pytestmark = pytest.mark.django_db
ABOUT_A_FAMILY = "family-decisions"


@pytest.fixture
def world() -> World:
    return make_world()


def logged_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def address(name: str, world: World, side: str = "inside") -> str:
    family = getattr(world, side)["recipients_family"]
    return reverse(f"api:{name}", args=[family.pk] if name == ABOUT_A_FAMILY else [])


def test_every_address_has_a_rule():
    assert {pattern.name for pattern in api_urls.urlpatterns} == set(API)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_what_its_rule_says_and_nothing_else(role, world):
    client = logged_in(world, role)

    answers = {name: client.get(address(name, world)).status_code for name in API}

    assert answers == {name: 200 if role in readers else 403 for name, readers in API.items()}


@pytest.mark.parametrize("name", API)
def test_nobody_reads_without_signing_in_and_nobody_writes(name, world):
    assert Client().get(address(name, world)).status_code == 403
    assert logged_in(world, "office_head").post(address(name, world), {}).status_code == 405


@pytest.mark.parametrize("name", API)
def test_no_answer_carries_a_number_or_a_name(name, world):
    told = logged_in(world, "office_head").get(address(name, world)).content.decode()

    assert [word for word in (INSIDE_NAME, OUTSIDE_NAME, *world.numbers.values()) if word in told] == []


def test_a_list_holds_the_own_area(world):
    mine, all_of_them = (
        {
            row["family"]
            for row in logged_in(world, role).get(address("decile-changes", world)).json()["results"]
        }
        for role in ("subdistrict_coordinator", "office_head")
    )

    inside, outside = world.inside["recipients_family"].pk, world.outside["recipients_family"].pk
    assert (mine, all_of_them) == ({inside}, {inside, outside})


def test_a_family_outside_the_area_is_not_there(world):
    client = logged_in(world, "village_operator")

    assert client.get(address(ABOUT_A_FAMILY, world, "outside")).status_code == 404


def test_a_family_is_explained_in_words_after_the_look_is_written_down(world):
    answer = logged_in(world, "village_operator").get(address(ABOUT_A_FAMILY, world)).json()

    (pkh,) = answer["answers"]
    assert (pkh["programme"], pkh["verdict"]) == ("PKH", "INELIGIBLE")
    assert "desil" in pkh["reasons"][0]["text"].lower()
    look = AccessLog.objects.latest("pk")
    assert (look.kind, look.family) == (Access.OPEN_FAMILY, world.inside["recipients_family"])


def test_a_downloaded_page_is_written_down_with_its_rows(world):
    logged_in(world, "office_head").get(address("decile-changes", world))

    look = AccessLog.objects.latest("pk")
    assert (look.kind, look.rows) == (Access.EXPORT, 2)


@pytest.mark.parametrize(
    ("query", "families"),
    [
        ({"release": "2026-Q1"}, 2),
        ({"release": "2025-Q4"}, 0),
        ({"crossed": "PKH"}, 2),
        ({"direction": "DOWN"}, 0),
    ],
)
def test_a_list_is_narrowed_by_the_address(query, families, world):
    answer = logged_in(world, "office_head").get(address("decile-changes", world), query).json()

    assert len(answer["results"]) == families


@pytest.mark.parametrize("query", [{"realease": "2026-Q1"}, {"direction": "naik"}])
def test_what_the_address_does_not_know_is_refused_by_name(query, world):
    answer = logged_in(world, "office_head").get(address("decile-changes", world), query)

    assert answer.status_code == 400
    assert "direction" in answer.content.decode()


def test_who_asks_too_often_waits(world, monkeypatch):
    monkeypatch.setattr(api, "PER_MINUTE", 2)
    client = logged_in(world, "office_head")

    answers = [client.get(address("releases", world)).status_code for _ in range(3)]

    assert answers == [200, 200, 429]


def test_reports_about_others_are_not_in_the_list_of_cases(world):
    case = world.inside["objections_objection"]
    type(case).objects.filter(pk=case.pk).update(kind="WELL_OFF")

    told = logged_in(world, "office_head").get(address("objections", world)).json()

    assert [row["receipt_no"] for row in told["results"]] == [
        world.outside["objections_objection"].receipt_no
    ]
