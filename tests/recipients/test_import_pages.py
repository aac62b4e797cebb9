"""The browser's way of an import, with CSRF protection on: the stock test client would skip what broke it."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bansos.common import jobs
from recipients import services
from recipients.enums import BatchState
from recipients.importing.issues import CODE_LABELS, MESSAGES
from recipients.models import CurrentRelease, ImportBatch
from recipients.roles import install_roles
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, family_row

pytestmark = pytest.mark.django_db(transaction=True)
UPLOAD = "admin:recipients_import_upload"


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    install_roles()
    make_village()


def log_in(role):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(role))
    return client


def send(client, url, token=True, **data):
    if token:
        client.get(reverse("admin:index"))
        page = (
            client.get(reverse(UPLOAD)) if "family" in data else client.get(reverse("admin:password_change"))
        )
        assert page.status_code in (200, 403)
        data["csrfmiddlewaretoken"] = client.cookies[settings.CSRF_COOKIE_NAME].value
    return client.post(url, data)


def form(data, name="keluarga.csv"):
    return {"label": "2026-Q1", "as_of": "2026-01-23", "family": SimpleUploadedFile(name, data)}


def kept():
    folder = Path(settings.UPLOAD_DIR)
    return len(list(folder.iterdir())) if folder.exists() else 0


def test_a_release_goes_from_upload_to_decided_by_two_people_in_the_browser():
    clerk, head = log_in("data_admin"), log_in("office_head")
    answer = send(clerk, reverse(UPLOAD), **form(as_csv([family_row() for _ in range(3)])))
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("admin:recipients_importbatch_change", args=[batch.pk])

    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.PREVIEWED, wait_s=30)
    page = head.get(answer.url).content.decode()
    assert "Setujui dan terapkan" in page
    assert "Setujui dan terapkan" not in clerk.get(answer.url).content.decode()
    send(head, reverse("admin:recipients_import_approve", args=[batch.pk]), seen=services.seen_as(batch))
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.WITHHELD, wait_s=30)
    assert CurrentRelease.get() is None
    assert "Terbitkan rilis ini" not in clerk.get(answer.url).content.decode()
    assert "Terbitkan rilis ini" in head.get(answer.url).content.decode()
    send(head, reverse("admin:recipients_import_publish", args=[batch.pk]))
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.APPLIED, wait_s=30)

    assert CurrentRelease.get().as_of == date(2026, 1, 23)
    assert kept() == 1


def test_a_release_is_taken_back_by_two_people_in_the_browser():
    clerk, head = log_in("data_admin"), log_in("office_head")
    answer = send(clerk, reverse(UPLOAD), **form(as_csv([family_row()])))
    batch = ImportBatch.objects.get()
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.PREVIEWED, wait_s=30)
    send(head, reverse("admin:recipients_import_approve", args=[batch.pk]), seen=services.seen_as(batch))
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.WITHHELD, wait_s=30)

    send(
        clerk,
        reverse("admin:recipients_import_ask_undo", args=[batch.pk]),
        reason="berkas kuartal yang salah",
    )
    assert "Setujui pembatalan" not in clerk.get(answer.url).content.decode()
    page = head.get(answer.url).content.decode()
    assert "1 keluarga baru dihapus lagi" in page
    assert "berkas kuartal yang salah" in page
    send(head, reverse("admin:recipients_import_undo", args=[batch.pk]))
    jobs.work_until(lambda: batch.refresh_from_db() or batch.state == BatchState.UNDONE, wait_s=30)

    page = clerk.get(answer.url).content.decode()
    assert "Dibatalkan, data seperti semula" in page
    assert "angka di bawah ini tidak berlaku" in page


def test_nothing_stays_behind_of_an_upload_that_does_not_count():
    data = as_csv([family_row()])
    clerk = log_in("data_admin")

    assert send(clerk, reverse(UPLOAD), token=False, **form(data)).status_code in (302, 403)
    assert send(clerk, reverse(UPLOAD), **(form(data) | {"label": "kuartal satu"})).status_code == 200
    assert send(log_in("assisted_agent"), reverse(UPLOAD), **form(data)).status_code == 403
    assert kept() == 0
    assert not ImportBatch.objects.exists()

    send(clerk, reverse(UPLOAD), **form(data), zz=SimpleUploadedFile("lain.csv", data))
    assert kept() == 1


def test_a_number_in_a_file_name_is_masked():
    send(log_in("data_admin"), reverse(UPLOAD), **form(as_csv([family_row()]), "5203991201809001.csv"))

    assert "5203991201809001" not in ImportBatch.objects.get().family_file_name


def test_the_same_file_again_is_refused_in_words_and_not_kept_twice():
    data = as_csv([family_row()])
    clerk = log_in("data_admin")
    send(clerk, reverse(UPLOAD), **form(data))

    again = send(clerk, reverse(UPLOAD), **form(data))

    assert "sudah dimuat" in again.content.decode()
    assert kept() == 1


def test_every_kind_of_refusal_has_a_message_and_a_short_name():
    assert set(CODE_LABELS) == set(MESSAGES)


def test_a_nul_in_an_address_is_a_bad_request():
    answer = log_in("office_head").get("/staf/recipients/importrow/?code=%00")

    assert answer.status_code == 400
