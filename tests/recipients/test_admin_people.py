"""Logins: which roles one person may hold together, and what the auditor reads about who gave them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from recipients.roles import INCOMPATIBLE, LABELS
from tests.factories.staff import World, make_world

pytestmark = pytest.mark.django_db
NO_AREAS = {f"areas-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}


@pytest.fixture
def world() -> World:
    return make_world()


def logged_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def give(world: World, *roles: str) -> Any:
    """The system admin gives the plain login exactly these roles."""
    plain: User = world.inside["auth_user"]
    groups = list(Group.objects.filter(name__in=roles).values_list("pk", flat=True))
    form = {"username": plain.username, "is_active": "on", "is_staff": "on", "groups": groups, **NO_AREAS}
    address = reverse("admin:auth_user_change", args=[plain.pk])
    return logged_in(world, "system_admin").post(address, form)


def roles_of(world: World) -> set[str]:
    return set(world.inside["auth_user"].groups.values_list("name", flat=True))


@pytest.mark.parametrize("pair", INCOMPATIBLE, ids="+".join)
def test_nobody_is_given_two_halves_of_a_shared_duty(pair, world):
    answer = give(world, *pair)

    assert "tidak boleh dipegang satu orang" in answer.content.decode()
    assert roles_of(world) == set()


def test_roles_that_do_not_clash_are_given_together(world):
    answer = give(world, "office_verifier", "facilitator")

    assert answer.status_code == 302
    assert roles_of(world) == {"office_verifier", "facilitator"}


def test_the_auditor_reads_who_gave_which_role_and_who_took_it(world):
    give(world, "office_verifier")
    give(world, "facilitator")

    text = logged_in(world, "auditor").get(reverse("admin:admin_logentry_changelist")).content.decode()

    assert f"{LABELS['office_verifier']} diberikan" in text
    assert f"{LABELS['office_verifier']} dicabut" in text
    assert f"{LABELS['facilitator']} diberikan" in text
    assert "system_admin" in text


def test_the_auditor_reads_whose_password_was_reset(world):
    plain = world.inside["auth_user"]
    form = {"password1": "sandi-baru-panjang", "password2": "sandi-baru-panjang", "usable_password": "true"}
    address = reverse("admin:auth_user_password_change", args=[plain.pk])

    assert logged_in(world, "system_admin").post(address, form).status_code == 302

    entries = logged_in(world, "auditor").get(reverse("admin:admin_logentry_changelist"))
    assert plain.username in entries.content.decode()
    entry = entries.context["cl"].result_list[0]
    assert (entry.object_id, entry.user) == (str(plain.pk), world.users["system_admin"])
    assert "sandi" in entry.get_change_message().lower()
