"""Whether somebody is on a list: closed unless the office opened it, and then yes or no and nothing else."""

from __future__ import annotations

import re
import threading
import time
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from objections import services
from objections.enums import RuleName
from objections.models import OfficeRule
from objections.public import on_list
from recipients.models import Enrolment
from tests.objections.steps import IDENTITY, UNKNOWN_NIK, ask, text_of

pytestmark = pytest.mark.django_db


def settle(make_staff, value):
    writer = make_staff(f"penulis-{value}", "objections.add_officerule")
    second = make_staff(f"kedua-{value}", "objections.approve_officerule")
    rule = services.write_rule(
        name=RuleName.LIST_MEMBERSHIP, value=value, basis="Perbup 7/2026", by=writer, now=timezone.now()
    )
    assert Client().get("/daftar/").status_code == (404 if value else 200)  # written is not yet approved
    services.approve_version(version=rule, by=second, now=timezone.now())


@pytest.fixture
def listed(world):
    return Enrolment.objects.create(
        programme=world.pkh, family=world.family, state="ACTIVE", since=date(2025, 1, 1)
    )


def test_the_page_exists_only_while_the_office_has_it_open(client, world, make_staff):
    assert (client.get("/daftar/").status_code, client.post("/daftar/", IDENTITY).status_code) == (404, 404)
    assert "/daftar/" not in client.get("/").content.decode()

    settle(make_staff, 1)
    assert client.get("/daftar/").status_code == 200
    assert "/daftar/" in client.get("/").content.decode()

    settle(make_staff, 0)
    assert client.get("/daftar/").status_code == 404
    assert OfficeRule.objects.in_force(RuleName.LIST_MEMBERSHIP).says() == "ditutup"


def test_one_person_shuts_it_at_once_with_a_reason_and_two_are_needed_to_open_it_again(
    client, world, make_staff
):
    settle(make_staff, 1)
    clerk = make_staff("petugas", "objections.add_officerule", "objections.view_officerule")
    client.force_login(clerk)
    again = services.write_rule(
        name=RuleName.LIST_MEMBERSHIP, value=1, basis="Perbup 8/2026", by=clerk, now=timezone.now()
    )

    told = text_of(client.get("/staf/objections/officerule/"))
    without = text_of(client.post("/staf/objections/officerule/tutup/", {"alasan": " "}, follow=True))
    assert Client().get("/daftar/").status_code == 200
    client.post("/staf/objections/officerule/tutup/", {"alasan": "NIK satu desa tersebar."})

    assert "Satu orang boleh menutupnya sekarang juga" in told
    assert "Tulis alasan menutup" in without
    assert Client().get("/daftar/").status_code == 404
    shut = OfficeRule.objects.in_force(RuleName.LIST_MEMBERSHIP)
    assert (shut.basis, shut.written_by) == ("Ditutup segera: NIK satu desa tersebar.", clerk)
    again.refresh_from_db()
    assert again.state == "WITHDRAWN"  # a draft from before opens nothing afterwards
    with pytest.raises(IntegrityError, match="office_rule_approved_by_another"), transaction.atomic():
        OfficeRule.objects.create(
            name=RuleName.LIST_MEMBERSHIP, version=99, value=1, basis="x", state="APPROVED",
            written_by=clerk, settled_by=clerk, settled_at=timezone.now(),
        )  # fmt: skip


def test_who_may_neither_write_nor_approve_rules_cannot_shut_it(client, world, make_staff):
    settle(make_staff, 1)
    client.force_login(make_staff("auditor", "objections.view_officerule"))

    assert client.post("/staf/objections/officerule/tutup/", {"alasan": "x"}).status_code == 403
    assert Client().get("/daftar/").status_code == 200


def test_it_says_on_which_list_and_nothing_of_decile_reason_or_name(client, world, listed, make_staff):
    settle(make_staff, 1)
    answer = client.post("/daftar/", IDENTITY)
    said = re.sub(r"<[^>]+>", "", text_of(answer))

    assert f"{world.pkh.name}: terdaftar di daftar penerima" in said
    assert f"{world.pbi.name}: tidak kami temukan di daftar" in said
    assert "Daftar ini milik pusat. Ada di daftar belum berarti uang sudah cair." in said
    assert answer.headers["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "SAHRUN" not in page
    assert "esil" not in page
    assert IDENTITY["nik"] not in page


def test_unknown_unlisted_and_a_wrong_birth_date_get_the_same_page_by_the_same_work(
    client, world, listed, make_staff, django_assert_num_queries
):
    settle(make_staff, 1)
    wrong = {"nik": IDENTITY["nik"], "birth_date": "28 8 1975", "is_sure": "on"}
    asked = [{**IDENTITY, "nik": UNKNOWN_NIK}, wrong, IDENTITY]
    pages, counts = [], []
    for typed in asked:
        started = time.monotonic()
        with django_assert_num_queries(2):  # open? and the one look
            page = client.post("/daftar/", typed).content.decode()
        assert time.monotonic() - started >= on_list.LEAST_S
        pages.append(re.sub(r'value="\w{64}"', "", page))
        counts.append(page.count("<li>"))

    assert pages[0] == pages[1] != pages[2]
    assert len(set(counts)) == 1


def test_tries_are_few_per_nik_and_per_address_whatever_they_find(client, world, make_staff, monkeypatch):
    settle(make_staff, 1)
    monkeypatch.setattr(on_list, "LEAST_S", 0)
    unknown = {**IDENTITY, "nik": UNKNOWN_NIK}
    for typed in (IDENTITY, unknown):
        assert [client.post("/daftar/", typed).status_code for _ in range(4)] == [200, 200, 200, 302]

    other = {"nik": "5203994103800012", "birth_date": "1 3 1980"}
    monkeypatch.setattr(on_list, "MOST_PER_ADDRESS", 0)
    assert client.post("/daftar/", other).url.startswith("/tunggu/")


def test_it_takes_no_form_from_elsewhere_and_says_what_is_wrong_in_one(client, world, make_staff):
    settle(make_staff, 1)
    stranger = Client(enforce_csrf_checks=True)

    assert "terdaftar" not in stranger.post("/daftar/", IDENTITY).content.decode()
    assert "NIK harus 16 angka" in text_of(ask(client, "/daftar/", {"nik": "52", "birth_date": ""}))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_shut_it_at_once_the_second_is_told_that_it_is_shut(make_staff):
    settle(make_staff, 1)
    clerk, told = make_staff("petugas", "objections.add_officerule"), []

    def shut(reason):
        services.shut_list_check(reason=reason, by=clerk, now=timezone.now())

    def second():
        try:
            shut("Saya juga.")
        except services.MoveRefused as refused:
            told.append(str(refused))
        finally:
            connection.close()

    late = threading.Thread(target=second)
    with transaction.atomic():
        shut("NIK tersebar.")
        late.start()
        late.join(timeout=0.5)  # it waits for the first to be done
    late.join(timeout=20)

    assert told == ["Cek daftar penerima sudah tertutup."]
    assert OfficeRule.objects.filter(name=RuleName.LIST_MEMBERSHIP).count() == 2
