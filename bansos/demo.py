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
from bansos.demo_district import DemoError, fill, is_filled, manage, memory, step
from bansos.prepare import BASE_DATA
from bansos.supervisor import LOOK_EVERY_S, Supervisor

READY_WITHIN_S = 90.0
OURS = ("postgres", "postgres.making", "valkey", "run", "uploads", "evidence", "logs", "district", "beat")
OUR_FILES = ("keys.env", "demo.json", "demo.lock", "servers.log")


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
    with step("Basis data dan antrean"):
        embedded.use()
    logins = _prepare_database()
    children = Supervisor(data / "logs", os.environ)
    try:
        _start_workers(children, data)
        told = fill(children, data) if not is_filled(data) else json.loads(memory(data).read_text())
        children.keep("web", _web(port))
        with step("Web"):
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
    with step("Skema basis data"):
        _call("migrate", verbosity=0)
    with step("Wilayah, peran, aturan program"):
        for command in BASE_DATA:
            _call(command)
        _call("load_rule_sets", "--folder", str(Path(__file__).parent.parent / "eligibility/rulesets/lokal"))
        _call("load_demo_help")
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
    children.keep("sweep", manage("sweep"))
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
