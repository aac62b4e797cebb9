"""An open screen gives nobody else codes or whole NIKs: the password is asked for again after ten minutes."""

from __future__ import annotations

import re

import pytest

from bansos.common import password_again, sessions
from recipients.enums import Access
from recipients.models import AccessLog, FamilyCode
from tests.factories.staff import make_world

pytestmark = pytest.mark.django_db
PASSWORD = "sandi-contoh-panjang"
TYPED = f"{password_again.PREFIX}-password"
LONG_AGO = password_again.HOLDS_S + 1


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def desk(client, world):
    """A verifier who signed in eleven minutes ago."""
    clerk = world.users["office_verifier"]
    clerk.set_password(PASSWORD)
    clerk.save()
    client.force_login(clerk)
    session = client.session
    session[sessions.SIGNED_IN_AT] -= LONG_AGO
    session.save()
    return client


def printing(desk, world, **typed):
    url = f"/staf/objections/objection/surat/keluarga/{world.inside['recipients_family'].pk}/"
    return desk.post(url, {"bagian": "dua", **typed}, headers={"Referer": "http://testserver/staf/"})


def test_codes_are_made_only_after_the_password_was_typed_again(desk, world):
    asked = printing(desk, world).content.decode()
    wrong = printing(desk, world, **{TYPED: "bukan"}).content.decode()

    assert "Ketik kata sandi Anda sekali lagi" in asked
    assert "Kata sandi tidak cocok" in wrong
    assert not FamilyCode.objects.exists()

    right = printing(desk, world, **{TYPED: PASSWORD}).content.decode()

    assert "Lanjutkan yang tadi" in right
    assert PASSWORD not in right
    assert re.search(r'name="bagian" value="dua"', right)  # what was sent is sent again
    assert not FamilyCode.objects.exists()
    assert "Kode" in printing(desk, world).content.decode()
    assert FamilyCode.objects.count() == 1


def test_a_form_without_fields_is_sent_again_too(desk, world):
    """The button that prints letters carries nothing but its name; a look at its address would be refused."""
    url = f"/staf/objections/letter/{world.inside['objections_letter'].pk}/cetak-lagi/"

    right = desk.post(url, {TYPED: PASSWORD})

    assert right.status_code == 200
    assert "Lanjutkan yang tadi" in right.content.decode()


def test_ten_minutes_later_it_is_asked_again(desk, world):
    printing(desk, world, **{TYPED: PASSWORD})
    session = desk.session
    session[password_again.TYPED_AT] -= LONG_AGO
    session.save()

    assert "sekali lagi" in printing(desk, world).content.decode()


def test_guessing_ends_after_ten_tries(desk, world):
    for _try in range(password_again.MOST_TRIES):
        printing(desk, world, **{TYPED: "bukan"})

    assert "Terlalu banyak percobaan" in printing(desk, world, **{TYPED: PASSWORD}).content.decode()


@pytest.mark.parametrize("name", ["recipients_proposalpack", "objections_letter"])
def test_packs_and_letters_ask_too_and_log_nothing_before(desk, world, name):
    kept = world.inside[name]
    url = {
        "recipients_proposalpack": f"/staf/recipients/proposalpack/{kept.pk}/unduh/",
        "objections_letter": f"/staf/objections/letter/{kept.pk}/cetak-lagi/",
    }[name]

    answer = desk.post(url, {"reason": "diketik di SIKS-NG"})

    assert "sekali lagi" in answer.content.decode()
    assert not AccessLog.objects.filter(kind=Access.EXPORT).exists()


def test_a_way_back_leads_to_no_other_site(desk, world):
    url = f"/staf/objections/objection/surat/keluarga/{world.inside['recipients_family'].pk}/"

    answer = desk.post(url, {f"{password_again.PREFIX}-back": "https://contoh.example/"})

    assert "contoh.example" not in answer.content.decode()
