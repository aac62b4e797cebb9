"""weigh.py BASE PATH ...: what each page costs a phone on slow 3G (400 kbit/s, 2 s latency, a sixth of the CPU).

The median of five visits with an empty cache, by the browser's own performance entries; figures in docs/weights.md.
The demo serves uncompressed pages: a little more than what the front server sends.
"""

from __future__ import annotations

import statistics
import sys
from typing import Any

from playwright.sync_api import Browser, sync_playwright

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


def visit(browser: Browser, address: str) -> tuple[float, ...]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="id-ID")
    page, sizes = context.new_page(), []
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    network.send("Network.emulateNetworkConditions", SLOW_3G)
    network.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)
    told: dict[str, Any] = page.evaluate(READ)
    context.close()
    seconds = (told["first"] / 1000, told["largest"] / 1000)
    return (sum(sizes) / 1000, len(sizes), *seconds, told["shift"], told["blocked"])


def main(base: str, *paths: str) -> None:
    print("|".join(("page", *COLUMNS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for path in paths:
            visits = [visit(browser, base + path) for _visit in range(VISITS)]
            figures = (statistics.median(column) for column in zip(*visits, strict=True))
            print("|".join((path, *(f"{figure:.2f}" for figure in figures))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
