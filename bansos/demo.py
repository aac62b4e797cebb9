"""`make demo`: the whole portal on loopback with a synthetic district, brought there by the real pipeline.

Order: servers, schema, reference data, worker and sweep and beat, then (first time only) the district and its two
releases through the import, an objection and a family code; the web server last. Ctrl-C stops everything.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from bansos import embedded
from bansos.prepare import BASE_DATA
from bansos.supervisor import LOOK_EVERY_S, Supervisor

SEED = 52_03
RELEASES = (("2025-Q4", "2025-10-20"), ("2026-Q1", "2026-01-23"))
KEYED_BY, APPROVED_BY = "data.admin", "kepala.dinas"
READY_WITHIN_S = 90.0
OURS = ("postgres", "postgres.making", "valkey", "run", "uploads", "evidence", "logs", "district", "beat")
OUR_FILES = ("keys.env", "demo.json", "demo.lock", "servers.log")


class DemoError(RuntimeError):
    """The demo cannot go on; the message says why and what to do."""


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    data = embedded.data_dir()
    try:
        if "--clean" in sys.argv:
            clean(data)
        else:
            with _only_one(data):
                run(data, port=_free_port())
    except (DemoError, embedded.EmbeddedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nDemo berhenti. Data tetap ada; `make demo` melanjutkannya, `make clean-demo` menghapusnya.")
    return 0


def _leave(*_signal: object) -> None:
    raise KeyboardInterrupt


def run(data: Path, *, port: int) -> None:
    os.environ.update(BANSOS_DEMO="1", BANSOS_DATA_DIR=str(data), DJANGO_SETTINGS_MODULE="bansos.settings")
    os.environ.setdefault("BANSOS_LEASE_S", "20")  # a demo that was killed resumes sooner
    (data / "logs").mkdir(parents=True, exist_ok=True)
    print("Portal bansos: demo dengan data contoh\n")
    with _step("Basis data dan antrean"):
        embedded.use()
    logins = _prepare_database()
    children = Supervisor(data / "logs", os.environ)
    try:
        _start_workers(children, data)
        told = _first_time(children, data) if not _is_filled(data) else json.loads(_memory(data).read_text())
        children.keep("web", _web(port))
        with _step("Web"):
            _await_ready(children, port)
        _tell(told, logins, port, data)
        while True:
            children.look_after()
            embedded.use()
            time.sleep(0.5)
    finally:
        children.stop()
        embedded.release()


def _prepare_database() -> list[dict[str, Any]]:
    import django

    django.setup()
    with _step("Skema basis data"):
        _call("migrate", verbosity=0)
    with _step("Wilayah, peran, aturan program"):
        for command in BASE_DATA:
            _call(command)
        _call("load_rule_sets", "--folder", str(Path(__file__).parent.parent / "eligibility/rulesets/lokal"))
        logins: list[dict[str, Any]] = json.loads(_call("load_demo_staff", "--json"))["logins"]
    from django.db import connection

    connection.close()
    return logins


def _call(command: str, *words: str, **options: Any) -> str:
    from django.core.management import CommandError, call_command

    out = io.StringIO()
    try:
        call_command(command, *words, stdout=out, **options)
    except CommandError as error:
        raise DemoError(f"`{command}` gagal: {error}") from error
    return out.getvalue()


def _start_workers(children: Supervisor, data: Path) -> None:
    (data / "beat").mkdir(exist_ok=True)
    celery = [sys.executable, "-m", "celery", "-A", "bansos"]
    name = hashlib.sha256(str(data).encode()).hexdigest()[:8]
    quiet = ["--without-gossip", "--without-mingle"]
    children.keep("worker", [*celery, "worker", "-c", "2", "-n", f"demo-{name}@%h", *quiet])
    children.keep("sweep", _manage("sweep"))
    children.keep("beat", [*celery, "beat", "-s", str(data / "beat" / "schedule"), "--pidfile="])


def _web(port: int) -> list[str]:
    shape = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60"]
    return [
        sys.executable,
        "-m",
        "gunicorn",
        *shape,
        "--no-control-socket",
        "-b",
        f"127.0.0.1:{port}",
        "bansos.wsgi",
    ]


def _manage(*words: str) -> list[str]:
    return [sys.executable, str(embedded.BASE_DIR / "manage.py"), *words]


# --- the first time -----------------------------------------------------------------------------------------


def _first_time(children: Supervisor, data: Path) -> dict[str, Any]:
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
        with _step(f"Kabupaten contoh: {families} keluarga"):
            _ask(children, data, "make_district", *words)
    for label, as_of in RELEASES:
        if not _is_decided(label):
            with _step(f"Impor rilis {label} lewat antrean"):
                _import(children, data, label, as_of)
        with _step(f"Daftar penerima, pembayaran, tanda {label}"):
            _import_lists(children, data, label)
    with _step("Satu sanggahan, satu kode keluarga"):
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
    if children.run("setup", _manage(*words), out) != 0:
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


def _is_filled(data: Path) -> bool:
    """Everything was made and told, and the registry (perhaps a server of one's own) still has it."""
    return _memory(data).exists() and all(_is_decided(label) for label, _ in RELEASES)


def _memory(data: Path) -> Path:
    return data / "demo.json"


def _remember(data: Path, told: dict[str, Any]) -> None:
    fresh = data / ".demo.json"
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(told))
    fresh.rename(_memory(data))


# --- telling ------------------------------------------------------------------------------------------------


def _tell(told: dict[str, Any], logins: list[dict[str, Any]], port: int, data: Path) -> None:
    here = f"http://127.0.0.1:{port}"
    wanted = os.environ.get("DEMO_FAMILIES")
    print(f"\n  Warga     {here}/")
    print(f"  Petugas   {here}/staf/")
    print(f"  Keadaan   {here}/readyz\n")
    for login in logins:
        print(f"    {login['username']:<21} {login['password']:<21} {login.get('role_label', login['role'])}")
    print(f"\n  Nomor sanggahan  {told['receipt_no']}   PIN {told['pin']}")
    print(f"  Kode keluarga    {told['code']}\n")
    print(f"  Data dan log     {data}")
    if wanted and wanted != told["families"]:
        print(f"  Data ini berisi {told['families']} keluarga; `make clean-demo` dahulu untuk jumlah lain.")
    print("\n  Ctrl-C menghentikan semuanya.", flush=True)


@contextlib.contextmanager
def _step(what: str) -> Iterator[None]:
    started = time.monotonic()
    print(f"  {what:<48}", end="", flush=True)
    yield
    print(f"{time.monotonic() - started:6.1f} s", flush=True)


# --- ports, locks, waiting, cleaning ------------------------------------------------------------------------


def _free_port() -> int:
    port = int(os.environ.get("PORT") or "8000")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(
                f"Port {port} sudah dipakai. Pilih yang lain: PORT={port + 1} make demo"
            ) from None
    return port


@contextlib.contextmanager
def _only_one(data: Path) -> Iterator[IO[str]]:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(
                f"Demo lain memakai {data}. Beri folder sendiri: BANSOS_DATA_DIR=... PORT=... make demo"
            ) from None
        yield lock


def _await_ready(children: Supervisor, port: int) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    answer: object = "tidak ada jawaban"
    while time.monotonic() < deadline:
        children.look_after()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            answer = error.read().decode(errors="replace")
        except OSError as error:
            answer = error
        time.sleep(LOOK_EVERY_S)
    raise DemoError(
        f"Portal tidak siap dalam {READY_WITHIN_S:.0f} s ({answer}). Bacalah {children.logs}/*.log"
    )


def clean(data: Path) -> None:
    """Remove what the demo made, by name: the folder itself may be somebody's."""
    with _only_one(data) as lock:
        embedded.release()
        if embedded.is_used():
            raise DemoError(f"Sebuah perintah masih memakai basis data di {data}; hentikan dahulu.")
        for path in [data / name for name in OURS + OUR_FILES] + [embedded.run_dir()]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        del lock
    with suppress(OSError):
        data.rmdir()
    print(f"Data demo di {data} sudah dihapus.")


if __name__ == "__main__":
    sys.exit(main())
