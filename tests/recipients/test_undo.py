"""A release that is applied stands aside until it is published; taken back, everything is as it was."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from bansos.common import db, jobs
from eligibility import services as eligibility
from eligibility.models import EligibilityDecision, RunState, Scope
from recipients import services
from recipients.enums import BatchState, ImportEventKind
from recipients.importing import layouts
from recipients.models import (
    CurrentRelease,
    DecileChange,
    Family,
    ImportBatch,
    ImportEvent,
    RegistryRelease,
    WelfareSnapshot,
)
from tests.factories.registry import make_nik, make_village
from tests.recipients.deliveries import as_csv, deliver, family_row, member_row, people, receive

pytestmark = pytest.mark.django_db(transaction=True)

NEXT = {"label": "2026-Q2", "as_of": date(2026, 4, 20)}
# What says how the work went and not what holds: batches, their rows and log, jobs, runs and their shards.
OF_THE_WORK = (
    "common_", "django_", "auth_", "recipients_importbatch", "recipients_importrow", "recipients_importevent",
    "recipients_importguard",
    "eligibility_reverificationrun", "eligibility_shardresult",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _ready(settings, tmp_path):
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.SPIKE_SHARE = 1.0
    make_village()
    make_village("RUMBUK", "SAKRA")
    call_command("load_rule_sets", verbosity=0)


def facts() -> dict[str, list[str]]:
    """Every row of every table but those of the work."""
    names = [name for (name,) in db.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return {
        name: sorted(row for (row,) in db.fetch(f'SELECT t::text FROM "{name}" t'))
        for name in names
        if not name.startswith(OF_THE_WORK)
    }


def second_release():
    """What stands, and a delivery with everything in it: moved, dropped, new, another village, another spelling."""
    stays, moves, leaves, new, respelled = (family_row(desil_nasional=str(n)) for n in (2, 3, 4, 5, 2))
    cards = [row[layouts.CARD_NO] for row in (stays, moves, leaves, new, respelled)]
    members = [member_row(card) for card in cards]
    deliver(
        as_csv([stays, moves, leaves, respelled]), as_csv([members[0], members[1], members[2], members[4]])
    )
    finish()
    moved = moves | {"desil_nasional": "6", layouts.VILLAGE_NAME: "RUMBUK", layouts.SUBDISTRICT_NAME: "SAKRA"}
    families = [stays, moved, new, respelled | {layouts.HEAD_NAME: f" {respelled[layouts.HEAD_NAME]}"}]
    to_other = members[4] | {layouts.CARD_NO: cards[0]}
    again = members[1] | {"status_hubungan_keluarga": "2"}
    born = member_row(cards[0], **{layouts.NIK: make_nik(date(2020, 3, 4)), layouts.BIRTH_DATE: "2020-03-04"})
    return as_csv(families), as_csv([members[0], again, members[3], to_other, born])


def finish():
    """Do every job there is."""
    jobs.work_until(lambda: not jobs.Job.objects.unfinished().exists(), wait_s=60)


def withheld(family, member) -> ImportBatch:
    batch = receive(family, member, **NEXT)
    services.approve_import(
        batch=batch, by=people()[1], now=timezone.now(), accepts_missing=True, withhold=True
    )
    finish()
    batch.refresh_from_db()
    assert batch.state == BatchState.WITHHELD, batch.refusal
    return batch


def undo(batch):
    services.ask_undo(batch=batch, by=people()[0], reason="berkas kuartal yang salah", now=timezone.now())
    services.approve_undo(batch=batch, by=people()[1], now=timezone.now())
    finish()
    batch.refresh_from_db()


def decide_everyone():
    run = eligibility.queue_verify(scope=Scope.ALL, as_of=date(2026, 5, 1), reason="malam")
    finish()
    run.refresh_from_db()
    assert run.state == RunState.DONE


def test_undo_leaves_every_table_as_it_was():
    files = second_release()
    before = facts()

    batch = withheld(*files)
    while_withheld = facts()
    undo(batch)

    assert while_withheld != before
    assert len(before["eligibility_eligibilitydecision"]) > 0
    assert facts() == before
    assert batch.state == BatchState.UNDONE
    assert batch.release is None


def test_a_night_over_an_unpublished_release_reads_the_published_one_and_undo_still_restores():
    files = second_release()
    decide_everyone()
    before = facts()

    batch = withheld(*files)
    decide_everyone()
    decisions = facts()["eligibility_eligibilitydecision"]
    undo(batch)

    assert decisions == before["eligibility_eligibilitydecision"]
    assert facts() == before


def test_nobody_sees_an_unpublished_release():
    files = second_release()
    families, deciles = (
        Family.objects.count(),
        sorted(WelfareSnapshot.objects.standing().values_list("decile")),
    )
    auditor = people()[1]
    auditor.is_superuser = True
    auditor.save()

    withheld(*files)

    assert Family.objects.count() == families + 1
    assert Family.objects.visible_to(auditor).count() == families
    assert not DecileChange.objects.visible_to(auditor).exists()
    assert sorted(WelfareSnapshot.objects.standing().values_list("decile")) == deciles
    assert [str(release) for release in RegistryRelease.objects.published()] == ["2026-Q1"]


def test_publishing_ends_as_if_it_had_been_applied_at_once():
    files = second_release()
    batch = withheld(*files)

    services.publish_import(batch=batch, by=people()[1], now=timezone.now())
    finish()

    batch.refresh_from_db()
    assert batch.state == BatchState.DECIDED
    assert CurrentRelease.get() == batch.release
    assert Family.objects.filter(village__name="RUMBUK").count() == 1
    assert EligibilityDecision.objects.standing().filter(release=batch.release).exists()
    decide_everyone()
    assert batch.counts["decisions_written"] > 0


def test_the_same_file_comes_again_after_undo_and_ends_the_same():
    files = second_release()
    undo(withheld(*files))

    batch = deliver(*files, **NEXT)

    assert batch.release.label == "2026-Q2"


def test_what_is_published_is_not_undone():
    batch = deliver(*second_release(), **NEXT)

    with pytest.raises(services.ImportRefused, match="sudah terbit"):
        services.ask_undo(batch=batch, by=people()[0], reason="berkas yang salah", now=timezone.now())
    first = ImportBatch.objects.get(release_label="2026-Q1")
    with pytest.raises(services.ImportRefused, match="lebih baru"):
        services.ask_undo(batch=first, by=people()[0], reason="berkas yang salah", now=timezone.now())


def test_undo_takes_two_people_and_a_reason():
    batch = withheld(*second_release())
    uploader, approver = people()
    now = timezone.now()

    with pytest.raises(services.ImportRefused, match="10 huruf"):
        services.ask_undo(batch=batch, by=approver, reason="salah", now=now)
    services.ask_undo(batch=batch, by=approver, reason="berkas yang salah", now=now)
    with pytest.raises(services.ImportRefused, match="Orang lain"):
        services.approve_undo(batch=batch, by=approver, now=now)
    with pytest.raises(services.ImportRefused, match="sedang diminta"):
        services.publish_import(batch=batch, by=approver, now=now)
    services.drop_undo(batch=batch, by=uploader, now=now)
    services.publish_import(batch=batch, by=approver, now=now)

    kinds = list(batch.events.values_list("kind", flat=True))
    assert kinds == [
        ImportEventKind.APPROVED, ImportEventKind.UNDO_ASKED, ImportEventKind.UNDO_DROPPED, ImportEventKind.PUBLISHED,
    ]  # fmt: skip


def test_who_uploaded_does_not_publish():
    batch = withheld(*second_release())

    with pytest.raises(services.ImportRefused, match="unggah sendiri"):
        services.publish_import(batch=batch, by=people()[0], now=timezone.now())


def test_no_other_delivery_comes_while_one_stands_unpublished():
    withheld(*second_release())

    with pytest.raises(services.ImportRefused, match="belum terbit"):
        receive(as_csv([family_row()]), label="2026-Q3", as_of=date(2026, 7, 20))


@pytest.mark.parametrize(
    "table", ["family", "person", "welfaresnapshot", "familymembership", "decilechange", "registryrelease"]
)
def test_rows_of_a_published_release_are_never_deleted(table):
    deliver(*second_release(), **NEXT)

    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        db.run(f"DELETE FROM recipients_{table}")


def test_what_people_did_with_a_delivery_is_not_rewritten():
    deliver(as_csv([family_row()]))

    for statement in (
        "UPDATE recipients_importevent SET note = 'lain'",
        "DELETE FROM recipients_importevent",
    ):
        with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
            db.run(statement)
    assert ImportEvent.objects.exists()
