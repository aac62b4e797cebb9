"""CSV of any delimiter and encoding, as a stream of raw lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from recipients.importing.readers.notes import Notes
from recipients.importing.readers.tables import Cells, FileRefused, Record, Sheet

csv.field_size_limit(1_000_000)
DELIMITERS = ",;\t|"
RECORD_LIMIT = 1_000_000  # bytes: a quote that is never closed must not swallow the file
_LOOKED_AT = 30  # records that tell the delimiter
_BOM = codecs.BOM_UTF8
_NAMES = {",": "koma", ";": "titik koma", "\t": "tab", "|": "garis tegak"}


def sheet(file: io.BufferedReader[Any], name: str, notes: Notes) -> Sheet:
    """One sheet; it can be read once."""
    head = file.peek(1 << 16)[: 1 << 16]
    stream: IO[bytes] = file
    if encoding := _utf16(head):
        notes.add("UTF16")
        stream = io.BufferedReader(_Utf8(io.TextIOWrapper(file, encoding)))
        head = head[: len(head) // 2 * 2].decode(encoding, errors="ignore").encode()
    elif _ends_lines_with_cr(head):
        notes.add("CR_LINES")
        stream = io.BufferedReader(_CrAsLf(file))
        head = head.replace(b"\r", b"\n")
    delimiter, first_line = _delimiter(head.removeprefix(_BOM))
    notes.add("DELIMITER", text=_NAMES[delimiter])
    parser = _Parser(delimiter, notes)
    return Sheet(name, lambda: _records(stream, name, first_line), parser.parse, is_text=True)


def _utf16(head: bytes) -> str:
    """The encoding's name when every second byte of the head is zero, or a mark says so."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:400:2].count(0), head[1:400:2].count(0)
    looked_at = len(head[:400]) // 2
    if looked_at >= 8 and odd > 0.8 * looked_at and not even:
        return "utf-16-le"
    return "utf-16-be" if looked_at >= 8 and even > 0.8 * looked_at and not odd else ""


def _ends_lines_with_cr(head: bytes) -> bool:
    """As the Macs of old; a line break within a cell may well be a LF there."""
    outside = b"".join(head.split(b'"')[::2])
    return b"\r" in outside and b"\n" not in outside


def _delimiter(head: bytes) -> tuple[str, int]:
    """The delimiter, and the line at which rows begin (2 after `sep=;`)."""
    lines = head.split(b"\n")[:_LOOKED_AT]
    first = lines[0].strip().lower() if lines else b""
    if first.startswith(b"sep=") and len(first) == 5 and chr(first[4]) in DELIMITERS:
        return chr(first[4]), 2
    if first == b"sep=":  # the tab itself was stripped
        return "\t", 2
    return max(DELIMITERS, key=lambda mark: _evenness(lines, mark.encode())), 1


def _evenness(lines: list[bytes], mark: bytes) -> int:
    """How many cells lie in lines that agree on their number; quoted parts do not count."""
    counts = Counter(sum(part.count(mark) for part in line.split(b'"')[::2]) for line in lines)
    return max((count * times for count, times in counts.items()), default=0)


class _Parser:
    def __init__(self, delimiter: str, notes: Notes) -> None:
        self._delimiter, self._notes = delimiter, notes

    def parse(self, raws: list[bytes]) -> list[Cells]:
        try:
            texts = [raw.decode() for raw in raws]
        except UnicodeDecodeError:
            texts = [self._decoded(raw) for raw in raws]
        delimiter = self._delimiter
        return [text.split(delimiter) if '"' not in text else self._quoted(text) for text in texts]

    def _decoded(self, raw: bytes) -> str:
        """UTF-8, else the old Windows code page; what neither knows is marked and refused with its cell."""
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self._notes.add("ENCODING")
            return raw.decode("cp1252", errors="replace")

    def _quoted(self, text: str) -> Cells:
        try:
            return next(csv.reader(io.StringIO(text, newline=""), delimiter=self._delimiter), [])
        except csv.Error:
            return []


def _records(file: IO[bytes], name: str, first_line: int) -> Iterator[Record]:
    """One record a line, or several lines while a quote is open."""
    line = 0
    for raw in _lines(file, name):
        line += 1
        if line == 1:
            raw = raw.removeprefix(_BOM)
        if line < first_line:
            continue
        start = line
        if b'"' in raw and raw.count(b'"') % 2:
            more = _until_closed(file, name, start, len(raw))
            line += len(more)
            raw += b"".join(more)
        if raw := raw.rstrip(b"\r\n"):
            yield start, raw


def _until_closed(file: IO[bytes], name: str, start: int, length: int) -> list[bytes]:
    """The lines that belong to the open quote of line `start`."""
    lines: list[bytes] = []
    while length <= RECORD_LIMIT and (line := file.readline(RECORD_LIMIT)):
        lines.append(line)
        length += len(line)
        if line.count(b'"') % 2:
            return lines
    raise FileRefused(
        _("Berkas %(name)s: tanda kutip di baris %(line)d tidak ditutup. Perbaiki baris itu.")
        % {"name": name, "line": start}
    )


def _lines(file: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        while raw := file.readline(RECORD_LIMIT):
            if len(raw) == RECORD_LIMIT:
                raise FileRefused(
                    _("Berkas %(name)s punya baris yang terlalu panjang. Simpan ulang sebagai CSV UTF-8.")
                    % {"name": name}
                )
            yield raw
    except UnicodeDecodeError:
        raise FileRefused(
            _("Huruf di berkas %(name)s terputus di tengah. Unduh ulang dari sumbernya.") % {"name": name}
        ) from None


class _Utf8(io.RawIOBase):
    """A text stream as UTF-8 bytes."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text, self._left = text, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._left:
            self._left = self._text.read(len(buffer) // 4).encode()
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


class _CrAsLf(io.RawIOBase):
    """Every CR as a LF; one within quotes stays in its cell, as a LF does."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(piece)] = piece
        return len(piece)
