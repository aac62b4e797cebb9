"""`make bench`: what an import and a verification cost, as multiples of a floor measured in the same run.

The floor F is a plain COPY of the same family file into one table of text columns with its two indexes. P1 is the
first release, P2 the next with 12 % of deciles changed, P3 the next with 0.1 % of rows changed; each from the file
to the published release (`*_ratio`), and to the last decision (`*_decided_ratio`). Then the members come, and
bench_decisions.py adds what deciding costs, bench_screens.py how long a person waits for a look-up, bench_readers.py
what reading a workbook costs, bench_import.py large and bad deliveries. Sizes by FAMILIES; JSON=1 for one object.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bansos import bench_decisions, bench_import, bench_readers, bench_screens

CHANGED_LATER = 1000  # one row in so many differs in P3
FAMILIES = int(os.environ.get("FAMILIES", "100000"))


def main() -> None:
    workplace = Path(tempfile.mkdtemp(prefix="bansos-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansos.settings")
    if not os.environ.get("DATABASE_URL"):
        os.environ["BANSOS_DATA_DIR"] = str(workplace / "data")
    try:
        _prepare()
        figures = _measure(workplace)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    _print_table(figures)
    if os.environ.get("JSON"):
        sys.stdout.write(json.dumps(figures) + "\n")


def _prepare() -> None:
    from bansos import embedded

    embedded.use()
    import django

    django.setup()
    from bansos import prepare

    prepare.prepare()


def _measure(workplace: Path) -> dict[str, Any]:
    from recipients.synthetic.district import District

    District(families=FAMILIES, seed=11, releases=2, start="2025-Q4", changed=0.12).write(workplace, "csv")
    first, second = (workplace / label / "keluarga.csv" for label in ("2025-Q4", "2026-Q1"))
    third = _slightly_changed(second, workplace / "third.csv")
    figures: dict[str, Any] = {"families": FAMILIES}
    floors: list[float] = []
    day = date(2025, 10, 20)
    for name, file in (("first", first), ("next", second), ("same", third)):
        floor = sorted(_floor(file) for _repeat in range(3))[1]
        checked, applied, decided = _import(file, name, day)
        figures.setdefault("check_seconds_per_500k", round(500_000 * checked / FAMILIES, 1))
        floors.append(floor)
        figures[f"{name}_ratio"] = round(applied / floor, 2)
        figures[f"{name}_decided_ratio"] = round(decided / floor, 2)
        figures[f"{name}_decide_seconds"] = round(decided - applied, 2)
        day += timedelta(days=90)
    figures["floor_seconds"] = round(sorted(floors)[1], 3)
    figures |= _verify_all()
    _import(third, "members", day, member=second.with_name("anggota.csv"))
    figures |= bench_decisions.quiet_night(FAMILIES)
    figures |= bench_screens.measure(FAMILIES)
    figures |= bench_decisions.from_nothing(FAMILIES)
    figures |= bench_readers.measure(workplace / "xlsx")
    figures |= bench_import.measure(workplace)
    figures["peak_rss_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return figures


def _slightly_changed(source: Path, target: Path) -> Path:
    """The same file with another decile in one row of a thousand."""
    with source.open() as lines, target.open("w") as out:
        out.write(next(lines))
        for number, line in enumerate(lines):
            rest, _, decile = line.rstrip("\n").rpartition(",")
            if number % CHANGED_LATER == 0 and decile:
                line = f"{rest},{int(decile) % 10 + 1}\n"
            out.write(line)
    return target


def _floor(file: Path) -> float:
    """Seconds of a plain COPY into one table with its two indexes."""
    from django.db import connection

    with file.open() as lines, connection.cursor() as cursor:
        columns = lines.readline().strip().split(",")
        cursor.execute("DROP TABLE IF EXISTS bench_floor")
        cursor.execute(f"CREATE TABLE bench_floor ({', '.join(f'{name} text' for name in columns)})")
        cursor.execute("CREATE UNIQUE INDEX ON bench_floor (nomor_kartu_keluarga)")
        cursor.execute("CREATE INDEX ON bench_floor (kode_kelurahan_desa)")
        lines.seek(0)
        started = time.perf_counter()
        cursor.cursor.copy_expert("COPY bench_floor FROM STDIN WITH (FORMAT csv, HEADER)", lines)
        seconds = time.perf_counter() - started
        cursor.execute("DROP TABLE bench_floor")
    return seconds


def _import(file: Path, label: str, day: date, member: Path | None = None) -> tuple[float, float, float]:
    """Seconds from the file to the preview, to the published release, and to the last decision."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from bansos.common import jobs
    from recipients import services
    from recipients.enums import BatchState

    by, approver = (
        get_user_model().objects.get_or_create(username=name)[0] for name in ("bench.a", "bench.b")
    )
    started = time.perf_counter()
    stored, stored_member = (_store(one) if one else None for one in (file, member))
    assert stored is not None
    batch = services.receive_file(
        family=stored, member=stored_member, label=label, as_of=day, by=by, today=timezone.localdate()
    )

    def reaches(state: BatchState) -> float:
        def is_reached() -> bool:
            batch.refresh_from_db()
            return batch.state in (state, BatchState.DECIDED, BatchState.REFUSED)

        jobs.work_until(is_reached)
        if batch.state == BatchState.REFUSED:
            raise RuntimeError(batch.refusal)
        return time.perf_counter() - started

    checked = reaches(BatchState.PREVIEWED)
    services.approve_import(batch=batch, by=approver, now=timezone.now())
    return checked, reaches(BatchState.APPLIED), reaches(BatchState.DECIDED)


def _store(file: Path) -> Any:
    from recipients.importing import storage

    with file.open("rb") as data:
        return storage.store(file.name, storage.pieces_of(data))


def _verify_all() -> dict[str, Any]:
    """A quiet night: everyone is decided again and nothing is written."""
    from django.utils import timezone

    from eligibility import services
    from eligibility.models import Scope

    result = services.verify(scope=Scope.ALL, as_of=timezone.localdate(), reason="bench")
    return {
        "verify_seconds_per_100k": round(100_000 * result.seconds / max(result.subjects, 1), 3),
        "verify_subjects": result.subjects,
        "verify_written": result.written,
    }


def _print_table(figures: dict[str, Any]) -> None:
    rows = [
        ("families", figures["families"], ""),
        ("floor F, seconds", figures["floor_seconds"], "plain COPY, two indexes"),
        (
            "P1 first release / F",
            figures["first_ratio"],
            f"decided: {figures['first_decided_ratio']}   goal <= 5",
        ),
        (
            "P2 12 % changed / F",
            figures["next_ratio"],
            f"decided: {figures['next_decided_ratio']}   goal <= 2.5",
        ),
        (
            "P3 0.1 % changed / F",
            figures["same_ratio"],
            f"decided: {figures['same_decided_ratio']}   goal <= 1.2",
        ),
        (
            "verify all, s per 100k",
            figures["verify_seconds_per_100k"],
            f"{figures['verify_subjects']} subjects",
        ),
        ("written by that night", figures["verify_written"], "must be 0"),
        *bench_decisions.rows(figures),
        *bench_screens.rows(figures),
        (
            "xlsx rows / s",
            figures["xlsx_rows_per_second"],
            f"openpyxl: {figures['xlsx_openpyxl_rows_per_second']}   goal >= 10 x",
        ),
        (
            "xlsx speed / openpyxl",
            figures["xlsx_speedup"],
            f"every digit kept: {figures['xlsx_identifiers_exact']}   peak: {figures['xlsx_peak_mb']} MB",
        ),
        ("check of 500k rows, s", figures["check_seconds_per_500k"], _size_of_check(figures["families"])),
        *bench_import.rows(figures),
        ("peak memory, MB", figures["peak_rss_mb"], "this process, all stages"),
    ]
    for name, value, note in rows:
        sys.stdout.write(f"{name:<30}{value!s:>12}  {note}\n")


def _size_of_check(families: int) -> str:
    how = "measured" if families >= 500_000 else f"scaled from {families} rows; FAMILIES=500000 measures it"
    return f"from file to preview, {how}   goal <= 180"


if __name__ == "__main__":
    main()
