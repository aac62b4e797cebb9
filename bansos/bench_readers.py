"""The part of `make bench` about workbooks: rows a second of our reader against openpyxl, in the same run.

Both read the same member file; ours also gives every row as text. Its card numbers and NIKs are text, as the centre
sends them; a second small workbook holds NIKs of Papua in number cells, where readers that use floats lose a digit.
"""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROWS_OF_OPENPYXL = 3000  # it is slow, and its speed is even
ROWS_READ = 40_000


def measure(workplace: Path) -> dict[str, Any]:
    from recipients.synthetic.district import District

    families = ROWS_READ // 3
    District(families=families, seed=12, releases=1, start="2025-Q4", changed=0.12).write(workplace, "xlsx")
    book = workplace / "2025-Q4" / "anggota.xlsx"
    ours, theirs = _speed(_ours, book), _speed(_openpyxl, book)
    return {
        "xlsx_rows_per_second": round(ours),
        "xlsx_openpyxl_rows_per_second": round(theirs),
        "xlsx_speedup": round(ours / theirs, 1),
        "xlsx_peak_mb": _peak(book),
        "xlsx_identifiers_exact": _are_exact(),
    }


def _speed(read: Callable[[Path], int], book: Path) -> float:
    """Rows a CPU second."""
    started = time.process_time()
    rows = read(book)
    return rows / max(time.process_time() - started, 1e-6)


def _ours(book: Path) -> int:
    from recipients.importing.readers import open_table

    with book.open("rb") as file:
        return sum(1 for _row in open_table(file, book.name).rows())


def _openpyxl(book: Path) -> int:
    from openpyxl import load_workbook

    rows = (
        load_workbook(book, read_only=True, data_only=True)
        .worksheets[0]
        .iter_rows(values_only=True, max_row=ROWS_OF_OPENPYXL)
    )
    return sum(1 for _row in rows)


def _peak(book: Path) -> int:
    """What reading adds at most, in MB of Python's own memory."""
    tracemalloc.start()
    _ours(book)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round(peak / 1_000_000)


def _are_exact() -> bool:
    """Whether number cells of every province, those above 2^53 too, keep all sixteen digits."""
    from recipients.importing.readers import open_table

    numbers = [
        f"{province}0399120180{serial:04d}" for province in range(11, 97) for serial in range(9001, 9012)
    ]
    book = io.BufferedReader(io.BytesIO(_number_cells(numbers)))
    return [cells[0] for _line, cells in open_table(book, "papua.xlsx").rows()] == numbers


def _number_cells(numbers: list[str]) -> bytes:
    """A workbook as software that is not Excel writes it: the digits as they are, in cells of numbers."""
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{number}</v></c></row>' for row, number in enumerate(numbers, 2)
    )
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>nik</t></is></c></row>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="a" id="r1"/></sheets></workbook>')
        parts.writestr("xl/_rels/workbook.xml.rels", '<r><r Id="r1" Target="worksheets/sheet1.xml"/></r>')
        parts.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{head}{rows}</sheetData></worksheet>"
        )
    return out.getvalue()
