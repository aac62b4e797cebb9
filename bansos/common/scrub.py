"""Logs never carry an identifier: every run of 16 digits is cut out of every record before it is written.

Not `ids.scrub`, through which people's notes go: of a number in a log nothing stays, and figures grouped by blanks
are left alone.
"""

from __future__ import annotations

import logging
import re

_IDENTIFIER = re.compile(r"(?<![0-9])[0-9]{16}(?![0-9])")


class ScrubIdentifiers(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _IDENTIFIER.sub("[disamarkan]", record.exc_text)
        clean = (
            _IDENTIFIER.sub("[disamarkan]", text)
            .replace("\r", "\\r")
            .replace("\n", "\\n")
            .replace("\x1b", "\\e")
        )
        record.msg, record.args = clean, ()
        return True
