"""Rows that are no data: the header again, sums, signatures, names of groups. Asked about rows that are no good."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recipients.importing.readers.headings import plain
from recipients.importing.readers.tables import Cells

_IDENTIFIER = re.compile(r"[0-9*xX][0-9*xX .\-]{10,}")
_TOTAL = re.compile(r"(?:sub[ \-]?total|grand total|total|jumlah|rekapitulasi|jml)\b", re.IGNORECASE)
_GROUP = re.compile(
    r"(?:desa|kelurahan|kel|kecamatan|kec|dusun|lingkungan|kabupaten|kab|provinsi|rt|rw)\b", re.IGNORECASE
)
_FOOTER = re.compile(
    r"mengetahui|menyetujui|kepala (?:desa|dinas|bidang|seksi|dusun|wilayah)|\bcamat\b|\blurah\b|\bnip\b|tanda tangan"
    r"|\bttd\b|operator|\bcatatan\b|\bsumber\b|dicetak|halaman|keterangan *:|,? *[0-9]{1,2} [a-z]+ 20[0-9]{2}$|\*\)",
    re.IGNORECASE,
)
FEW = 4  # cells of a row that is no data


class Furniture:
    """Keeps what it has seen: after a signature, lone names belong to it until data go on."""

    def __init__(self, header: Sequence[str]) -> None:
        self._header = [plain(column) for column in header]
        self._after_footer = False

    def kind(self, cells: Cells) -> str:
        """The note's code, "BLANK", or "" for a row of data."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled:
            return "BLANK"
        if any(_IDENTIFIER.search(cell) and not _FOOTER.search(cell) for cell in filled):
            self._after_footer = False
            return ""
        if self._repeats_header(cells):
            return "HEADER_AGAIN"
        if _counts_columns(filled):
            return "COLUMN_NUMBERS"
        return self._without_identifier(filled)

    def _without_identifier(self, filled: list[str]) -> str:
        if any(_TOTAL.match(cell) for cell in filled[:3]):
            return "TOTAL_ROWS"
        if len(filled) > FEW:
            return ""
        if any(_FOOTER.search(cell) for cell in filled):
            self._after_footer = True
            return "FOOTER_ROWS"
        if _GROUP.match(filled[0]):
            return "GROUP_ROWS"
        if self._after_footer and not any(cell.isdecimal() for cell in filled):
            return "FOOTER_ROWS"
        return ""

    def _repeats_header(self, cells: Cells) -> bool:
        filled = [(at, plain(cell)) for at, cell in enumerate(cells) if cell.strip()]
        same = sum(1 for at, cell in filled if at < len(self._header) and cell and cell == self._header[at])
        return same >= min(2, len(self._header)) and same >= 0.6 * len(filled)


def _counts_columns(filled: list[str]) -> bool:
    """`(1) (2) (3)` under a header."""
    numbers = [cell.strip("() .") for cell in filled]
    return len(numbers) >= 3 and numbers == [str(number) for number in range(1, len(numbers) + 1)]
