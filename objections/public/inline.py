"""What a page carries in itself: the stylesheet and the few lines of script it may run, named to the browser by hash.

They stand in the page because a phone two seconds away pays more for every further request than for the bytes
(ux.md 3.2 G2, G4; docs/decisions/0028): the first paint waits for one round trip, not for two.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from bansos.common.middleware import CONTENT_SECURITY_POLICY


@dataclass(frozen=True)
class Part:
    text: str

    @property
    def source(self) -> str:
        """As a content security policy names it."""
        digest = b64encode(hashlib.sha256(self.text.encode()).digest()).decode()
        return f"'self' 'sha256-{digest}'"


@cache
def style() -> Part:
    return Part(Path(settings.BASE_DIR, "static", "css", "public.css").read_text().strip())


@cache
def script(*names: str) -> Part:
    folder = Path(settings.BASE_DIR, "templates", "public", "js")
    return Part("\n".join((folder / f"{name}.js").read_text().strip() for name in names))


@cache
def policy(*scripts: str) -> str:
    """Of a page with these scripts: nothing else runs, and nothing else is styled."""
    sources = [f"style-src {style().source}"]
    if scripts:
        sources.append(f"script-src {script(*scripts).source}")
    return "; ".join([CONTENT_SECURITY_POLICY, *sources])
