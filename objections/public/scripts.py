"""The few lines of script that a page may carry, named to the browser by their hash: no other script runs.

They stand in the page because a phone two seconds away pays for every further request (ux.md 3.2 G2).
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
class Script:
    text: str
    policy: str


@cache
def load(*names: str) -> Script:
    folder = Path(settings.BASE_DIR, "templates", "public", "js")
    text = "\n".join((folder / f"{name}.js").read_text().strip() for name in names)
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Script(text, f"{CONTENT_SECURITY_POLICY}; script-src 'self' 'sha256-{digest}'")
