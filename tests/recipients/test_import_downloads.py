"""What is taken from a delivery: only the refused rows, with why, and the receipt."""

from __future__ import annotations

import csv
import hashlib
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from recipients import receipt_files, receipt_paper
from recipients.enums import Access, FileKind
from recipients.importing import layouts, mending
from recipients.models import AccessLog
from recipients.roles import install_roles
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, deliver, family_row, receive

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    install_roles()
    make_village()


def rows_with_faults():
    good, twice = family_row(), family_row()
    wrong = family_row(desil_nasional="11") | {layouts.HEAD_NAME: '=HYPERLINK("x")', layouts.CARD_NO: "12"}
    return [good, wrong, twice, twice | {layouts.HEAD_NAME: "LAIN"}]


def clerk():
    client = Client()
    client.force_login(make_user("data_admin"))
    return client


def take(client, batch, **data):
    return client.post(
        reverse("admin:recipients_import_refused", args=[batch.pk]), {"reason": "diperbaiki desa", **data}
    )


def table(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_only_the_refused_rows_come_back_in_their_own_columns_with_every_reason():
    rows = rows_with_faults()
    batch = receive(as_csv(rows))

    got = table(take(clerk(), batch))

    assert [row["baris"] for row in got] == ["3", "4", "5"]
    assert got[1][layouts.CARD_NO] == rows[2][layouts.CARD_NO]
    assert "tepat 16 angka" in got[0]["penjelasan"]
    assert "desil_nasional" in got[0]["penjelasan"]
    assert got[0][layouts.HEAD_NAME] == '\'=HYPERLINK("x")'


def test_the_download_can_be_mended_and_sent_again():
    rows = rows_with_faults()
    batch = receive(as_csv(rows))
    client = clerk()
    right = {layouts.HEAD_NAME: "AMAQ SAHRUN", "desil_nasional": "4"}
    got = table(take(client, batch))
    mended = [row | right | {layouts.CARD_NO: family_row()[layouts.CARD_NO]} for row in got]

    again = receive(as_csv(mended, headers=tuple(mended[0])), label="2026-Q2")

    assert again.counts["accepted"] == 3


def test_the_workbook_keeps_numbers_as_text_runs_nothing_and_comes_back_mended():
    rows = rows_with_faults()
    batch = receive(as_csv(rows))
    client = clerk()

    book = openpyxl.load_workbook(io.BytesIO(b"".join(take(client, batch, bentuk="xlsx").streaming_content)))
    sheet = book.active
    at = {cell.value: cell.column for cell in sheet[1]}
    number, name = (sheet.cell(2, at[column]) for column in (layouts.CARD_NO, layouts.HEAD_NAME))
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    assert (sheet.cell(3, at[layouts.CARD_NO]).value, number.number_format) == (rows[2][layouts.CARD_NO], "@")
    assert name.value == '\'=HYPERLINK("x")'

    right = family_row()[layouts.CARD_NO]
    number.value = right
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("perbaikan.xlsx", out.getvalue())
    said = {"mended": file, "file": "FAMILY", "reason": "menurut kartu keluarga"}
    client.post(reverse("admin:recipients_import_mended", args=[batch.pk]), said)

    fix = batch.fixes.get()
    assert (fix.rows, mending.opened(batch.pk, FileKind.FAMILY, fix.cells.get())) == (1, right)


def test_a_download_is_logged_with_its_reason_before_anything_is_shown():
    batch = receive(as_csv(rows_with_faults()))
    client = clerk()

    assert take(client, batch, reason="a").status_code == 302
    assert not AccessLog.objects.exists()
    take(client, batch)

    assert AccessLog.objects.get().kind == Access.EXPORT
    assert AccessLog.objects.get().rows == 3


def test_the_page_groups_errors_by_kind_with_count_and_example():
    batch = receive(as_csv([family_row(), *(family_row(desil_nasional="11") for _ in range(40))]))

    page = clerk().get(reverse("admin:recipients_importbatch_change", args=[batch.pk]))

    (group,) = page.context["refusals"]
    assert (group["rows"], group["example"].line) == (40, 3)
    assert len(page.content) < 150_000


def test_the_receipt_carries_a_sum_that_an_auditor_can_make_again():
    batch = deliver(as_csv(rows_with_faults()))
    batch.refresh_from_db()

    *told, (_name, digest) = receipt_paper.lines(receipt_files.parts(batch))

    assert digest == hashlib.sha256("".join(f"{name}={value}\n" for name, value in told).encode()).hexdigest()
    values = dict(told)
    assert values["SHA-256 berkas"] == batch.family_sha256
    assert "penyetuju" in values["disetujui untuk diterapkan"]
    assert (
        clerk().get(reverse("admin:recipients_import_receipt", args=[batch.pk])).content.startswith(b"%PDF")
    )
