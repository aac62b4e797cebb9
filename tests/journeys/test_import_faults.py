"""kill -9 of the worker at random points of imports, an undo, a publication and a night run: the end is that of an
undisturbed run, and what was undone left nothing behind."""

from __future__ import annotations

import io
import json
import os
import random
import time
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from bansos.common.models import Job, JobState
from eligibility import services as eligibility
from eligibility.models import ReverificationRun, RunState, Scope
from recipients import services
from recipients.enums import BatchState
from recipients.importing import storage
from recipients.models import ImportBatch
from recipients.synthetic.district import District
from tests.journeys.digest import digest
from tests.processes import until

IS_LONG = os.environ.get("BANSOS_FAULTS") == "long"
FAMILIES, KILLS = (20_000, 20) if IS_LONG else (1_500, 4)

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory):
    folder = tmp_path_factory.mktemp("district")
    District(families=FAMILIES, seed=3, releases=2).write(folder, "csv")
    return [
        (release["release"], date.fromisoformat(release["as_of"]), folder / release["release"])
        for release in json.loads((folder / "manifest.json").read_text())["releases"]
    ]


def prepare():
    call_command("load_regions", stdout=io.StringIO())
    call_command("load_rule_sets", stdout=io.StringIO())


def receive(label, as_of, folder):
    create = get_user_model().objects.get_or_create
    stored = []
    for name in ("keluarga.csv", "anggota.csv"):
        with (folder / name).open("rb") as file:
            stored.append(storage.store(name, storage.pieces_of(file)))
    by = create(username="pengunggah")[0]
    return services.receive_file(
        family=stored[0], member=stored[1], label=label, as_of=as_of, by=by, today=as_of
    )


def state(batch):
    return ImportBatch.objects.values_list("state", flat=True).get(pk=batch.pk)


def approver():
    return get_user_model().objects.get_or_create(username="penyetuju")[0]


def withhold(delivery, wait):
    batch = receive(*delivery)
    wait(lambda: state(batch) == BatchState.PREVIEWED, f"the preview of {batch}")
    services.approve_import(batch=batch, by=approver(), now=timezone.now(), withhold=True)
    wait(lambda: state(batch) == BatchState.WITHHELD, f"the rows of {batch}")
    return batch


def follow(delivery, wait):
    batch = withhold(delivery, wait)
    services.publish_import(batch=batch, by=approver(), now=timezone.now())
    wait(lambda: state(batch) == BatchState.DECIDED, f"the decisions of {batch}")


def undo(delivery, wait):
    before = digest()
    batch = withhold(delivery, wait)
    services.ask_undo(batch=batch, by=batch.received_by, reason="berkas yang salah", now=timezone.now())
    services.approve_undo(batch=batch, by=approver(), now=timezone.now())
    wait(lambda: state(batch) == BatchState.UNDONE, f"the undo of {batch}")
    assert digest() == before


def night(wait):
    run = eligibility.queue_verify(scope=Scope.ALL, as_of=date(2031, 6, 1), reason="malam")
    wait(lambda: ReverificationRun.objects.get(pk=run.pk).state == RunState.DONE, "the night run")


@pytest.fixture
def unguarded(settings):
    """Five years pass in one night here, and many children turn seven."""
    settings.SPIKE_SHARE = 1.0


def test_kills_and_flushes_leave_the_same_end_as_an_undisturbed_run(unguarded, live_worker, deliveries):
    def patiently(holds, what):
        until(holds, what, seconds=600)

    prepare()
    for delivery in deliveries:
        follow(delivery, patiently)
    night(patiently)
    undisturbed = digest()
    call_command("flush", interactive=False, verbosity=0)
    prepare()

    storm = Storm(live_worker, random.Random(5))
    for delivery in deliveries:
        undo(delivery, storm.until)
        follow(delivery, storm.until)
    night(storm.until)
    while storm.kills < KILLS:  # more nights over the same day change nothing
        night(storm.until)

    assert not Job.objects.filter(state=JobState.DEAD).exists()
    assert digest() == undisturbed


class Storm:
    """Waits like `until`, and kills the worker or wipes the broker at random moments meanwhile."""

    def __init__(self, live, chance):
        self.live, self.chance, self.kills = live, chance, 0
        self.next_at = time.monotonic() + chance.uniform(0.1, 1.0)

    def until(self, holds, what):
        def strike():
            if self.kills < KILLS and time.monotonic() > self.next_at and self._is_working():
                self.live.worker.restart()
                self.live.broker.flushdb()
                self.kills += 1
                self.next_at = time.monotonic() + self.chance.uniform(0.5, 6.0)
            return holds()

        until(strike, what, seconds=1200)

    def _is_working(self):
        return Job.objects.filter(state=JobState.RUNNING).exists()
