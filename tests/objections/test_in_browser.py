"""Every public page and state in Chromium: axe, targets, widths, requests, policy (ux.md 3.2 G1-G3, G8, G10, G11)."""

from __future__ import annotations

import pytest

from tests import rendered
from tests.objections.test_pages import pages  # noqa: F401

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.skipif(rendered.CHROMIUM is None, reason="NO CHROMIUM FOUND: apt-get install chromium"),
]
WIDTHS = (320, 412, 768, 1280, 360)


def test_every_public_page_is_reachable_light_and_fits(pages):  # noqa: F811
    shown, wrong = rendered.numbered(pages), []
    with rendered.browser(shown) as (page, shelf, complaints):
        for number, name in enumerate(pages):
            shelf.asked.clear()
            page.goto(f"{rendered.HOST}/{number}")
            most = 1 if "style-src" in shown[str(number)].headers["Content-Security-Policy"] else 2
            wrong += [(name, f"asked for {shelf.asked}")] if len(shelf.asked) > most else []
            wrong += [(name, f"{size} bytes")] if (size := shelf.weight()) > 14_000 else []
            wrong += [(name, f"moved by {moved}")] if (moved := page.evaluate(rendered.MOVED)) else []
            wrong += [(name, found) for found in rendered.violations(page)]
            wrong += [(name, f"small: {found}") for found in page.evaluate(rendered.SMALL_TARGETS, 48)]
            wrong += [(name, f"tiny: {found}") for found in page.evaluate(rendered.TINY_LINKS)]
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 740})
                if (over := page.evaluate(rendered.TOO_WIDE)) > 0:
                    wrong.append((name, f"{over} px too wide at {width}"))
        wrong += [("console", found) for found in complaints if "404" not in found]

    assert wrong == []


def test_letters_twice_as_large_and_wide_spacing_lose_nothing(pages):  # noqa: F811
    """WCAG 1.4.4 and 1.4.12, on the pages that carry the most."""
    names = [name for name in pages if name in ("home", "reasons", "check", "receipt", "case, no", "family")]
    shown, wrong = rendered.numbered(pages), []
    spacing = "line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important"
    style = "html{font-size:200%} *{" + spacing + "}"
    with rendered.browser(shown) as (page, _shelf, _complaints):
        for name in names:
            page.goto(f"{rendered.HOST}/{list(pages).index(name)}")
            page.evaluate("text => { const s = new CSSStyleSheet(); s.replaceSync(text); "
                          "document.adoptedStyleSheets = [s]; }", style)  # fmt: skip
            if (over := page.evaluate(rendered.TOO_WIDE)) > 0:
                wrong.append((name, over))

    assert wrong == []
