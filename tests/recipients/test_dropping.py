"""The watched folder: a delivery that lies still is taken once, sealed, and told; a refused one is set aside whole."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission, User

from bansos.common import jobs
from bansos.common.models import Job
from recipients import tasks  # noqa: F401 - declares who does the jobs
from recipients.models import ImportBatch
from recipients.services import dropping

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Asia/Makassar"))
NAME = "2026-Q1_2026-01-23"


@pytest.fixture
def drop(settings, tmp_path):
    settings.DROP_DIR, settings.DROP_USER = str(tmp_path / "masuk"), "data.admin"
    settings.UPLOAD_DIR = tmp_path / "uploads"
    (tmp_path / "masuk").mkdir()
    return tmp_path / "masuk"


@pytest.fixture(autouse=True)
def keeper(db):
    user = User.objects.create_user("data.admin")
    user.user_permissions.add(Permission.objects.get(codename="add_importbatch"))
    return user


def put(drop, name=NAME, *, age=timedelta(minutes=5), **files):
    folder = drop / name
    folder.mkdir()
    moment = (NOW - age).timestamp()
    for stem, text in (files or {"keluarga": "nomor_kartu_keluarga\n"}).items():
        (folder / f"{stem}.csv").write_text(text)
        os.utime(folder / f"{stem}.csv", (moment, moment))
    os.utime(folder, (moment, moment))
    return folder


def take():
    """One look and what its jobs do."""
    dropping.queue_dropped(now=NOW)
    for job in Job.objects.filter(kind=dropping.TAKE, state="READY"):
        jobs.run(job.pk)


def test_a_delivery_that_lies_still_is_received_and_its_plain_files_are_gone(drop, keeper):
    put(drop, keluarga="nomor_kartu_keluarga\n", anggota="nomor_kartu_keluarga\n")

    take()

    batch = ImportBatch.objects.get()
    assert (batch.release_label, batch.as_of.isoformat(), batch.received_by) == (
        "2026-Q1",
        "2026-01-23",
        keeper,
    )
    assert batch.member_sha256
    assert not (drop / NAME).exists()
    assert not list((drop / dropping.TAKEN).iterdir())
    assert f"Kiriman nomor {batch.pk}" in (drop / dropping.DONE / f"{NAME}.txt").read_text()


@pytest.mark.parametrize(
    ("name", "how"),
    [
        (NAME, {"age": timedelta(seconds=5)}),
        (NAME, {"anggota": "x"}),
        ("catatan", {}),
        ("2026-Q7_2026-01-23", {}),
    ],
)
def test_what_is_still_being_copied_or_is_no_delivery_is_left_alone(drop, name, how):
    folder = put(drop, name, **how)

    assert dropping.queue_dropped(now=NOW) == 0
    assert folder.exists()


def test_a_refused_delivery_is_set_aside_whole_with_the_reason(drop):
    put(drop, "2026-Q1_2026-02-31")

    take()

    (aside,) = (drop / dropping.REFUSED).iterdir()
    assert (aside / "keluarga.csv").exists()
    assert "tidak ada di kalender" in (aside / "ALASAN.txt").read_text()
    assert not ImportBatch.objects.exists()


def test_an_account_that_may_not_upload_takes_nothing_in(drop, keeper):
    keeper.user_permissions.clear()
    put(drop)

    take()

    assert not ImportBatch.objects.exists()
    assert (
        "tidak boleh mengunggah"
        in next((drop / dropping.REFUSED).iterdir()).joinpath("ALASAN.txt").read_text()
    )


def test_a_worker_killed_after_receiving_leaves_one_delivery_and_a_tidy_folder(drop, monkeypatch):
    put(drop)
    with monkeypatch.context() as killed:
        killed.setattr(dropping.shutil, "rmtree", lambda _path: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            take()
    assert list((drop / dropping.TAKEN).iterdir())

    Job.objects.all().delete()
    take()

    assert ImportBatch.objects.count() == 1
    assert not list((drop / dropping.TAKEN).iterdir())


def test_nothing_is_watched_unless_a_folder_is_named(settings):
    settings.DROP_DIR = ""

    assert dropping.queue_dropped(now=NOW) == 0


def test_what_cannot_be_a_delivery_is_told_beside_it_until_it_is_put_right(drop):
    wrong, empty = put(drop, "2026 triwulan 1"), put(drop, anggota="nomor_induk_kependudukan\n")
    (drop / "keluarga.csv").write_text("nomor_kartu_keluarga\n")
    put(drop, "2026-Q2_2026-04-20", age=timedelta(0), anggota="baru disalin")

    dropping.queue_dropped(now=NOW)

    notes = {path.name: path.read_text() for path in drop.glob("*.txt")}
    assert "2026-Q1_2026-01-23" in notes["2026 triwulan 1 BELUM DIAMBIL.txt"]
    assert "keluarga.csv" in notes[f"{NAME} BELUM DIAMBIL.txt"]
    assert not Job.objects.exists()
    (wrong / "keluarga.csv").unlink()
    wrong.rmdir()
    (empty / "keluarga.csv").write_text("nomor_kartu_keluarga\n")
    dropping.queue_dropped(now=NOW + timedelta(days=9999))
    assert {path.name for path in drop.glob("*.txt")} == {
        "keluarga.csv BELUM DIAMBIL.txt", "2026-Q2_2026-04-20 BELUM DIAMBIL.txt",
    }  # fmt: skip
    assert Job.objects.get().params == {"folder": NAME}
