"""kill -9 of the process that does a stage, in the middle of it, with all written and nothing committed, and just after
its commit: whoever does the job next ends where an undisturbed run ends. Every stage of a delivery, of its second check
with a fix, of its undo and of a list."""

from __future__ import annotations

import io
import os
import signal
import time
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bansos.common import jobs
from bansos.common.models import Job
from recipients import services
from recipients.enums import BatchState, FileKind, FixKind, ListState
from recipients.importing import layouts
from recipients.models import ImportBatch
from recipients.services import lists
from tests.factories.registry import make_nik
from tests.journeys.digest import digest
from tests.recipients import list_files
from tests.recipients.deliveries import as_csv, family_row, member_row, people, upload

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
IS_LONG = os.environ.get("BANSOS_FAULTS") == "long"
FAMILIES = 2000 if IS_LONG else 12
MOMENTS = ("begun", "written", "committed")
STAGES = {
    *(f"imports.{stage} 1" for stage in ("validate", "preview", "apply", "publish")),
    *(f"imports.{stage} 2" for stage in ("validate", "preview", "undo")),  # with a fix
    *(f"lists.{stage}" for stage in ("recognise", "check", "apply")),
}


@pytest.fixture
def files(settings, tmp_path):
    """Two releases and a list; the second release has rows to be mended, people gone and people moved."""
    settings.UPLOAD_DIR = tmp_path
    settings.SPIKE_SHARE = 1.0
    families = [family_row(desil_nasional=str(n % 10 + 1)) for n in range(FAMILIES)]
    members = [member_row(row[layouts.CARD_NO], nomor_induk_kependudukan=make_nik(date(1980, 5, 12)))
               for row in families]  # fmt: skip
    later = [row | {"desil_nasional": str((n + n % 3) % 10 + 1)} for n, row in enumerate(families[1:])]
    later[0] |= {"jenis_lantai_terluas": "77"}
    list_rows = [
        {"NIK": row[layouts.NIK], "NAMA": row[layouts.MEMBER_NAME], "PROGRAM": "PKH"} for row in members[2:9]
    ]
    return {
        "first": (as_csv(families), as_csv(members)),
        "next": (as_csv([*later, family_row()]), as_csv(members[1:])),
        "list": list_files.as_csv(list_rows),
    }


@pytest.mark.parametrize("moment", MOMENTS if IS_LONG else MOMENTS[1:2])
def test_a_process_killed_at_any_stage_leaves_the_end_of_an_undisturbed_run(files, moment):
    live(files, Killer(""))
    undisturbed = digest()
    call_command("flush", interactive=False, verbosity=0)
    killer = Killer(moment)

    live(files, killer)

    assert killer.struck == STAGES
    assert digest() == undisturbed


def live(files, killer):
    call_command("load_regions", stdout=io.StringIO())
    call_command("load_rule_sets", stdout=io.StringIO())
    clerk, head = people()
    first = received(files["first"], "2025-Q4", date(2025, 10, 20), killer)
    publish(withheld(first, killer), killer)
    undone = withheld(mended(received(files["next"], "2026-Q1", date(2026, 1, 23), killer), killer), killer)
    services.ask_undo(batch=undone, by=clerk, reason="berkas yang salah", now=timezone.now())
    services.approve_undo(batch=undone, by=head, now=timezone.now())
    killer.lead(undone, BatchState.UNDONE)
    publish(
        withheld(mended(received(files["next"], "2026-Q1", date(2026, 1, 23), killer), killer), killer),
        killer,
    )
    take_list(files["list"], killer)


def received(pair, label, as_of, killer):
    batch = services.receive_file(
        family=upload("keluarga.csv", pair[0]), member=upload("anggota.csv", pair[1]), label=label, as_of=as_of,
        by=people()[0], today=as_of,
    )  # fmt: skip
    killer.lead(batch, BatchState.PREVIEWED)
    return batch


def mended(batch, killer):
    who = {"by": people()[0], "now": timezone.now()}
    services.fix_alike(
        batch=batch, file=FileKind.FAMILY, kind=FixKind.MAP, code="CODE_RANGE", column="jenis_lantai_terluas",
        written="77", value="3", reason="dicek ke desa", **who,
    )  # fmt: skip
    services.check_again(batch=batch, **who)
    killer.lead(batch, BatchState.PREVIEWED)
    return batch


def withheld(batch, killer):
    for guard in batch.guards.unanswered():
        services.answer_guard(guard=guard, by=people()[1], why="Dicek dengan surat", now=timezone.now())
    services.approve_import(
        batch=batch, by=people()[1], now=timezone.now(), withhold=True, accepts_missing=True
    )
    killer.lead(batch, BatchState.WITHHELD)
    return batch


def publish(batch, killer):
    services.publish_import(batch=batch, by=people()[1], now=timezone.now())
    killer.lead(batch, BatchState.APPLIED)


def take_list(data, killer):
    delivery = lists.receive_list(
        kind="RECIPIENTS", stored=upload("daftar.csv", data), source="Kemensos", as_of=list_files.AS_OF,
        by=people()[0], today=date(2026, 12, 31),
    )  # fmt: skip
    killer.lead(delivery, ListState.MAPPING, ListState.PREVIEWED)
    if delivery.state == ListState.MAPPING:
        columns = {name: one.header for name, one in lists.suggestions(delivery).items()}
        lists.map_list(delivery=delivery, columns=columns, fixed=delivery.fixed, by=people()[0])
        killer.lead(delivery, ListState.PREVIEWED)
    lists.approve_list(delivery=delivery, by=people()[1], now=timezone.now(), accepts_gone=True)
    killer.lead(delivery, ListState.APPLIED)


class Killer:
    """Does the jobs of a delivery; the first process at each stage is killed at its moment."""

    def __init__(self, moment):
        self.moment, self.struck = moment, set()

    def lead(self, delivery, *goal):
        name = "batch" if isinstance(delivery, ImportBatch) else "list"
        while (delivery.refresh_from_db() or delivery.state) not in goal:
            assert not getattr(delivery, "refusal", ""), delivery.refusal
            job = Job.objects.filter(params__contains={name: delivery.pk}).unfinished().earliest("pk")
            stage = f"{job.kind} {delivery.round}" if name == "batch" else job.kind
            if self.moment and stage in STAGES and stage not in self.struck:
                self.struck.add(stage)
                kill_at(self.moment, job.pk)
            jobs.drain([job.pk], wait_s=600)


def kill_at(moment, job_id):
    """A process of its own begins the job, says when it has come so far, and is killed there."""
    told, tells = os.pipe()
    connection.close()
    process = os.fork()
    if not process:
        try:
            begin(moment, job_id, tells)
        finally:
            os._exit(1)
    os.close(tells)
    reached = os.read(told, 1)
    os.close(told)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    assert reached, f"job {job_id} ended before the moment {moment}"


def begin(moment, job_id, tells):
    def stand_still():
        os.write(tells, b"!")
        time.sleep(3600)

    jobs.LEASE, jobs.BEAT_S = timedelta(seconds=0.4), 0.1
    completing = jobs.Lease.completing

    @contextmanager
    def watched(lease):
        with completing(lease):
            if moment == "begun":
                stand_still()
            yield
            if moment == "written":
                stand_still()
        stand_still()

    jobs.Lease.completing = watched
    jobs.run(job_id)
