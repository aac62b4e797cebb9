"""The files of one release: CSV as the centre sends it, or a spreadsheet with identifiers as text cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

import xlsxwriter

from recipients.importing.layouts import CARD_NO, FAMILY_HEADERS, MEMBER_HEADERS, NIK

FAMILY_FILE, MEMBER_FILE = "keluarga", "anggota"
SHEET_ROWS = 1_048_576  # the format's own limit; more rows go on in the next sheet, under the same header
# Text even where it looks like a number: identifiers, codes with a leading zero, dates.
TEXT_HEADERS = frozenset({CARD_NO, NIK, "id_pelanggan_pln", "tanggal_lahir", "rt_ktp", "rw_ktp"})


class Table(Protocol):
    def write(self, rows: str) -> None: ...

    def close(self) -> None: ...


class CsvTable:
    def __init__(self, path: Path, headers: Iterable[str]) -> None:
        self._out: IO[str] = path.with_suffix(".csv").open(
            "w", encoding="utf-8", newline="\n", buffering=1 << 18
        )
        self._out.write(",".join(headers) + "\n")

    def write(self, rows: str) -> None:
        self._out.write(rows)

    def close(self) -> None:
        self._out.close()


class XlsxTable:
    def __init__(self, path: Path, headers: tuple[str, ...]) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(str(path.with_suffix(".xlsx")), options)
        self._headers = headers
        self._name, self._sheets = path.name, 0
        self._is_number = [not _is_text(header) for header in headers]
        self._start_sheet()

    def write(self, rows: str) -> None:
        for row in rows.splitlines():
            if self._next == SHEET_ROWS:
                self._start_sheet()
            self._write_row(row.split(","))

    def close(self) -> None:
        self._book.close()

    def _start_sheet(self) -> None:
        self._sheets += 1
        name = self._name if self._sheets == 1 else f"{self._name} {self._sheets}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.write_row(0, 0, self._headers)
        self._next = 1

    def _write_row(self, cells: list[str]) -> None:
        at = self._next
        for column, (cell, is_number) in enumerate(zip(cells, self._is_number, strict=True)):
            if not cell:
                continue
            if is_number:
                self._sheet.write_number(at, column, int(cell))
            else:
                self._sheet.write_string(at, column, cell)
        self._next += 1


def _is_text(header: str) -> bool:
    is_place_or_name = header.startswith(
        ("kode_", "nama", "alamat", "dusun", "kelurahan", "kecamatan", "kabupaten")
    )
    return header in TEXT_HEADERS or is_place_or_name or header.startswith("provinsi")


KINDS: dict[str, tuple[Callable[[Path, tuple[str, ...]], Table], ...]] = {
    "csv": (CsvTable,),
    "xlsx": (XlsxTable,),
    "both": (CsvTable, XlsxTable),
}
FORMATS = tuple(KINDS)


class ReleaseFiles:
    """Both files of a release, in every format asked for; written row by row, so memory stays flat."""

    def __init__(self, folder: Path, file_format: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        kinds = KINDS[file_format]
        self._families: list[Table] = [kind(folder / FAMILY_FILE, FAMILY_HEADERS) for kind in kinds]
        self._members: list[Table] = [kind(folder / MEMBER_FILE, MEMBER_HEADERS) for kind in kinds]

    def write(self, row: str, member_rows: str) -> None:
        for table in self._families:
            table.write(row)
        for table in self._members:
            table.write(member_rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as closing:
            for table in (*self._families, *self._members):
                closing.callback(table.close)
