"""Logins: which roles one person may hold together, and what the auditor reads about who gave them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from bansos.common import password_again, sessions
from recipients.models import StaffArea
from recipients.roles import INCOMPATIBLE, LABELS
from tests.factories.staff import World, make_world

pytestmark = pytest.mark.django_db
PASSWORD, TYPED = "sandi-contoh-panjang", f"{password_again.PREFIX}-password"
NO_AREAS = {f"areas-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}


@pytest.fixture
def world() -> World:
    return make_world()


def logged_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.users[role])
    return client


def left_open(world: World) -> Client:
    """The screen of a system admin who typed the password eleven minutes ago."""
    keeper = world.users["system_admin"]
    keeper.set_password(PASSWORD)
    keeper.save()
    client = logged_in(world, "system_admin")
    session = client.session
    session[sessions.SIGNED_IN_AT] -= password_again.HOLDS_S + 1
    session.save()
    return client


def give(world: World, *roles: str, by: Client | None = None, **typed: str) -> Any:
    """The system admin gives the plain login exactly these roles."""
    plain: User = world.inside["auth_user"]
    groups = list(Group.objects.filter(name__in=roles).values_list("pk", flat=True))
    form = {"username": plain.username, "is_active": "on", "is_staff": "on", "groups": groups, **NO_AREAS}
    address = reverse("admin:auth_user_change", args=[plain.pk])
    return (by or logged_in(world, "system_admin")).post(address, {**form, **typed})


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


def test_an_open_screen_of_the_keeper_gives_nobody_a_role(world):
    screen = left_open(world)

    asked = give(world, "facilitator", by=screen).content.decode()
    assert "Ketik kata sandi Anda sekali lagi" in asked
    assert roles_of(world) == set()

    give(world, "facilitator", by=screen, **{TYPED: PASSWORD})
    give(world, "facilitator", by=screen)
    assert roles_of(world) == {"facilitator"}


def test_an_open_screen_of_the_keeper_sets_nobodys_password_and_carries_none_along(world):
    screen, plain = left_open(world), world.inside["auth_user"]
    address = reverse("admin:auth_user_password_change", args=[plain.pk])
    form = {"password1": "sandi-baru-panjang", "password2": "sandi-baru-panjang", "usable_password": "true"}

    asked = screen.get(address).content.decode() + screen.post(address, form).content.decode()
    assert asked.count("<h1>Ketik kata sandi Anda sekali lagi</h1>") == 2
    assert "sandi-baru-panjang" not in asked
    assert not User.objects.get(pk=plain.pk).check_password("sandi-baru-panjang")

    assert screen.post(address, {TYPED: PASSWORD}).url == address
    assert screen.post(address, form).status_code == 302
    assert User.objects.get(pk=plain.pk).check_password("sandi-baru-panjang")


@pytest.mark.parametrize("way", ["add", "change", "delete", "table"])
def test_an_open_screen_of_the_keeper_moves_nobody_to_another_area(way, world):
    area = StaffArea.objects.first()
    args = [area.pk] if way in ("change", "delete") else []
    address = reverse(f"admin:recipients_staffarea_{way}", args=args)
    village = world.outside["recipients_region"].pk

    asked = left_open(world).post(
        address, {"user": area.user_id, "region": village, "post": "yes", "langkah": "terapkan"}
    )

    assert "Ketik kata sandi Anda sekali lagi" in asked.content.decode()
    assert StaffArea.objects.get(pk=area.pk).region_id == area.region_id


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
