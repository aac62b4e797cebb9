"""Guessing at a password ends after ten tries, for the guesser and not for the owner."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from bansos.login import MOST_PER_ADDRESS, MOST_PER_NAME, MOST_TRIES

pytestmark = pytest.mark.django_db
PASSWORD = "sandi-contoh-panjang"
TOO_MANY = "Terlalu banyak percobaan"


@pytest.fixture
def owner() -> User:
    return User.objects.create_user("petugas", password=PASSWORD, is_staff=True)


@pytest.fixture
def address() -> str:
    return fresh_network()


def fresh_network() -> str:
    return f"2001:db8:{uuid4().hex[:4]}:{uuid4().hex[:4]}::7"


def try_in(owner: User, password: str, address: str) -> str:
    answer = Client(REMOTE_ADDR=address).post(
        reverse("admin:login"), {"username": owner.username, "password": password, "next": "/staf/"}
    )
    return "in" if answer.status_code == 302 else answer.content.decode()


def test_ten_wrong_tries_close_the_door_to_that_address_even_for_the_right_password(owner, address):
    for _ in range(MOST_TRIES):
        assert "tidak cocok" in try_in(owner, "salah", address)

    assert TOO_MANY in try_in(owner, "salah", address)
    assert TOO_MANY in try_in(owner, PASSWORD, address)


def test_the_owner_still_comes_in_from_another_network(owner, address):
    for _ in range(MOST_TRIES + 1):
        try_in(owner, "salah", address)

    assert try_in(owner, PASSWORD, fresh_network()) == "in"


def test_right_passwords_use_up_no_tries(owner, address):
    assert {try_in(owner, PASSWORD, address) for _ in range(MOST_TRIES + 2)} == {"in"}


def test_capital_letters_in_the_name_do_not_open_a_second_count(owner, address):
    for _ in range(MOST_TRIES):
        try_in(owner, "salah", address)
    owner.username = owner.username.upper()

    assert TOO_MANY in try_in(owner, "salah", address)


def test_one_wrong_try_at_each_of_many_names_closes_the_door_to_that_address(owner, address):
    for number in range(MOST_PER_ADDRESS):
        assert "tidak cocok" in try_in(User(username=f"{owner.username}-{number}"), "salah", address)

    assert TOO_MANY in try_in(User(username=f"{owner.username}-baru"), "salah", address)
    assert TOO_MANY in try_in(owner, PASSWORD, address)


def test_the_owner_comes_in_from_a_fresh_network_while_another_is_shut_out(owner, address):
    for number in range(MOST_PER_ADDRESS + 1):
        try_in(User(username=f"{owner.username}-{number}"), "salah", address)

    assert try_in(owner, PASSWORD, fresh_network()) == "in"


def test_guessing_at_one_name_from_many_networks_ends_too(owner):
    for _ in range(MOST_PER_NAME):
        assert "tidak cocok" in try_in(owner, "salah", fresh_network())

    assert TOO_MANY in try_in(owner, "salah", fresh_network())


def test_a_shut_door_says_the_same_of_names_that_exist_and_names_that_do_not(owner, address):
    nobody = User(username=f"{owner.username}-tidak-ada")
    for number in range(MOST_PER_ADDRESS):
        try_in(User(username=f"{owner.username}-{number}"), "salah", address)

    said = {try_in(user, PASSWORD, address).replace(user.username, "") for user in (owner, nobody)}

    assert all(TOO_MANY in text and "tidak cocok" not in text for text in said)


def test_the_old_password_cannot_be_guessed_at_an_open_screen(owner, client):
    client.force_login(owner)
    new = {"new_password1": "sandi-lain-yang-panjang", "new_password2": "sandi-lain-yang-panjang"}
    page = reverse("admin:password_change")

    for _ in range(MOST_TRIES):
        assert TOO_MANY not in client.post(page, {"old_password": "salah", **new}).content.decode()

    assert TOO_MANY in client.post(page, {"old_password": PASSWORD, **new}).content.decode()
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_a_password_is_changed_with_the_old_one(owner, client):
    client.force_login(owner)
    new = {"new_password1": "sandi-lain-yang-panjang", "new_password2": "sandi-lain-yang-panjang"}

    answer = client.post(reverse("admin:password_change"), {"old_password": PASSWORD, **new})

    assert answer["Location"] == reverse("admin:password_change_done")
    owner.refresh_from_db()
    assert owner.check_password(new["new_password1"])
