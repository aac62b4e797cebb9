"""Pages that the test client rendered, looked at in Chromium without a server: no connection is left open."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOST = "http://localhost"  # an origin that Chromium trusts as it trusts HTTPS
TYPES = {"css": "text/css", "svg": "image/svg+xml", "js": "text/javascript"}
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Shelf:
    """Answers to whatever a page asks for, and what it asked."""

    pages: dict[str, HttpResponse]
    asked: list[str] = field(default_factory=list)

    def weight(self) -> int:
        """Bytes of what was asked for, as the front server compresses it."""
        return sum(len(gzip.compress(self._body(path), 9)) for path in self.asked)

    def _body(self, path: str) -> bytes:
        if path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
            return Path(found).read_bytes()
        page = self.pages.get(path.strip("/"))
        return page.content if page is not None else b""

    def answer(self, route: Any) -> None:
        path = route.request.url.removeprefix(HOST).split("?")[0]
        self.asked.append(path)
        if path.startswith("/static/") and (found := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=found, content_type=TYPES[path.rsplit(".")[-1]])
        elif (page := self.pages.get(path.strip("/"))) is not None:
            route.fulfill(status=200, headers=dict(page.headers), body=page.content)
        else:
            route.fulfill(status=404, body="")


@contextmanager
def browser(pages: dict[str, HttpResponse], width: int = 360) -> Iterator[tuple[Any, Shelf, list[str]]]:
    """A page of Chromium, the shelf behind it, and what its console complained of."""
    from playwright.sync_api import sync_playwright

    shelf, complaints = Shelf(pages), []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": width, "height": 740}, locale="id-ID")
        page.route("**/*", shelf.answer)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        yield page, shelf, complaints
        chromium.close()


def numbered(pages: dict[str, HttpResponse]) -> dict[str, HttpResponse]:
    """Addresses for pages that are known by a sentence."""
    return {str(number): page for number, page in enumerate(pages.values())}


def violations(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    options = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": AXE_TAGS}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


SMALL_TARGETS = """least => [...document.querySelectorAll('button, a.button, a.door, .tick, input, select, textarea')]
  .filter(e => e.offsetParent && !['hidden', 'checkbox', 'radio'].includes(e.type))
  .filter(e => e.getBoundingClientRect().height < least).map(e => e.outerHTML.slice(0, 90))"""
TINY_LINKS = """() => [...document.querySelectorAll('a')].filter(e => e.offsetParent)
  .filter(e => e.getBoundingClientRect().height < 24 && getComputedStyle(e).display !== 'inline')
  .map(e => e.outerHTML.slice(0, 90))"""
MOVED = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(seen => seen.getEntries().forEach(each => { sum += each.hadRecentInput ? 0 : each.value; }))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(Math.round(sum * 1000) / 1000)));
})"""  # cumulative layout shift
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
