"""Before a delivery is approved it tells by name which families it would bring and which it no longer names."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from recipients.enums import Access, EnrolmentState
from recipients.importing import layouts
from recipients.models import AccessLog, Enrolment, Family, ImportBatch, Programme
from recipients.roles import install_roles
from recipients.services import newcomers
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, deliver, family_row, receive

pytestmark = pytest.mark.django_db
PAGE = "admin:recipients_import_families"


@pytest.fixture
def batch(client) -> ImportBatch:
    """One family stays, one is named no more, one is new; the office head is at the desk."""
    install_roles()
    make_village()
    client.force_login(make_user("office_head"))
    stays, goes, comes = (
        family_row() | {layouts.HEAD_NAME: name} for name in ("AMAQ", "INAQ LAMA", "=INAQ BARU")
    )
    deliver(as_csv([stays, goes]), label="2025-Q4", as_of=date(2025, 10, 20))
    return receive(as_csv([stays, comes]))


def listed(client, batch, which):
    return client.get(reverse(PAGE, args=[batch.pk]), {"yang": which}).content.decode()


def test_the_new_and_the_gone_are_listed_by_name(client, batch):
    programme = Programme.objects.create(
        code="PKH", name="Program Keluarga Harapan", unit="FAMILY", owner="pusat"
    )
    gone = Family.objects.get(snapshots__head_name="INAQ LAMA")
    Enrolment.objects.create(
        family=gone, programme=programme, state=EnrolmentState.ACTIVE, since=date(2025, 1, 1)
    )

    new, old = listed(client, batch, "baru"), listed(client, batch, "hilang")

    assert "INAQ BARU" in new
    assert "AMAQ" not in new
    assert "1 keluarga." in new
    assert "INAQ LAMA" in old
    assert "Program Keluarga Harapan" in old
    assert "AMAQ" not in old


def test_the_list_is_downloaded_with_a_reason_and_cannot_run_in_a_spreadsheet(client, batch):
    address = reverse("admin:recipients_import_families_export", args=[batch.pk])

    without = client.post(address, {"yang": "baru", "reason": ""})
    answer = client.post(address, {"yang": "baru", "reason": "dicek desa"})

    lines = b"".join(answer.streaming_content).decode().splitlines()
    log = AccessLog.objects.get()
    assert without.status_code == 302
    assert (log.kind, log.rows, log.reason) == (Access.EXPORT, 1, "dicek desa")
    assert len(lines) == 2
    assert '"\'=INAQ BARU"' in lines[1]


def test_only_the_villages_asked_for_are_told(batch):
    other = make_village("Pijot", "Keruak")

    assert newcomers.by_name(batch_id=batch.pk, comes_or_goes=newcomers.COMES, villages=[other.pk]) == []


def test_the_list_closes_when_the_delivery_no_longer_waits(client, batch):
    ImportBatch.objects.filter(pk=batch.pk).update(state="REFUSED")

    answer = client.get(reverse(PAGE, args=[batch.pk]), follow=True)

    assert "daftarnya tidak bisa dibuka lagi" in answer.content.decode()
