"""What `make demo` fills the portal with, the first time: a synthetic district brought there by the real pipeline.

Two releases through the import, the lists beside them, an objection and a family code; each through our own commands
beside the running workers. Everything is resumable: what an earlier, stopped demo began is carried on.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bansos import embedded
from bansos.supervisor import LOOK_EVERY_S, Supervisor

SEED = 52_03
RELEASES = (("2025-Q4", "2025-10-20"), ("2026-Q1", "2026-01-23"))
KEYED_BY, APPROVED_BY = "data.admin", "kepala.dinas"
WITH_QUOTA, PLACES_FREE = ("PKH", "SEMBAKO"), 10


class DemoError(RuntimeError):
    """The demo cannot go on; the message says why and what to do."""


def is_filled(data: Path) -> bool:
    """Everything was made and told, and the registry (perhaps a server of one's own) still has it."""
    return memory(data).exists() and all(_is_decided(label) for label, _ in RELEASES)


def fill(children: Supervisor, data: Path) -> dict[str, Any]:
    families = os.environ.get("DEMO_FAMILIES", "20000")
    district = data / "district"
    if not (district / "manifest.json").exists():
        words = [
            "--families",
            families,
            "--seed",
            str(SEED),
            "--releases",
            str(len(RELEASES)),
            "--out",
            str(district),
        ]
        with step(f"Kabupaten contoh: {families} keluarga"):
            _ask(children, data, "make_district", *words)
    for label, as_of in RELEASES:
        if not _is_decided(label):
            with step(f"Impor rilis {label} lewat antrean"):
                _import(children, data, label, as_of)
        with step(f"Daftar penerima, pembayaran, tanda {label}"):
            _import_lists(children, data, label)
    with step("Kuota, sanggahan, dan kode keluarga"):
        _set_quotas()
        objection = json.loads(_ask(children, data, "make_demo_objection"))
        code = json.loads(_ask(children, data, "make_family_code", "--any", "--json"))
    told = {**objection, **code, "families": families}
    _remember(data, told)
    return told


def _import(children: Supervisor, data: Path, label: str, as_of: str) -> None:
    if _finish_begun(children, label):
        return
    files = [str(data / "district" / label / name) for name in ("keluarga.csv", "anggota.csv")]
    dated = ["--release", label, "--as-of", as_of]
    people = ["--by", KEYED_BY, "--approve-by", APPROVED_BY]
    _ask(children, data, "import_release", *files, *dated, *people, "--queue", "--json")


def _import_lists(children: Supervisor, data: Path, label: str) -> None:
    """Idempotent: what an earlier, stopped demo began is carried on."""
    people = ["--by", KEYED_BY, "--approve-by", APPROVED_BY]
    _ask(
        children,
        data,
        "import_district_lists",
        str(data / "district"),
        "--release",
        label,
        *people,
        "--queue",
    )


def _set_quotas() -> None:
    """As many places as are taken and a few more: who waits stands in line, and the first of them are next."""
    from django.db import connection

    from recipients.enums import EnrolmentState, RegionLevel
    from recipients.models import Enrolment, Programme, Quota, Region

    district = Region.objects.get(level=RegionLevel.DISTRICT)
    for programme in Programme.objects.filter(code__in=WITH_QUOTA):
        on_it = Enrolment.objects.open().exclude(state=EnrolmentState.WAITLISTED).filter(programme=programme)
        Quota.objects.get_or_create(
            programme=programme,
            region=district,
            period=RELEASES[-1][0],
            defaults={"amount": on_it.count() + PLACES_FREE},
        )
    connection.close()


def _finish_begun(children: Supervisor, label: str) -> bool:
    """A delivery that an earlier, stopped demo left behind: approve it when it is checked, wait until it is decided."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from recipients import services
    from recipients.enums import BatchState
    from recipients.models import ImportBatch

    batch = ImportBatch.objects.filter(release_label=label).exclude(state=BatchState.REFUSED).first()
    while batch is not None and batch.state != BatchState.DECIDED:
        if batch.state == BatchState.PREVIEWED:
            approver = get_user_model().objects.get(username=APPROVED_BY)
            services.approve_import(batch=batch, by=approver, now=timezone.now())
        children.look_after()
        time.sleep(LOOK_EVERY_S)
        batch.refresh_from_db()
        if batch.state == BatchState.REFUSED:
            raise DemoError(f"Kiriman {label} ditolak: {batch.refusal}")
    return batch is not None


def _ask(children: Supervisor, data: Path, *words: str) -> str:
    """Run one of our commands beside the children; what it printed."""
    out = data / "logs" / "answer"
    if children.run("setup", manage(*words), out) != 0:
        raise DemoError(
            f"`{words[0]}` gagal. Bacalah {data / 'logs' / 'setup.log'} dan {data / 'logs' / 'worker.log'}"
        )
    return out.read_text()


def _is_decided(label: str) -> bool:
    from django.db import connection

    from recipients.enums import BatchState
    from recipients.models import ImportBatch

    decided = ImportBatch.objects.filter(release_label=label, state=BatchState.DECIDED).exists()
    connection.close()
    return decided


def memory(data: Path) -> Path:
    return data / "demo.json"


def _remember(data: Path, told: dict[str, Any]) -> None:
    fresh = data / ".demo.json"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(told))
    fresh.rename(memory(data))


def manage(*words: str) -> list[str]:
    return [sys.executable, str(embedded.BASE_DIR / "manage.py"), *words]


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"  {what:<48}", end="", flush=True)
    yield
    print(f"{time.monotonic() - started:6.1f} s", flush=True)
