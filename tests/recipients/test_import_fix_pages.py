"""Mending refused rows in the browser: one kind a page, numbers masked, one reason a form, another person approves."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bansos.common import jobs
from recipients.enums import Access, BatchState
from recipients.importing import layouts
from recipients.models import AccessLog, ImportBatch, ImportFix
from recipients.roles import install_roles
from tests.factories.registry import make_card_no, make_village
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, family_row, receive

pytestmark = pytest.mark.django_db(transaction=True)
FLOOR = "jenis_lantai_terluas"
REASON = "dicek dengan kartu keluarga"


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    install_roles()
    make_village()


def log_in(role):
    client = Client()
    client.force_login(make_user(role))
    return client


def page(batch, code):
    return f"{reverse('admin:recipients_import_fix', args=[batch.pk])}?berkas=FAMILY&jenis={code}"


def send(client, batch, code, aksi, **data):
    address = reverse("admin:recipients_import_fix", args=[batch.pk])
    form = {"berkas": "FAMILY", "jenis": code, "aksi": aksi, "reason": REASON}
    return client.post(address, form | data, follow=True)


def worked(batch):
    def is_there():
        batch.refresh_from_db()
        return batch.state in (
            BatchState.PREVIEWED,
            BatchState.APPLIED,
            BatchState.DECIDED,
            BatchState.WITHHELD,
        )

    jobs.work_until(is_there, wait_s=60)


def test_a_clerk_mends_a_row_and_the_head_approves_what_was_looked_at():
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    clerk, head = log_in("data_admin"), log_in("office_head")
    approve, look = (
        reverse("admin:recipients_import_approve", args=[batch.pk]),
        reverse("admin:recipients_importbatch_change", args=[batch.pk]),
    )
    old = head.get(look).context["seen"]
    assert page(batch, "CODE_RANGE").split("?")[0] in clerk.get(look).content.decode()

    assert (
        "Perbaikan disimpan"
        in send(clerk, batch, "CODE_RANGE", "isi", **{f"isi:3:{FLOOR}": "3"}).content.decode()
    )
    assert "belum diperiksa ulang" in head.get(look).content.decode()
    clerk.post(reverse("admin:recipients_import_recheck", args=[batch.pk]))
    worked(batch)

    assert batch.counts["accepted"] == 2
    assert "berubah sesudah Anda" in head.post(approve, {"seen": old}, follow=True).content.decode()
    seen = head.get(look).context["seen"]
    assert REASON in head.get(look).content.decode()
    head.post(approve, {"seen": seen})
    worked(batch)
    assert batch.state == BatchState.WITHHELD


def test_numbers_are_masked_until_a_reason_is_given_and_the_look_is_logged():
    stray = make_card_no()[:15]
    batch = receive(as_csv([family_row(), family_row(**{layouts.CARD_NO: stray})]))
    clerk = log_in("data_admin")

    assert stray not in clerk.get(page(batch, "NUMBER_LENGTH")).content.decode()
    assert stray not in send(clerk, batch, "NUMBER_LENGTH", "lihat", reason="x").content.decode()
    assert not AccessLog.objects.filter(kind=Access.REVEAL).exists()
    answer = send(clerk, batch, "NUMBER_LENGTH", "lihat")

    assert stray in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert AccessLog.objects.get(kind=Access.REVEAL).rows == 1


def test_what_was_typed_stays_in_the_boxes_when_a_fix_is_refused():
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"}), family_row(**{FLOOR: "78"})]))

    answer = send(
        log_in("data_admin"), batch, "CODE_RANGE", "isi", **{f"isi:3:{FLOOR}": "3", f"isi:4:{FLOOR}": "99"}
    )

    assert "Baris 4" in answer.content.decode()
    assert 'value="3"' in answer.content.decode()
    assert not ImportFix.objects.exists()


@pytest.mark.parametrize(
    ("aksi", "more"),
    [
        ("sama", {"kolom": FLOOR, "tertulis": "77", "menjadi": "3"}),
        ("kosong", {"kolom": FLOOR}),
        ("catatan", {}),
    ],
)
def test_all_alike_are_mended_or_left_with_one_reason_and_the_fix_is_taken_back(aksi, more):
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    clerk = log_in("data_admin")

    assert REASON in send(clerk, batch, "CODE_RANGE", aksi, **more).content.decode()
    fix = ImportFix.objects.get()
    clerk.post(reverse("admin:recipients_import_unfix", args=[batch.pk]), {"perbaikan": fix.pk})

    fix.refresh_from_db()
    assert fix.withdrawn_by.username


def test_several_contents_are_replaced_with_one_reason_or_none_of_them_is():
    batch = receive(
        as_csv([family_row(), *(family_row(**{FLOOR: wrong}) for wrong in ("77", "77", "tanah"))])
    )
    clerk = log_in("data_admin")
    contents = {"kolom": [FLOOR, FLOOR], "tertulis": ["77", "tanah"]}

    refused = send(clerk, batch, "CODE_RANGE", "sama", menjadi=["3", "99"], **contents).content.decode()
    assert not ImportFix.objects.exists()
    assert 'value="3" selected' in refused
    assert (
        "paling sedikit satu"
        in send(clerk, batch, "CODE_RANGE", "sama", menjadi=["", ""], **contents).content.decode()
    )
    send(clerk, batch, "CODE_RANGE", "sama", menjadi=["3", "8"], **contents)

    assert list(ImportFix.objects.values_list("written", "value", "rows")) == [
        ("77", "3", 2),
        ("tanah", "8", 1),
    ]


@pytest.mark.parametrize("role", ["office_head", "auditor"])
def test_who_does_not_upload_looks_and_mends_nothing(role):
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    client = log_in(role)

    assert "Simpan perbaikan" not in client.get(page(batch, "CODE_RANGE")).content.decode()
    for aksi in ("isi", "sama", "lihat", "catatan"):
        assert send(client, batch, "CODE_RANGE", aksi, **{f"isi:3:{FLOOR}": "3"}).status_code == 403
    assert not ImportFix.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "999999", "9" * 30])
def test_a_fix_that_is_not_there_is_not_taken_back(number):
    batch = receive(as_csv([family_row()]))

    answer = log_in("data_admin").post(
        reverse("admin:recipients_import_unfix", args=[batch.pk]), {"perbaikan": number}, follow=True
    )

    assert "tidak ada" in answer.content.decode()


def test_a_page_holds_fifty_rows_and_stays_small():
    batch = receive(as_csv([family_row(), *(family_row(**{FLOOR: str(100 + n)}) for n in range(60))]))
    clerk = log_in("data_admin")

    first = clerk.get(page(batch, "CODE_RANGE"))
    second = clerk.get(page(batch, "CODE_RANGE") + "&hal=2")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 11 - 1)
    assert len(first.content) < 150_000


def test_odd_addresses_are_answered():
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    clerk = log_in("auditor")
    base = reverse("admin:recipients_import_fix", args=[batch.pk])

    for query in ("", "?jenis=X", "?jenis=CODE_RANGE&hal=abc", "?berkas=MEMBER", "?jenis=CODE_RANGE&hal=999"):
        assert clerk.get(base + query).status_code == 200
    assert clerk.get(reverse("admin:recipients_import_fix", args=[999])).status_code == 404
    assert ImportBatch.objects.count() == 1


def download(client, batch):
    answer = client.post(reverse("admin:recipients_import_refused", args=[batch.pk]), {"reason": REASON})
    return b"".join(answer.streaming_content)


def give_back(client, batch, data, **more):
    form = {"mended": SimpleUploadedFile("perbaikan.csv", data), "reason": REASON, **more}
    return client.post(reverse("admin:recipients_import_mended", args=[batch.pk]), form, follow=True)


def test_the_downloaded_rows_come_back_mended_and_only_refused_cells_are_taken(settings):
    right = make_card_no()
    rows = [
        family_row(),
        family_row(**{layouts.CARD_NO: right[:15], FLOOR: "77"}),
        family_row(**{FLOOR: "78"}),
    ]
    batch = receive(as_csv(rows))
    clerk = log_in("data_admin")
    data = download(clerk, batch).replace(f'"{right[:15]}"'.encode(), f'"{right}"'.encode())
    data = data.replace(b'"77"', b'"3"').replace(b"DUSUN MONTONG", b"DUSUN LAIN")
    kept = len(list(settings.UPLOAD_DIR.iterdir()))

    told = give_back(clerk, batch, data).content.decode()

    assert "1 baris diperbaiki" in told
    assert "2 isi lain yang berubah tidak dipakai" in told
    assert len(list(settings.UPLOAD_DIR.iterdir())) == kept
    clerk.post(reverse("admin:recipients_import_recheck", args=[batch.pk]))
    worked(batch)
    assert list(batch.refused_rows.values_list("line", "value")) == [(4, "78")]


def test_rows_of_another_delivery_do_not_come_back_here():
    batch = receive(as_csv([family_row(), family_row(**{FLOOR: "77"})]))
    clerk = log_in("data_admin")
    data = download(clerk, batch).replace(b'"77"', b'"3"')
    foreign = data.replace(batch.family_sha256[:15].encode(), b"0" * 15)
    shifted = data.replace(b'"1","3"', b'"1","x"')

    assert "bukan dari kiriman ini" in give_back(clerk, batch, foreign).content.decode()
    assert "lembar atau baris berubah" in give_back(clerk, batch, shifted).content.decode()
    assert "jangan hapus kolomnya" in give_back(clerk, batch, b"a,b\n1,2\n").content.decode()
    assert (
        "Tidak ada isi ditolak yang berubah"
        in give_back(clerk, batch, download(clerk, batch)).content.decode()
    )
    assert "Baris 3" in give_back(clerk, batch, data.replace(b'"3"', b'"1.2E+05"', 1)).content.decode()
    assert not ImportFix.objects.exists()
