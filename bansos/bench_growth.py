"""`make bench-growth`: whether a family costs the same among half a million, one million and five million families.

To import so many takes hours and is not the question. One registry of BASE families is made, imported and decided;
then whatever deciding reads is copied in SQL under other ids (the reasons stay shared, as they are), and at each of
SIZES three things are timed: everyone compared, which must write nothing, a quiet night that stands proven
(docs/decisions/0039), and the sub-districts of the last copy decided from nothing while the tables are full. JSON=1 for
one object.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

BASE = int(os.environ.get("BASE", "100000"))
SIZES = [int(size) for size in os.environ.get("SIZES", "500000,1000000,5000000").split(",")]
BYTES_A_FAMILY, BYTES_BESIDE = 5000, 6 * 10**9  # what a size needs on disk; WAL and sorting beside it

# Parents first. What deciding does not read (card numbers, NIKs, payouts, findings) is not copied.
COPIED = (
    "recipients.Region",
    "recipients.Family",
    "recipients.Person",
    "recipients.WelfareSnapshot",
    "recipients.FamilyMembership",
    "recipients.ExternalFlag",
    "recipients.Enrolment",
    "eligibility.EligibilityDecision",
    "eligibility.DecidedShard",
)
_BELOW_THE_DISTRICT = "level IN ('SUBDISTRICT', 'VILLAGE')"
_OTHERWISE = {
    "recipients_region": {
        "code": "overlay(code PLACING to_char(%(copy)s, 'FM00') || '.99' FROM 1 FOR 5)",
        "bps_code": "NULL",
        "name": "name || ' ' || %(copy)s",
        "parent_id": "CASE level WHEN 'VILLAGE' THEN {moved} ELSE parent_id END",
    }
}


class Copies:
    """The registry as it is, copied as often as wanted: the ids of copy n are moved on by n times the highest."""

    def __init__(self, most: int) -> None:
        from django.apps import apps

        from bansos.common import db

        self.made = 0
        self.families = int(db.fetch("SELECT count(*) FROM recipients_family")[0][0])  # of one
        self.tables = {apps.get_model(name)._meta.db_table: apps.get_model(name) for name in COPIED}
        self._stride: dict[str, int] = {}
        for table in self.tables:
            highest = db.fetch(f"SELECT coalesce(max(id), 1) FROM {table}")[0][0]
            self._stride[table] = highest
            db.run(
                "SELECT setval(pg_get_serial_sequence(%(table)s, 'id'), %(free)s)",
                {"table": table, "free": highest * (most + 1)},
            )

    def add(self) -> None:
        """One more, in a transaction of its own, so that the log of the server stays small."""
        from bansos.common import db

        self.made += 1
        with _unguarded():
            for table in self.tables:
                db.run(self._copying(table), {"copy": self.made})

    def _copying(self, table: str) -> str:
        columns = {
            field.column: self._value(table, field) for field in self.tables[table]._meta.concrete_fields
        }
        rows = f"id <= {self._stride[table]}"
        if table == "recipients_region":
            rows += f" AND {_BELOW_THE_DISTRICT}"
        values = ", ".join(columns.values())
        return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {rows}"

    def _value(self, table: str, field: Any) -> str:
        parent = field.related_model._meta.db_table if field.related_model else table
        value = str(field.column)
        if (field.primary_key or field.related_model) and parent in self._stride:
            value = f"{field.column} + %(copy)s * {self._stride[parent]}"
        return _OTHERWISE.get(table, {}).get(field.column, value).replace("{moved}", value)

    def subdistricts_of_last(self) -> list[Any]:
        from recipients.models import Region

        first = self._stride["recipients_region"] * self.made
        stride = self._stride["recipients_region"]
        return list(Region.objects.subdistricts().filter(pk__gt=first, pk__lte=first + stride).order_by("pk"))

    def forget_last(self) -> None:
        """As if the sub-districts of the last copy had never been decided."""
        from bansos.common import db

        ids = {"ids": [region.pk for region in self.subdistricts_of_last()]}
        with _unguarded():
            for table in ("eligibility_eligibilitydecision", "eligibility_decidedshard"):
                db.run(f"DELETE FROM {table} WHERE subdistrict_id = ANY(%(ids)s)", ids)

    def decide_last(self) -> int:
        """What became stale there, sub-district by sub-district; how many decisions were written."""
        from django.utils import timezone

        from eligibility import services
        from eligibility.models import Scope

        day = timezone.localdate()
        return sum(
            services.verify(scope=Scope.STALE, as_of=day, region=region, reason="bench").written
            for region in self.subdistricts_of_last()
        )


@contextmanager
def _unguarded() -> Iterator[None]:
    """One transaction without triggers and foreign keys: only here, and only for rows that are copies."""
    from django.db import transaction

    from bansos.common import db

    role = "SELECT set_config('session_replication_role', %s, true)"
    with transaction.atomic():
        db.run(role, ["replica"])
        yield
        db.run(role, ["origin"])


# --- measuring ----------------------------------------------------------------------------------------------


def main() -> None:
    workplace = Path(tempfile.mkdtemp(prefix="bansos-growth-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bansos.settings")
    if not os.environ.get("DATABASE_URL"):
        os.environ["BANSOS_DATA_DIR"] = str(workplace / "data")
        _need_room(workplace)
    try:
        found = list(_grow(workplace))
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    _print_table(found)
    if os.environ.get("JSON"):
        sys.stdout.write(json.dumps(found) + "\n")


def _need_room(workplace: Path) -> None:
    needed = max(SIZES) * BYTES_A_FAMILY + BYTES_BESIDE
    free = shutil.disk_usage(workplace).free
    if free < needed:
        fitting = max(free - BYTES_BESIDE, 0) // BYTES_A_FAMILY
        workplace.rmdir()
        sys.exit(
            f"{max(SIZES)} families need about {needed / 1e9:.0f} GB at {workplace.parent}, where {free / 1e9:.0f} GB "
            f"are free: there is room for {fitting} (SIZES=...), or set TMPDIR to a folder on a larger disk."
        )


def _grow(workplace: Path) -> Iterator[dict[str, Any]]:
    if any(size % BASE or size <= BASE for size in SIZES) or max(SIZES) > 100 * BASE:
        sys.exit(f"SIZES must be multiples of BASE={BASE}, from twice to a hundred times as many.")
    _make_base(workplace)
    copies = Copies(most=max(SIZES) // BASE)
    for size in sorted(SIZES):
        while (copies.made + 1) * BASE < size:
            copies.add()
            _say(f"{(copies.made + 1) * BASE} families")
        _settle(copies)
        yield _measure(copies)


def _make_base(workplace: Path) -> None:
    """Two releases with members and the lists beside them, decided; statistics are ours to take from here on."""
    from bansos import embedded

    embedded.use()
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.utils import timezone

    from bansos import prepare
    from bansos.common import db
    from eligibility import services
    from eligibility.models import Scope
    from eligibility.services.loading import FOLDER
    from recipients.synthetic.district import District

    prepare.prepare()
    people = {"by": "bench.a", "approve_by": "bench.b"}
    for name in people.values():
        get_user_model().objects.get_or_create(username=name)
    services.load_rule_sets(FOLDER / "lokal")
    District(families=BASE, seed=11, releases=2, start="2025-Q4", changed=0.12, with_lists=True).write(
        workplace, "csv"
    )
    db.run("SET statement_timeout = 0")
    with Path(os.devnull).open("w") as silent:
        for release in json.loads((workplace / "manifest.json").read_text())["releases"]:
            label, day = release["release"], date.fromisoformat(release["as_of"])
            files = [str(workplace / label / name) for name in ("keluarga.csv", "anggota.csv")]
            call_command(
                "import_release", *files, release=label, as_of=day, because="bench", stdout=silent, **people
            )
            call_command("import_district_lists", str(workplace), release=label, stdout=silent, **people)
            _say(f"{label} of {BASE} families")
    services.verify(scope=Scope.STALE, as_of=timezone.localdate(), reason="bench")


def _settle(copies: Copies) -> None:
    """Statistics and visibility as they are on a quiet day, and no work of the server's own while the clock runs."""
    from bansos.common import db

    for table in copies.tables:
        db.run(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")
        db.run(f"VACUUM (ANALYZE) {table}")
    db.run("CHECKPOINT")


def _measure(copies: Copies) -> dict[str, Any]:
    from bansos.common import db

    families = (copies.made + 1) * copies.families

    _say("everyone compared")
    compared = min(_timed(_verify_everyone) for _repeat in range(2))
    _say("a quiet night, after one that compares everyone")
    proven = _proven_night()
    size_on_disk = db.fetch(
        "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%(tables)s) name",
        {"tables": list(copies.tables)},
    )[0][0]
    _say("the last copy from nothing")
    nothing = min(_from_nothing(copies) for _repeat in range(2))
    return {
        "families": families,
        "compared_microseconds_per_family": round(1e6 * compared / families, 1),
        "proven_microseconds_per_family": round(1e6 * proven / families, 1),
        "from_nothing_microseconds_per_family": round(1e6 * nothing / copies.families, 1),
        "bytes_per_family": round(size_on_disk / families),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _from_nothing(copies: Copies) -> float:
    copies.forget_last()
    return _timed(copies.decide_last)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _verify_everyone() -> None:
    from django.utils import timezone

    from eligibility import services
    from eligibility.models import Scope

    written = services.verify(scope=Scope.ALL, as_of=timezone.localdate(), reason="bench").written
    if written:
        raise RuntimeError(f"Comparing wrote {written} decisions: the copies are not what was copied.")


def _proven_night() -> float:
    """Of consecutive days, so that each has its birthdays; undone, since the next copy is one of what stood before."""
    from django.db import transaction

    with transaction.atomic():
        _night(1)
        seconds = min(_timed(partial(_night, days)) for days in (2, 3))
        transaction.set_rollback(True)
    return seconds


def _night(days: int) -> None:
    from django.utils import timezone

    from eligibility import services
    from eligibility.models import Scope

    day = timezone.localdate() + timedelta(days=days)
    services.verify(scope=Scope.ALL, as_of=day, reason="bench", key=f"nightly:{day}")


def _say(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


def _print_table(found: list[dict[str, Any]]) -> None:
    names = {
        "compared_microseconds_per_family": "everyone compared, us a family",
        "proven_microseconds_per_family": "quiet night, us a family",
        "from_nothing_microseconds_per_family": "from nothing, us a family",
        "bytes_per_family": "bytes a family, as copied",
        "peak_rss_mb": "peak memory, MB",
    }
    sys.stdout.write(f"{'families':<32}" + "".join(f"{one['families']:>12}" for one in found) + "\n")
    for key, name in names.items():
        sys.stdout.write(f"{name:<32}" + "".join(f"{one[key]:>12}" for one in found) + "\n")
        ratios = "".join(f"{one[key] / found[0][key]:>12.2f}" for one in found)
        sys.stdout.write(f"{'  to the smallest':<32}{ratios}  goal <= 1.2\n")


if __name__ == "__main__":
    main()
