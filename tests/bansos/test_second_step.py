"""The second factor: what a password alone opens, what a code opens, and what becomes of a lost phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP

from bansos import second_step
from bansos.common import account_notices, outbox, password_again, second_factor, sessions, vault
from bansos.common.models import Message, SecondFactor
from recipients.roles import install_roles
from tests.factories.staff import make_user

pytestmark = pytest.mark.django_db
HOME = reverse("admin:index")
ASK = reverse("admin:second_step")
SET_UP = reverse("admin:second_step_setup")


@pytest.fixture(autouse=True)
def _roles(db):
    install_roles()


@pytest.fixture
def clerk() -> User:
    user = make_user("data_admin")
    user.email = "petugas@example.go.id"
    user.save()
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def code_of(user: User, *, later_s: int = 0) -> str:
    factor = SecondFactor.objects.get(user=user)
    clock = TOTP(second_factor._secret(factor))
    clock.time = timezone.now().timestamp() + later_s
    return f"{clock.token():06d}"


def with_phone(user: User) -> User:
    """Somebody whose phone is in use since an hour."""
    second_factor.offer(user=user)
    SecondFactor.objects.filter(user=user).update(since=timezone.now() - timedelta(hours=1))
    return user


def has_phone(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exclude(since=None).exists()


def opens(client: Client, page: str = HOME) -> bool:
    return client.get(page).status_code == 200


def test_without_a_phone_a_password_opens_the_portal_only_where_no_second_factor_is_required(clerk, settings):
    client = signed_in(clerk)
    assert opens(client)

    settings.SECOND_FACTOR_REQUIRED = True

    assert client.get("/staf/recipients/family/").url == f"{SET_UP}?next=%2Fstaf%2Frecipients%2Ffamily%2F"
    assert client.get("/api/v1/releases/").status_code == 403
    assert client.post("/staf/recipients/family/cari/", {"nik": "-"}).url.startswith(SET_UP)


def test_a_phone_is_set_up_by_its_first_code(clerk, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    client = signed_in(clerk)
    before = client.session.session_key

    assert 'class="scan"' not in client.get(SET_UP).content.decode()
    assert not SecondFactor.objects.exists()
    client.post(SET_UP)
    page = client.get(SET_UP).content.decode()
    answer = client.post(f"{SET_UP}?next=/staf/recipients/family/", {"code": code_of(clerk)})

    assert 'class="scan"' in page
    assert "viewBox" in page.split('class="scan"')[1]  # else a narrow page cuts the picture
    assert second_factor.key_of(SecondFactor.objects.get()) in page
    assert answer.url == "/staf/recipients/family/"
    assert opens(client)
    assert client.session.session_key != before


def test_a_secret_that_somebody_with_the_password_was_shown_before_is_not_the_owners(clerk):
    thief, owner = signed_in(clerk), signed_in(clerk)
    thief.post(SET_UP)
    stolen = code_of(clerk)

    assert 'class="scan"' not in owner.get(SET_UP).content.decode()
    owner.post(SET_UP, {"code": stolen})
    assert not has_phone(clerk)

    owner.post(SET_UP)
    owner.post(SET_UP, {"code": code_of(clerk)})
    assert opens(owner)
    thief.post(ASK, {"code": stolen})
    assert not opens(thief)


def test_no_prefix_leads_past_the_second_step(clerk):
    client = signed_in(with_phone(clerk))

    assert client.get("/api/v1/releases/", PATH_INFO="/api/v1/releases/", SCRIPT_NAME="/x").status_code == 403


def test_a_code_of_a_phone_that_was_taken_away_meanwhile_opens_nothing(clerk):
    factor, code = SecondFactor.objects.get(user=with_phone(clerk)), code_of(clerk)
    SecondFactor.objects.all().delete()

    assert not second_factor.takes(factor, code, now=timezone.now())


def test_who_has_a_phone_is_asked_for_its_code_at_every_sign_in_and_by_every_page(clerk):
    client = signed_in(with_phone(clerk))

    assert client.get("/staf/recipients/family/").url.startswith(ASK)
    assert client.get(reverse("admin:password_change")).url.startswith(ASK)
    assert client.get("/api/v1/releases/").status_code == 403
    assert client.get(SET_UP).url == ASK
    assert client.post(SET_UP).url == ASK

    assert client.post(ASK, {"code": f" {code_of(clerk)[:3]} {code_of(clerk)[3:]}"}).url == HOME
    assert opens(client)
    assert not opens(signed_in(clerk))


def test_a_code_is_taken_once_and_only_around_its_time(clerk):
    factor = SecondFactor.objects.get(user=with_phone(clerk))
    now = timezone.now()
    code = code_of(clerk)

    assert not second_factor.takes(factor, code, now=now + timedelta(minutes=2))
    assert not second_factor.takes(factor, code, now=now - timedelta(minutes=2))
    assert second_factor.takes(factor, code, now=now)
    assert not second_factor.takes(factor, code, now=now)
    for wrong in ("", "12345", "1234567", "١٢٣٤٥٦", "12345x"):
        assert not second_factor.takes(factor, wrong, now=now)


def test_guessing_ends_after_ten_tries_even_with_the_right_code(clerk):
    client = signed_in(with_phone(clerk))
    for _try in range(second_step.MOST_TRIES):
        client.post(ASK, {"code": "000000"})

    client.post(ASK, {"code": code_of(clerk)})

    assert not opens(client)


def test_the_code_of_another_account_opens_nothing(clerk):
    colleague = with_phone(make_user("office_verifier"))
    client = signed_in(with_phone(clerk))

    client.post(ASK, {"code": code_of(colleague)})

    assert not opens(client)


def test_a_secret_copied_into_another_row_does_not_open(clerk):
    colleague = with_phone(make_user("office_verifier"))
    with_phone(clerk)
    SecondFactor.objects.filter(user=clerk).update(sealed=colleague.second_factor.sealed)

    with pytest.raises(vault.VaultError):
        second_factor.key_of(SecondFactor.objects.get(user=clerk))


def test_the_secret_stands_nowhere_in_the_open(clerk):
    with_phone(clerk)
    secret = second_factor._secret(SecondFactor.objects.get(user=clerk))

    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM common_secondfactor")
        (sealed,) = cursor.fetchone()

    assert secret not in bytes(sealed)


def test_the_owner_changes_phones_with_a_code_of_the_old_one(clerk):
    client = signed_in(with_phone(clerk))
    client.post(ASK, {"code": code_of(clerk)})

    client.post(SET_UP, {"code": "000000"})
    assert has_phone(clerk)
    client.post(SET_UP, {"code": code_of(clerk, later_s=30)})

    assert not has_phone(clerk)
    assert not Message.objects.exists()


def test_the_keeper_of_accounts_takes_a_lost_phone_away_and_its_sessions_end_and_the_owner_hears_of_it(
    clerk, settings
):
    settings.SECOND_FACTOR_REQUIRED = True
    client = signed_in(with_phone(clerk))
    client.post(ASK, {"code": code_of(clerk)})
    keeper = with_phone(make_user("system_admin"))
    keepers = signed_in(keeper)
    keepers.post(ASK, {"code": code_of(keeper)})
    page = reverse("admin:auth_user_second_factor", args=[clerk.pk])

    assert opens(client)
    assert opens(keepers, page)
    assert opens(keepers, reverse("admin:auth_user_change", args=[clerk.pk]))
    keepers.post(page)

    assert client.get(HOME).url.startswith(SET_UP)
    assert "langkah kedua dihapus" in LogEntry.objects.get().change_message
    told = Message.objects.get()
    assert told.user == clerk
    assert keeper.username in account_notices.forgotten_text(told.values).body


def test_the_keeper_of_accounts_does_not_silence_the_owner_by_another_address_first(clerk):
    """Whoever takes a phone away gets into the account; the old address hears of both steps."""
    keeper, old = make_user("system_admin"), clerk.email
    page = reverse("admin:auth_user_change", args=[with_phone(clerk).pk])
    areas = {"areas-TOTAL_FORMS": 0, "areas-INITIAL_FORMS": 0}
    roles = [group.pk for group in clerk.groups.all()]

    told = {"username": clerk.username, "email": "lain@example.go.id", "groups": roles}
    assert signed_in(keeper).post(page, {**told, "is_active": 1, "is_staff": 1, **areas}).status_code == 302

    message = Message.objects.get()
    assert outbox._address_of(message) == old
    assert keeper.username in account_notices.other_mail_text(message.values).body


def test_the_owner_hears_of_a_password_that_the_keeper_set(clerk):
    keeper = make_user("system_admin")
    form = {"password1": "sandi-baru-panjang", "password2": "sandi-baru-panjang", "usable_password": "true"}

    signed_in(keeper).post(reverse("admin:auth_user_password_change", args=[clerk.pk]), form)

    message = Message.objects.get()
    assert outbox._address_of(message) == clerk.email
    assert keeper.username in outbox._parcel(message).body


def test_word_of_a_lost_phone_goes_where_the_address_led_at_that_time(clerk):
    old = with_phone(clerk).email
    second_factor.forget(user=clerk, by=make_user("system_admin"), now=timezone.now())
    User.objects.filter(pk=clerk.pk).update(email="lain@example.go.id", is_active=False)

    assert outbox._address_of(Message.objects.select_related("user").get()) == old


def test_an_open_screen_of_the_keeper_takes_nobodys_phone_away(clerk):
    with_phone(clerk)
    keepers = signed_in(make_user("system_admin"))
    session = keepers.session
    session[sessions.SIGNED_IN_AT] -= password_again.HOLDS_S + 1
    session.save()

    answer = keepers.post(reverse("admin:auth_user_second_factor", args=[clerk.pk]))

    assert "Ketik kata sandi Anda sekali lagi" in answer.content.decode()
    assert has_phone(clerk)


def test_on_the_server_a_phone_is_taken_off_by_a_command(clerk):
    with_phone(clerk)

    call_command("forget_second_factor", clerk.username)

    assert not has_phone(clerk)
    with pytest.raises(CommandError, match="no phone"):
        call_command("forget_second_factor", clerk.username)
    with pytest.raises(CommandError, match="nobody"):
        call_command("forget_second_factor", "nobody")


def test_nobody_takes_the_own_phone_away_by_the_keepers_page():
    keeper = with_phone(make_user("system_admin"))
    client = signed_in(keeper)
    client.post(ASK, {"code": code_of(keeper)})

    assert client.post(reverse("admin:auth_user_second_factor", args=[keeper.pk])).status_code == 403


def test_the_way_on_leads_nowhere_else(clerk):
    client = signed_in(with_phone(clerk))

    answer = client.post(f"{ASK}?next=https://jahat.example/", {"code": code_of(clerk)})

    assert answer.url == HOME
