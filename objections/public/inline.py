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

SCRIPTS = Path(settings.BASE_DIR, "templates", "public", "js")
ON_EVERY_PAGE = "back"  # any of them may be the one that Back leads to


@dataclass(frozen=True)
class Part:
    text: str

    @property
    def source(self) -> str:
        """As a content security policy names it."""
        return f"'sha256-{b64encode(hashlib.sha256(self.text.encode()).digest()).decode()}'"


@cache
def style() -> Part:
    return Part(Path(settings.BASE_DIR, "static", "css", "public.css").read_text().strip())


@cache
def script(name: str) -> Part:
    return Part((SCRIPTS / f"{name}.js").read_text().strip())


@cache
def policy() -> str:
    """One for all pages, with every script of ours: a page that a script puts in the place of another keeps its policy.

    Nothing else runs, and nothing else is styled.
    """
    ours = " ".join(script(path.stem).source for path in sorted(SCRIPTS.glob("*.js")))
    styled, runs = f"style-src 'self' {style().source}", f"script-src 'self' {ours}"
    return "; ".join([CONTENT_SECURITY_POLICY, styled, runs])


@cache
def policy_name() -> str:
    """Which policy a page came with: a newer page, of a newer release, could neither run nor be styled under it."""
    return hashlib.sha256(policy().encode()).hexdigest()[:12]
