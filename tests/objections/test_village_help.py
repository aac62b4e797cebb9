"""Whom to turn to near home: one's own village, else the sub-district, else the office."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.urls import reverse

from objections.models import VillageHelp
from recipients.regions import load_regions
from tests.factories import registry
from tests.factories.staff import make_world
from tests.objections.steps import answer, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    return registry.make_village("Kesik", "Masbagik")


def help_of(region, name, **changed):
    return VillageHelp.objects.create(
        region=region, name=name, **{"role": "OPERATOR", "hours": "-", **changed}
    )


def names(region):
    return [each.name for each in VillageHelp.objects.nearest(region)]


def test_a_village_shows_its_own_helpers_else_those_of_its_sub_district_else_nobody(village):
    neighbour = registry.make_village("Danger", "Masbagik")
    help_of(registry.make_village("Sandu Baya", "Selong"), "lain")
    assert names(village) == []

    help_of(village.parent, "kecamatan")
    assert names(village) == names(neighbour) == ["kecamatan"]

    help_of(village, "kedua", place=2)
    help_of(village, "pertama", place=1)
    assert names(village) == ["pertama", "kedua"]
    assert names(neighbour) == ["kecamatan"]


def test_the_way_leads_by_links_from_the_district_to_a_telephone(client, village):
    help_of(village, "Amaq Contoh", office_phone="0376 000101")

    assert f'href="/bantuan/{village.parent.code}/"' in text_of(client.get("/bantuan/"))
    assert f'href="/bantuan/{village.code}/"' in text_of(client.get(f"/bantuan/{village.parent.code}/"))
    shown = text_of(client.get(f"/bantuan/{village.code}/"))
    assert "Petugas di Desa Kesik" in shown
    assert "Amaq Contoh" in shown
    assert 'href="tel:0376000101"' in shown


def test_a_village_without_a_helper_says_so_and_names_who_can(client, village):
    address = f"/bantuan/{village.code}/"
    assert "Dinas Sosial bisa membantu Anda" in text_of(client.get(address))

    help_of(village.parent, "Haji Contoh")

    shown = text_of(client.get(address))
    assert "Petugas kecamatan bisa membantu Anda" in shown
    assert "Haji Contoh" in shown


@pytest.mark.parametrize("code", ["52.03", "52.03.99", "x"])
def test_an_unknown_code_and_that_of_the_district_have_no_page(code, client, village):
    assert client.get(f"/bantuan/{code}/").status_code == 404


def test_who_has_no_phone_and_who_has_a_receipt_is_led_there(client, world):
    answer(client, upto="/sanggah/kabar/")
    without_phone = text_of(client.get("/sanggah/kabar/"))
    answer(client)
    client.post("/sanggah/periksa/")

    assert "/bantuan/#petugas" in without_phone
    assert "/bantuan/#petugas" in text_of(client.get("/sanggah/tanda-terima/"))


def test_the_office_keeps_the_list_itself_and_the_change_is_on_record(client):
    staff = make_world()
    client.force_login(staff.users["data_admin"])
    village = staff.outside["recipients_region"]
    typed = {"region": village.pk, "role": "VILLAGE", "name": "Lalu Contoh", "hours": "Senin", "place": 1}
    add = reverse("admin:objections_villagehelp_add")

    foreign = client.post(add, {**typed, "office_phone": "+62 376 21234"})
    client.post(add, {**typed, "office_phone": "0376-000201"})

    assert "Tulis nomor kantor dengan angka" in text_of(foreign)
    assert VillageHelp.objects.get(region=village).office_phone == "0376-000201"
    assert LogEntry.objects.filter(user=staff.users["data_admin"]).count() == 1
    assert f"{village.parent} › {village}" in text_of(client.get(add))


def test_the_demo_has_helpers_and_making_them_again_adds_none(settings):
    settings.IS_DEMO = True
    load_regions()

    call_command("load_demo_help")
    call_command("load_demo_help")

    assert VillageHelp.objects.count() == 5
