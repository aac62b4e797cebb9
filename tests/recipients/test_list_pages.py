"""A list in the browser: matched once, three clicks in the second month, and only by those whose work it is."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bansos.common import jobs
from recipients.enums import ListState
from recipients.models import AccessLog, Enrolment, ListDelivery, ListRow
from tests.factories.registry import make_nik
from tests.factories.staff import World, make_world
from tests.recipients.list_files import as_csv

pytestmark = pytest.mark.django_db(transaction=True)


class Clerk(Client):
    """A member of staff whose clicks are counted; jobs run between them, as the worker would."""

    def __init__(self, user):
        super().__init__()
        self.force_login(user)
        self.clicks = 0

    def press(self, name, *args, **values):
        self.clicks += 1
        answer = self.post(reverse(f"admin:recipients_{name}", args=args), values)
        jobs.work_until(lambda: not jobs.Job.objects.filter(kind__startswith="lists.").unfinished().exists())
        return answer


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def keyer(world):
    return Clerk(world.users["data_admin"])


@pytest.fixture
def head(world):
    return Clerk(world.users["office_head"])


def a_row(world, **more):
    return {"NIK": world.numbers["inside_nik"], "NAMA": "AMAQ DALAM", "STATUS": "aktif", **more}


def upload(clerk, rows, **more):
    file = SimpleUploadedFile("daftar.csv", as_csv(rows), content_type="text/csv")
    values = {"kind": "RECIPIENTS", "source": "Kemensos", "as_of": "2026-02-01", "programme": "PKH", **more}
    clerk.press("list_upload", file=file, **values)
    return ListDelivery.objects.first()


def approve(head, delivery):
    """As the page says: with what it was made of."""
    page = head.get(reverse("admin:recipients_listdelivery_change", args=[delivery.pk]))
    return head.press("list_approve", delivery.pk, seen=page.context["seen"])


def test_a_list_is_matched_once_and_the_second_month_takes_three_clicks(world, keyer, head):
    first = upload(keyer, [a_row(world)])
    assert first.state == ListState.MAPPING
    page = keyer.get(reverse("admin:recipients_list_map", args=[first.pk]))
    assert "520399******" in page.content.decode()
    assert world.numbers["inside_nik"] not in page.content.decode()
    keyer.press(
        "list_map", first.pk, kolom_nik="nik", kolom_name="nama", kolom_state="status", tetap_programme="PKH"
    )
    approve(head, first)
    keyer.clicks = head.clicks = 0

    second = upload(keyer, [a_row(world, STATUS="ditunda")], as_of="2026-03-01")
    seen = head.get(reverse("admin:recipients_listdelivery_change", args=[second.pk]))
    head.clicks += 1  # opening it
    approve(head, second)

    second.refresh_from_db()
    assert "Setujui dan terapkan" in seen.content.decode()
    assert (second.state, keyer.clicks + head.clicks) == (ListState.APPLIED, 3)
    assert Enrolment.objects.get(family=world.inside["recipients_family"]).state == "SUSPENDED"


def test_a_required_column_is_asked_for_on_the_page(world, keyer):
    delivery = upload(keyer, [a_row(world)], programme="")

    answer = keyer.press("list_map", delivery.pk, kolom_nik="nik")

    assert "Isian ini wajib" in answer.content.decode()
    delivery.refresh_from_db()
    assert delivery.state == ListState.MAPPING


def test_one_column_serves_one_field(world, keyer):
    delivery = upload(keyer, [a_row(world)])

    answer = keyer.press("list_map", delivery.pk, kolom_nik="nik", kolom_card_no="nik", tetap_programme="PKH")

    assert "dipilih untuk dua isian" in answer.content.decode()


def with_a_lost_row(world, keyer):
    nik = make_nik(date(1970, 1, 1))
    delivery = upload(keyer, [a_row(world), {"NIK": nik, "NAMA": "=ORANG HILANG", "STATUS": "aktif"}])
    keyer.press(
        "list_map",
        delivery.pk,
        kolom_nik="nik",
        kolom_name="nama",
        kolom_state="status",
        tetap_programme="PKH",
    )
    delivery.refresh_from_db()
    return delivery, nik


def test_rows_that_were_not_used_are_downloaded_with_their_reason_and_logged(world, keyer):
    delivery, nik = with_a_lost_row(world, keyer)

    answer = keyer.press("list_remainder", delivery.pk, reason="dikirim balik ke desa")
    text = b"".join(answer.streaming_content).decode()

    assert f'"{nik}","\'=ORANG HILANG","aktif","tidak ada di data kami"' in text
    assert world.numbers["inside_nik"] not in text
    assert AccessLog.objects.filter(kind="EXPORT", rows=1, by=world.users["data_admin"]).count() == 1


def test_no_download_without_a_reason(world, keyer):
    delivery, _nik = with_a_lost_row(world, keyer)

    assert keyer.press("list_remainder", delivery.pk, reason="x").status_code == 302
    assert not AccessLog.objects.filter(kind="EXPORT").exists()


def test_a_row_that_found_nobody_stays_on_the_worklist_until_somebody_says_what_came_of_it(world, keyer):
    with_a_lost_row(world, keyer)
    row = ListRow.objects.get(code="NOT_FOUND", name__contains="HILANG")
    worklist = reverse("admin:recipients_listrow_changelist") + "?kerja=belum"
    assert "ORANG HILANG" in keyer.get(worklist).content.decode()
    assert (
        "Tandai selesai"
        in keyer.get(reverse("admin:recipients_listrow_change", args=[row.pk])).content.decode()
    )

    keyer.press("listrow_settle", row.pk, note="")
    row.refresh_from_db()
    assert row.settled_at is None
    keyer.press("listrow_settle", row.pk, note="NIK diperbaiki desa")

    row.refresh_from_db()
    assert (row.settled_by, row.settled_note) == (world.users["data_admin"], "NIK diperbaiki desa")
    assert "ORANG HILANG" not in keyer.get(worklist).content.decode()


def test_an_empty_file_is_refused_and_the_page_says_why(world, keyer):
    file = SimpleUploadedFile("kosong.csv", b"NIK,NAMA,STATUS\n", content_type="text/csv")
    keyer.press(
        "list_upload", file=file, kind="RECIPIENTS", source="Kemensos", as_of="2026-02-01", programme="PKH"
    )
    delivery = ListDelivery.objects.first()

    keyer.press("list_map", delivery.pk, kolom_nik="nik", tetap_programme="PKH")

    page = keyer.get(reverse("admin:recipients_listdelivery_change", args=[delivery.pk])).content.decode()
    assert "hanya berisi judul kolom" in page


def test_columns_matched_anew_after_the_page_was_opened_are_not_approved_unseen(world, keyer, head):
    columns = {"kolom_nik": "nik", "kolom_state": "status", "tetap_programme": "PKH"}
    delivery = upload(keyer, [a_row(world)])
    keyer.press("list_map", delivery.pk, **columns)
    page = head.get(reverse("admin:recipients_listdelivery_change", args=[delivery.pk]))

    keyer.press("list_map", delivery.pk, **columns, kolom_name="nama")
    head.press("list_approve", delivery.pk, seen=page.context["seen"])

    delivery.refresh_from_db()
    assert delivery.state == ListState.PREVIEWED, delivery.refusal
    approve(head, delivery)
    delivery.refresh_from_db()
    assert delivery.state == ListState.APPLIED


def test_an_applied_list_has_a_receipt_that_carries_its_own_hash(world, keyer, head):
    bad = a_row(world, NIK="123", NAMA="INAQ LUAR")
    delivery = upload(keyer, [a_row(world), bad])
    keyer.press(
        "list_map",
        delivery.pk,
        kolom_nik="nik",
        kolom_name="nama",
        kolom_state="status",
        tetap_programme="PKH",
    )
    approve(head, delivery)
    address = reverse("admin:recipients_list_receipt", args=[delivery.pk])

    page = keyer.get(reverse("admin:recipients_listdelivery_change", args=[delivery.pk])).content.decode()
    table = b"".join(head.get(address, {"bentuk": "csv"}).streaming_content).decode("utf-8-sig")
    told = list(csv.reader(io.StringIO(table)))[1:]

    assert address in page
    values = dict(told)
    assert values["SHA-256 berkas"] == delivery.sha256
    assert values["baris dipakai"] == "1"
    assert values["diunggah"].startswith("data_admin")
    assert values["disetujui"].startswith("office_head")
    assert "1" in [count for name, count in told if name.startswith("belum terpakai: ")]
    digest = hashlib.sha256("".join(f"{name}={value}\n" for name, value in told[:-1]).encode()).hexdigest()
    assert told[-1][1] == digest
    assert head.get(address).content.startswith(b"%PDF")
