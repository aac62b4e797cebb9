"""weigh.py BASE PATH ...: what each page costs a phone on slow 3G (400 kbit/s, 2 s latency, a sixth of the CPU).

The median of five visits with an empty cache, by the browser's own performance entries. Without a path: how long
somebody waits in a whole objection, with and without JavaScript. BASE is a demo behind `.ci/compressing.py`; figures
in docs/weights.md.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
VISITS = 5
WATCH = """
window.seen = {largest: 0, shift: 0, blocked: 0};
const watch = (type, note) =>
  new PerformanceObserver(list => list.getEntries().forEach(note)).observe({type, buffered: true});
watch('largest-contentful-paint', e => { seen.largest = e.startTime; });
watch('layout-shift', e => { seen.shift += e.hadRecentInput ? 0 : e.value; });
watch('longtask', e => { seen.blocked += Math.max(0, e.duration - 50); });
"""
READ = """() => {
  const paints = performance.getEntriesByName('first-contentful-paint');
  return {first: paints.length ? paints[0].startTime : 0, ...seen};
}"""
COLUMNS = ("kB", "requests", "first paint s", "largest paint s", "shift", "blocked ms")
ON = "main form > button[type=submit]"


def phone(browser: Browser, **kind: Any) -> tuple[Page, list[float]]:
    """A page on the slow network, and the bytes of whatever it loads."""
    page = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID", **kind).new_page()
    network, sizes = page.context.new_cdp_session(page), []
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    network.send("Network.emulateNetworkConditions", SLOW_3G)
    network.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    return page, sizes


def visit(browser: Browser, address: str) -> tuple[float, ...]:
    page, sizes = phone(browser)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)
    told: dict[str, Any] = page.evaluate(READ)
    page.context.close()
    seconds = (told["first"] / 1000, told["largest"] / 1000)
    return (sum(sizes) / 1000, len(sizes), *seconds, told["shift"], told["blocked"])


def objection(browser: Browser, base: str, *, has_script: bool) -> tuple[float, ...]:
    """Bytes, requests and seconds of waiting from the first page to the receipt; typing is not counted."""
    page, sizes = phone(browser, java_script_enabled=has_script)
    waits = []

    def wait(act: Callable[[], Any], ending: str) -> None:
        started = time.monotonic()
        act()
        page.wait_for_url(f"{base}{ending}", timeout=60_000, wait_until="domcontentloaded")
        waits.append(time.monotonic() - started)

    wait(lambda: page.goto(f"{base}/", wait_until="domcontentloaded"), "/")
    wait(lambda: page.click("a.door.main"), "/sanggah/")
    page.fill("[name=nik]", f"520399{random.randint(1, 28):02}0580{random.randint(1, 9999):04}")
    page.fill("[name=birth_date]", f"{page.input_value('[name=nik]')[6:8]} 5 1980")
    wait(lambda: page.click(ON), "/sanggah/alasan/")
    page.check("[name=reasons] >> nth=0")
    wait(lambda: page.click(ON), "/sanggah/cerita/")
    page.fill("textarea", "Rumah kami berdinding bambu.")
    wait(lambda: page.click(ON), "/sanggah/foto/")
    wait(lambda: page.click(ON), "/sanggah/kabar/")
    page.fill("[name=phone]", "081200009001")
    wait(lambda: page.click(ON), "/sanggah/periksa/")
    wait(lambda: page.click(ON), "/sanggah/tanda-terima/")
    page.context.close()
    return (sum(sizes) / 1000, len(sizes), sum(waits))


def say(name: str, visits: Iterable[tuple[float, ...]]) -> None:
    figures = (statistics.median(column) for column in zip(*visits, strict=True))
    print("|".join((name, *(f"{figure:.2f}" for figure in figures))), flush=True)


def main(base: str, *paths: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        print("|".join(("page", *COLUMNS) if paths else ("objection", "kB", "requests", "waiting s")))
        for path in paths:
            say(path, [visit(browser, base + path) for _visit in range(VISITS)])
        for name, has_script in () if paths else (("with JavaScript", True), ("without", False)):
            say(name, [objection(browser, base, has_script=has_script) for _visit in range(VISITS)])


if __name__ == "__main__":
    main(*sys.argv[1:])
