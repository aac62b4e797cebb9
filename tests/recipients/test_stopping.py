"""A person stops a delivery at any stage before it stands in the registry, whatever is being done with it."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job, JobState
from recipients import services
from recipients.enums import BatchState, ImportEventKind
from recipients.models import Family, ImportBatch, RegistryRelease
from recipients.roles import install_roles
from recipients.services import applying, checking
from tests.factories.registry import make_village
from tests.factories.staff import make_user
from tests.recipients.deliveries import as_csv, deliver, family_row, people, receive, upload

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path
    make_village()


def take_in():
    return services.receive_file(
        family=upload("keluarga.csv", as_csv([family_row(), family_row()])), member=None, label="2026-Q1",
        as_of=timezone.localdate(), by=people()[0], today=timezone.localdate(),
    )  # fmt: skip


def stop(batch):
    services.withdraw_import(batch=batch, by=people()[1], reason="berkas salah", now=timezone.now())


def stop_beside(batch):
    """From another connection, as a browser would while the worker is at it."""

    def work():
        try:
            stop(ImportBatch.objects.get(pk=batch.pk))
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()


def staging_tables(batch):
    """Of this delivery: other tests of the same database leave tables behind, which no transaction takes back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE %s", [f"staging_{batch.pk}_%"])
        return [name for (name,) in cursor.fetchall()]


def run_all():
    while due := list(Job.objects.claimable().values_list("pk", flat=True)):
        for pk in due:
            jobs.run(pk)


def approve(batch):
    services.approve_import(batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True)


@pytest.mark.parametrize(
    ("module", "step"), [(checking, "_stage"), (checking, "match_and_count"), (applying, "_write")]
)
def test_a_step_under_way_is_rolled_back_and_nothing_stays(module, step, monkeypatch):
    batch = take_in()
    if step == "_write":
        run_all()
        approve(batch)
    done = getattr(module, step)

    def then_stop(*args):
        told = done(*args)
        stop_beside(batch)
        return told

    monkeypatch.setattr(module, step, then_stop)
    run_all()

    batch.refresh_from_db()
    assert (batch.state, batch.refusal) == (BatchState.REFUSED, "berkas salah")
    assert staging_tables(batch) == []
    assert not RegistryRelease.objects.exists()
    assert not Family.objects.exists()
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    assert batch.events.filter(kind=ImportEventKind.WITHDRAWN).count() == 1


def test_reading_ends_at_its_next_report(monkeypatch):
    batch = take_in()
    lease = jobs.claim(services.job_of(batch).pk)

    lease.report(family=1)
    stop(batch)

    with pytest.raises(jobs.LeaseLost):
        lease.report(family=2)


def test_what_was_approved_and_not_begun_is_stopped_too():
    batch = receive(as_csv([family_row()]))
    approve(batch)

    stop(batch)
    run_all()

    batch.refresh_from_db()
    assert batch.state == BatchState.REFUSED
    assert staging_tables(batch) == []


def test_what_stands_in_the_registry_is_not_stopped():
    batch = deliver(as_csv([family_row()]))

    with pytest.raises(services.ImportRefused, match="Minta pembatalan"):
        stop(batch)


def test_the_page_stops_a_delivery_with_a_reason(client):
    install_roles()
    client.force_login(make_user("office_head"))
    batch = take_in()
    address = reverse("admin:recipients_import_withdraw", args=[batch.pk])
    own = reverse("admin:recipients_importbatch_change", args=[batch.pk])

    assert address in client.get(own).content.decode()
    assert "refresh" not in client.get(address).content.decode()
    client.post(address, {"reason": " "})
    batch.refresh_from_db()
    assert batch.state == BatchState.RECEIVED
    client.post(address, {"reason": "berkas salah"})

    batch.refresh_from_db()
    assert batch.state == BatchState.REFUSED
    page = client.get(own).content.decode()
    assert "berkas salah" in page
    assert address not in page
    assert "dibatalkan oleh dua orang" in client.get(address).content.decode()
