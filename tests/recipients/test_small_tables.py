"""Small tables go out and come in by django-import-export: neutralised, logged, seen before they are put in."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from objections.models import Holiday, VillageHelp
from recipients.models import AccessLog, Quota, Region, StaffArea, Tolerance
from recipients.models.tolerances import USUAL
from tests.factories.staff import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


class Table:
    """The page of one table, for one member of staff."""

    def __init__(self, world, role, model):
        self.client = Client()
        self.client.force_login(world.users[role])
        app = "objections" if model in ("holiday", "villagehelp") else "recipients"
        self.address = reverse(f"admin:{app}_{model}_table")

    def take_out(self):
        answer = self.client.post(self.address, {"langkah": "unduh"})
        return b"".join(answer.streaming_content).decode()

    def check(self, text):
        file = SimpleUploadedFile("tabel.csv", text.encode(), content_type="text/csv")
        return self.client.post(self.address, {"langkah": "periksa", "berkas": file})

    def put_in(self, checked):
        signed = re.search(r'name="isi" value="([^"]+)"', checked.content.decode())
        return self.client.post(self.address, {"langkah": "terapkan", "isi": signed[1] if signed else "x"})


def test_quotas_are_seen_before_they_are_put_in_and_the_change_is_on_record(world):
    village = world.inside["recipients_region"]
    page = Table(world, "data_admin", "quota")

    checked = page.check(f"program,kode_wilayah,tahap,jumlah\nPKH,{village.code},2026-Q3,120\n")
    assert "1 baru, 0 berubah" in checked.content.decode()
    assert not Quota.objects.filter(period="2026-Q3").exists()
    page.put_in(checked)
    page.put_in(page.check(f"program;kode_wilayah;tahap;jumlah\nPKH;{village.code};2026-Q3;130\n"))

    assert Quota.objects.get(period="2026-Q3").amount == 130
    notes = list(
        LogEntry.objects.filter(user=world.users["data_admin"]).values_list("change_message", flat=True)
    )
    assert set(notes) == {"1 baru, 0 berubah, 0 tetap", "0 baru, 1 berubah, 0 tetap"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("XYZ,52.03,2026-Q3,1", "XYZ belum dikenal"),
        ("PKH,99.99,2026-Q3,1", "99.99 belum dikenal"),
        ("PKH,52.03,2026-Q3,-5", "quota_not_negative"),
        ("PKH,52.03,2026-Q3,banyak", "banyak"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_put_in(world, row, message):
    checked = Table(world, "data_admin", "quota").check(f"program,kode_wilayah,tahap,jumlah\n{row}\n")

    text = checked.content.decode()
    assert 'name="isi"' not in text
    assert "Belum ada yang berubah" in text
    assert message in text
    assert not Quota.objects.filter(period="2026-Q3").exists()


def test_a_table_with_other_headers_is_refused(world):
    checked = Table(world, "data_admin", "quota").check("a,b\n1,2\n")

    assert "Kolom ini tidak ada" in checked.content.decode()


def test_regions_take_codes_and_aliases_but_no_new_region(world):
    village = world.inside["recipients_region"]
    page = Table(world, "data_admin", "region")

    page.put_in(
        page.check(f"kode,nama,kode_bps,nama_lain\n{village.code},LAIN,5203060001,Kesiq|Kesik Lama\n")
    )
    unknown = page.check("kode,nama,kode_bps,nama_lain\n52.03.99.2001,Baru,,\n")

    village = Region.objects.get(pk=village.pk)
    assert (village.name, village.bps_code, village.aliases) == (
        "Kesik",
        "5203060001",
        ["Kesiq", "Kesik Lama"],
    )
    assert "belum dikenal" in unknown.content.decode()


def test_areas_of_staff_come_in_by_login_and_code(world):
    village = world.outside["recipients_region"]
    page = Table(world, "system_admin", "staffarea")

    page.put_in(page.check(f"login,kode_wilayah\nfacilitator,{village.code}\n"))

    assert StaffArea.objects.filter(user=world.users["facilitator"], region=village).exists()


def test_days_off_come_in_as_a_table_and_a_wrong_cell_is_named(world):
    page = Table(world, "office_head", "holiday")

    page.put_in(
        page.check(
            "hari,nama,libur,dasar\n2026-03-20,Cuti Lebaran,ya,SKB 2026\n2026-12-24,Masuk,tidak,SE 1\n"
        )
    )
    wrong = page.check(
        "hari,nama,libur,dasar\n20/03/2026,X,ya,SKB\n2026-03-23,X,mungkin,SKB\n"
    ).content.decode()

    added = Holiday.objects.exclude(name="contoh").values_list("name", "is_off")
    assert dict(added) == {"Cuti Lebaran": True, "Masuk": False}
    assert "Kolom hari berisi 20/03/2026" in wrong
    assert "Kolom libur berisi mungkin" in wrong
    assert '"2026-03-20","Cuti Lebaran","ya","SKB 2026"' in page.take_out()
    assert Table(world, "office_verifier", "holiday").check("a,b\n1,2\n").status_code == 403


def test_helpers_come_in_by_village_and_go_out_neutralised(world):
    village, page = world.outside["recipients_region"], Table(world, "data_admin", "villagehelp")
    head, hours = "kode_wilayah,tugas,nama,jam,telepon_kantor,keterangan,urutan\n", "Senin-Jumat"

    page.put_in(page.check(f"{head}{village.code},operator desa,=Lalu Contoh,{hours},0376-000101,,1\n"))
    wrong = page.check(
        f"{head}{village.code},Tukang,X,{hours},,,1\n{village.code},Kantor desa,X,{hours},telepon,,1\n"
        f"52.03,Kantor desa,X,{hours},,,1\n"
    ).content.decode()

    added = VillageHelp.objects.get(region=village)
    assert (added.role, added.office_phone) == ("OPERATOR", "0376-000101")
    assert "Kolom tugas berisi Tukang. Tulis salah satu: Operator desa" in wrong
    assert "Tulis nomor kantor dengan angka" in wrong
    assert "bukan kabupaten" in wrong
    assert '"Operator desa","\'=Lalu Contoh"' in page.take_out()
    assert Table(world, "office_verifier", "villagehelp").check("a,b\n1,2\n").status_code == 403


def test_the_office_sets_its_tolerances_and_adds_none(world):
    page = Table(world, "office_head", "tolerance")

    page.put_in(page.check("kode,nilai,dasar\nMISSING_SHARE,8,Rapat 3 Februari 2026\n"))

    assert Tolerance.objects.in_force() == USUAL | {"MISSING_SHARE": 8}
    assert Tolerance.objects.count() == len(USUAL)
    assert "belum dikenal" in page.check("kode,nilai,dasar\nLAIN,8,Rapat\n").content.decode()
    assert "Isi angka 1 sampai 100" in page.check("kode,nilai,dasar\nNEW_SHARE,0,Rapat\n").content.decode()
    assert Table(world, "data_admin", "tolerance").check("a,b\n1,2\n").status_code == 403


def test_a_tolerance_is_changed_in_the_browser_with_its_history(world, client):
    client.force_login(world.users["office_head"])
    one = Tolerance.objects.get(code="MOVED_SHARE")

    client.post(
        reverse("admin:recipients_tolerance_change", args=[one.pk]),
        {"value": 30, "basis": "Rapat 3 Februari 2026"},
    )

    assert Tolerance.objects.in_force()["MOVED_SHARE"] == 30
    assert LogEntry.objects.filter(user=world.users["office_head"], object_id=one.pk).count() == 1


def test_what_goes_out_cannot_run_in_a_spreadsheet_and_is_logged(world):
    village = world.inside["recipients_region"]
    Region.objects.filter(pk=village.pk).update(aliases=["=cmd|' /C calc'!A0", "+Kesik"])

    text = Table(world, "data_admin", "region").take_out()

    assert "\"'=cmd|' /C calc'!A0|+Kesik\"" in text
    assert AccessLog.objects.filter(
        kind="EXPORT", by=world.users["data_admin"], rows=Region.objects.count()
    ).exists()


@pytest.mark.parametrize("model", ["quota", "region", "decileceiling"])
def test_who_may_look_does_not_put_in(world, model):
    page = Table(world, "auditor", model)

    assert page.client.get(page.address).status_code == 200
    assert page.check("a,b\n1,2\n").status_code == 403


def test_a_check_signed_for_one_table_opens_no_other(world):
    village = world.inside["recipients_region"]
    quotas, regions = (Table(world, "data_admin", model) for model in ("quota", "region"))
    checked = quotas.check(f"program,kode_wilayah,tahap,jumlah\nPKH,{village.code},2026-Q3,120\n")

    answer = regions.put_in(checked)

    assert "Unggah lagi berkasnya" in answer.content.decode()
