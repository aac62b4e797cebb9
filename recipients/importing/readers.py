"""The only module that opens spreadsheets. A file becomes a header and a stream of raw records, which are parsed only
when somebody needs their cells: a record that stands in the registry is recognised by its bytes alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

csv.field_size_limit(1_000_000)
DELIMITERS = ",;\t|"
RECORD_LIMIT = 1_000_000  # bytes: a quote that is never closed must not swallow the file
_CELL, _NUMBER = "\x1f", "\x1e"  # how a sheet's row is written as one raw record

Record = tuple[int, bytes]  # line in the file (the header is line 1), raw record


class FileRefused(ValueError):
    """The whole file cannot be read; the message says what was met and what to do, in Indonesian."""


class NumberText(str):
    """Text made from a number cell: its digits may already be damaged (domain.md 9), so an identifier is refused."""

    __slots__ = ()


@dataclass(frozen=True)
class Table:
    header: list[str]
    records: Iterator[Record]
    parse: Callable[[list[bytes]], list[list[str]]]  # raw records -> their cells, in order


def open_table(file: io.BufferedReader, name: str) -> Table:
    head = file.peek(8)[:8]
    if not head:
        raise FileRefused(_("Berkas %(name)s kosong (0 byte). Unduh ulang dari sumbernya.") % {"name": name})
    if head.startswith(b"PK\x03\x04"):
        return _open_xlsx(file, name)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _open_csv(io.BufferedReader(_Utf8(io.TextIOWrapper(file, "utf-16"))), name)
    return _open_csv(file, name)


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


def _open_csv(file: IO[bytes], name: str) -> Table:
    first = next(_lines(file, name), b"").removeprefix(b"\xef\xbb\xbf")
    delimiter = max(DELIMITERS, key=lambda mark: first.count(mark.encode()))

    def parse(raws: list[bytes]) -> list[list[str]]:
        try:
            texts = [raw.decode() for raw in raws]
        except UnicodeDecodeError:
            raise FileRefused(
                _("Huruf di berkas %(name)s tidak terbaca sebagai UTF-8. Simpan ulang sebagai CSV UTF-8.")
                % {"name": name}
            ) from None
        return [text.split(delimiter) if '"' not in text else _quoted(text, delimiter) for text in texts]

    return Table(_clean_header(parse([first.rstrip(b"\r\n")])[0], name), _csv_records(file, name), parse)


def _quoted(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return []


def _csv_records(file: IO[bytes], name: str) -> Iterator[Record]:
    """One record a line, or several lines while a quote is open."""
    line = 1
    for raw in _lines(file, name):
        line += 1
        start = line
        while b'"' in raw and raw.count(b'"') % 2:
            more = file.readline()
            line += 1
            if not more or len(raw) > RECORD_LIMIT:
                raise FileRefused(
                    _("Berkas %(name)s: tanda kutip di baris %(line)d tidak ditutup. Perbaiki baris itu.")
                    % {"name": name, "line": start}
                )
            raw += more
        if raw := raw.rstrip(b"\r\n"):
            yield start, raw


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


def _open_xlsx(file: IO[bytes], name: str) -> Table:
    """Exact but slow: openpyxl keeps every digit of a number cell and says which cells are numbers."""
    from openpyxl import load_workbook

    try:
        sheet = load_workbook(io.BytesIO(file.read()), read_only=True, data_only=True).worksheets[0]
    except Exception as error:
        raise _broken_workbook(name) from error
    rows = _sheet_rows(sheet, name)
    header = _clean_header([str(value or "") for value in next(rows, ())], name)
    width = len(header)
    records = (
        (line, _CELL.join(map(_cell, row[:width])).encode())
        for line, row in enumerate(rows, 2)
        if any(row[:width])
    )
    return Table(header, records, lambda raws: [_sheet_cells(raw) for raw in raws])


def _sheet_rows(sheet: Any, name: str) -> Iterator[tuple[Any, ...]]:
    try:
        yield from sheet.iter_rows(values_only=True)
    except Exception as error:  # openpyxl raises what its parser raises
        raise _broken_workbook(name) from error


def _broken_workbook(name: str) -> FileRefused:
    return FileRefused(
        _("Berkas %(name)s bukan XLSX yang utuh. Buka di Excel, lalu simpan ulang sebagai XLSX.")
        % {"name": name}
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.translate({0x1E: None, 0x1F: None})
    if isinstance(value, float) and value.is_integer():
        return f"{_NUMBER}{int(value)}"
    if isinstance(value, int | float):
        return f"{_NUMBER}{value}"
    return value.date().isoformat() if hasattr(value, "date") else str(value)


def _sheet_cells(raw: bytes) -> list[str]:
    cells = raw.decode().split(_CELL)
    return [NumberText(cell[1:]) if cell.startswith(_NUMBER) else cell for cell in cells]


def _clean_header(header: list[str], name: str) -> list[str]:
    cleaned = [cell.strip().lower() for cell in header]
    while cleaned and not cleaned[-1]:
        cleaned.pop()
    twice = sorted({cell for cell in cleaned if cell and cleaned.count(cell) > 1})
    if twice:
        raise FileRefused(
            _("Berkas %(name)s punya judul kolom ganda: %(columns)s. Hapus salah satu.")
            % {"name": name, "columns": ", ".join(twice)}
        )
    return cleaned
