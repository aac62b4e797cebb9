"""The words of a PDF that the portal made: its streams are deflated, its text stands in brackets."""

from __future__ import annotations

import re
import zlib


def words_of(pdf: bytes) -> str:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    text = b"\n".join(zlib.decompress(stream) for stream in streams if stream[:1] == b"\x78")
    said = re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", text)
    return b" ".join(re.sub(rb"\\(.)", rb"\1", part) for part in said).decode("latin-1")
