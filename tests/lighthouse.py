"""`make lighthouse`: the main pages of a demo of its own in Lighthouse, mobile, median of five (ux.md 3.2 G7).

Times depend on the machine, so they are measured and not tested; what no load can change is tested with every run of
continuous integration (tests/bansos/test_lighthouse.py).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from tests.rendered import CHROMIUM

CI = Path(__file__).parent.parent / ".ci"
NODE = shutil.which("node")
IS_HERE = bool(NODE and CHROMIUM and (CI / "node_modules" / ".package-lock.json").exists())
CATEGORIES = ("performance", "accessibility", "best-practices")
RUNS = 5
LONGEST_S = 300  # all pages once
PASSWORD = "contoh-lombok-timur"
PUBLIC, STAFF = (98, 100, 100), (90, 100, 100)
PAGES = {
    "/": ("", PUBLIC),
    "/sanggah/": ("", PUBLIC),
    "/status/": ("", PUBLIC),
    "/kode/": ("", PUBLIC),
    "/bantuan/": ("", PUBLIC),
    "/staf/": ("verifikator", STAFF),
    "/staf/objections/objection/": ("verifikator", STAFF),
    "/staf/bantu/": ("operator.kesik", STAFF),
}


def measure(
    pages: list[dict[str, str]], categories: tuple[str, ...], runs: int = 1
) -> Iterator[dict[str, Any]]:
    """A result a run: which page, its scores in the order of the categories, the audits that failed.

    A page that leads somewhere else, as to a login, is an error.
    """
    task = json.dumps({"pages": pages, "categories": categories, "runs": runs})
    command, own = [str(NODE), CI / "lighthouse.mjs", task], {"CHROME_PATH": str(CHROMIUM)}
    with subprocess.Popen(command, env=os.environ | own, stdout=subprocess.PIPE, text=True) as running:
        bound = threading.Timer(LONGEST_S * runs, running.kill)
        bound.daemon = True
        bound.start()
        for line in running.stdout or ():
            result = json.loads(line)
            if result["shown"] != pages[result["page"]]["address"]:
                raise RuntimeError(f"{pages[result['page']]['address']} leads to {result['shown']}")
            yield result
    if running.returncode:
        raise RuntimeError("Lighthouse ended before its end")


def main() -> int:
    if not IS_HERE:
        print("Lighthouse, node or Chromium is missing: `make lighthouse` brings the first", file=sys.stderr)
        return 2
    with _demo() as base:
        cookies = {user: _signed_in(base, user) for user, _limits in PAGES.values() if user}
        pages = [
            {"address": base + path, "cookie": cookies.get(user, "")}
            for path, (user, _limits) in PAGES.items()
        ]
        scores = defaultdict(list)
        for number, result in enumerate(measure(pages, CATEGORIES, RUNS), start=1):
            print(f"\r{number} of {RUNS * len(PAGES)} runs", end="\n" if number == RUNS * len(PAGES) else "")
            if None not in result["scores"]:  # a run whose trace the browser lost
                scores[result["page"]].append(result["scores"])
    return _say(scores)


def _say(scores: dict[int, list[list[int]]]) -> int:
    print(f"{'page':<32} {' '.join(f'{name:>15}' for name in CATEGORIES)}   runs  limits")
    missed = 0
    for number, (path, (_user, limits)) in enumerate(PAGES.items()):
        runs = scores[number]
        medians = [round(statistics.median(column)) for column in zip(*runs, strict=True)]
        is_met = bool(runs) and all(got >= least for got, least in zip(medians, limits, strict=True))
        missed += not is_met
        words = f"{path:<32} {' '.join(f'{got:>15}' for got in medians)}   {len(runs):>4}"
        print(f"{words}  {'/'.join(map(str, limits))}{'' if is_met else '  MISSED'}")
    return 1 if missed else 0


@contextmanager
def _demo() -> Iterator[str]:
    """The address of a small demo behind what compresses as the front server does; gone afterwards."""
    port, front = _free_port(), _free_port()
    with tempfile.TemporaryDirectory(prefix="lh", ignore_cleanup_errors=True) as data:
        own = {"BANSOS_DATA_DIR": data, "PORT": str(port), "DEMO_FAMILIES": "1500"}
        demo = subprocess.Popen(
            [sys.executable, "-m", "bansos.demo"], env=os.environ | own, stdout=subprocess.PIPE, text=True
        )
        compressing = subprocess.Popen(
            [sys.executable, CI / "compressing.py", str(front), str(port)], stdout=subprocess.DEVNULL
        )
        try:
            print("A demo of 1500 families starts ...", flush=True)
            if not any("Ctrl-C" in line for line in demo.stdout or ()):
                raise RuntimeError("the demo did not start")
            yield f"http://127.0.0.1:{front}"
        finally:
            compressing.kill()
            demo.terminate()
            demo.communicate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _signed_in(base: str, user: str) -> str:
    """The cookie of somebody of the demo's staff."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = f"{base}/staf/login/"
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', browser.open(page).read().decode())
    assert token
    typed = {"username": user, "password": PASSWORD, "csrfmiddlewaretoken": token[1], "next": "/staf/"}
    browser.open(page, urllib.parse.urlencode(typed).encode())
    return next(f"sid={cookie.value}" for cookie in jar if cookie.name == "sid")


if __name__ == "__main__":
    sys.exit(main())
