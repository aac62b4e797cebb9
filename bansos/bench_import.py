"""The part of `make bench` about deliveries that are large or bad: memory of a check, and the page of a check.

A check is run in a process of its own, as a worker runs it, and tells the most memory that it ever held. It must not
grow with the file: a tenth of the rows goes first. ROWS sets the size (ROWS=2000000 takes some minutes and 2 GB of
disk). The page is that of a delivery with REFUSED refused rows, read as the office head.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

ROWS = int(os.environ.get("ROWS", "100000"))
REFUSED = int(os.environ.get("REFUSED", "100000"))
BASE = 5000  # families that every large file repeats under other numbers
FAULTS = (("jenis_lantai_terluas", "77"), ("desil_nasional", "11"), ("jenis_atap_terluas", "seng"),
          ("kelurahan_desa", "TIDAK ADA"), ("nama_anggota_keluarga", ""))  # fmt: skip


def measure(workplace: Path) -> dict[str, Any]:
    base = _base(workplace)
    small = _check(_repeated(base, workplace / "small.csv", ROWS // 10), "small")
    large = _check(_repeated(base, workplace / "large.csv", ROWS), "large")
    bad = _check(_repeated(base, workplace / "bad.csv", REFUSED + 1, is_bad=True), "bad")
    return {
        "large_rows": ROWS,
        "large_check_seconds": large["seconds"],
        "large_peak_mb": large["peak_mb"],
        "small_peak_mb": small["peak_mb"],
        "refused_rows": REFUSED,
        "refused_check_seconds": bad["seconds"],
        **_page(bad["batch"]),
    }


def rows(figures: dict[str, Any]) -> list[tuple[str, Any, str]]:
    size = figures["large_rows"]
    flat = f"{size} rows; {figures['small_peak_mb']} MB at {size // 10}: must not grow"
    return [
        ("peak memory of a check, MB", figures["large_peak_mb"], flat),
        ("check of those rows, s", figures["large_check_seconds"], "all new; ROWS=2000000 for a large file"),
        ("check of bad rows, s", figures["refused_check_seconds"], f"{figures['refused_rows']} refused"),
        (
            "page of that check, s",
            figures["page_seconds"],
            f"{figures['page_kb']} KB   goal <= 1 s, <= 150 KB",
        ),
        ("page of one kind of error, s", figures["kind_seconds"], f"{figures['kind_kb']} KB"),
    ]


def _base(workplace: Path) -> list[str]:
    from recipients.synthetic.district import District

    folder = workplace / "base"
    District(families=BASE, seed=13, releases=1, start="2025-Q4").write(folder, "csv")
    return (folder / "2025-Q4" / "keluarga.csv").read_text().splitlines()


def _repeated(base: list[str], target: Path, count: int, *, is_bad: bool = False) -> Path:
    """As many rows, each with a card number of its own; of the bad ones only the first is of use."""
    header = base[0].split(",")
    with target.open("w") as out:
        out.write(base[0] + "\n")
        for at, number in enumerate(islice(_numbers(), count)):
            cells = base[1 + at % (len(base) - 1)].split(",")
            cells[0] = number
            if is_bad and at:
                column, value = FAULTS[at % len(FAULTS)]
                cells[header.index(column)] = value
                if column == "kelurahan_desa":
                    cells[header.index("kode_kelurahan_desa")] = ""
            out.write(",".join(cells) + "\n")
    return target


def _numbers() -> Iterator[str]:
    return (
        f"520399{day:02}{month:02}{year:02}{serial:04}"
        for year in range(10, 25)
        for month in range(1, 13)
        for day in range(1, 29)
        for serial in range(1, 1000)
    )


def _check(file: Path, label: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bansos.bench_import", str(file), label],
        check=True, stdout=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    file.unlink()
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _check_here(file: Path, label: str) -> None:
    """In the process of its own: from the sealed file to the preview."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansos.settings")
    import django

    django.setup()
    from django.contrib.auth import get_user_model

    from bansos.common import jobs
    from recipients import services
    from recipients.enums import BatchState
    from recipients.importing import storage

    with file.open("rb") as data:
        stored = storage.store(file.name, storage.pieces_of(data))
    by = get_user_model().objects.get_or_create(username="bench.a")[0]
    day = date(2099, 1, 1)
    batch = services.receive_file(family=stored, member=None, label=label, as_of=day, by=by, today=day)
    started = time.perf_counter()

    def is_checked() -> bool:
        batch.refresh_from_db()
        return batch.state in (BatchState.PREVIEWED, BatchState.REFUSED)

    jobs.work_until(is_checked)
    if batch.state == BatchState.REFUSED:
        raise RuntimeError(batch.refusal)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds = time.perf_counter() - started
    sys.stdout.write(
        json.dumps({"batch": batch.pk, "seconds": round(seconds, 1), "peak_mb": round(peak)}) + "\n"
    )


def _page(batch: int) -> dict[str, Any]:
    """The delivery's page, and the page of its most frequent error."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    head = get_user_model().objects.get_or_create(username="bench.head", is_staff=True, is_superuser=True)[0]
    client = Client(headers={"host": next(iter(settings.ALLOWED_HOSTS), "localhost")})
    client.force_login(head)
    whole = _read(client, reverse("admin:recipients_importbatch_change", args=[batch]))
    kind = _read(client, reverse("admin:recipients_import_fix", args=[batch]) + "?berkas=FAMILY")
    return {
        "page_seconds": whole[0],
        "page_kb": whole[1],
        "kind_seconds": kind[0],
        "kind_kb": kind[1],
    }


def _read(client: Any, address: str) -> tuple[float, int]:
    """The median of five looks, and the weight before it is packed."""
    took = []
    for _look in range(5):
        started = time.perf_counter()
        answer = client.get(address, secure=True)
        took.append(time.perf_counter() - started)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
    return round(sorted(took)[2], 2), round(len(answer.content) / 1000)


if __name__ == "__main__":
    _check_here(Path(sys.argv[1]), sys.argv[2])
