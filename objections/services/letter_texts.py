"""The office's own letters: a version is checked against the closed list of its kind before it waits for approval."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from objections.enums import LetterKind
from objections.models import LetterTemplate
from objections.paper import text
from objections.services.moving import require
from objections.services.versions import write_version


def write_text(*, kind: str, title: str, body: str, by: Any, now: datetime) -> LetterTemplate:
    require(by, LetterTemplate.permission("add"))  # before anything is told of the text
    title, body = title.strip(), body.strip().replace("\r\n", "\n")
    text.check(kind=kind, title=title, body=body)
    content = {"title": title, "body": body}
    return write_version(model=LetterTemplate, about=LetterKind(kind), content=content, by=by, now=now)
