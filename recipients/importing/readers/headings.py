"""Which row is the header: known names first, shape second; two lines that belong together become one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from recipients.importing.readers.tables import Cells

LOOKED_AT = 40  # rows within which a header must stand
_SIGNS = re.compile(r"[^a-z0-9]+")
_DIGITS = re.compile(r"[0-9]{4}")
# Headers of lists and releases as offices write them (domain.md 10): enough of them tell the row, whatever their field.
KNOWN = frozenset(
    """no nomor nik no_nik nik_ktp nik_penerima nik_pengurus nik_mask nomor_induk_kependudukan no_kk nokk nkk nokk_mask
    nomor_kk nomor_kartu_keluarga kk nama nama_lengkap nama_penerima nama_pengurus nama_krt nama_anggota_keluarga
    nama_kepala_keluarga alamat rt rw dusun desa kelurahan desa_kelurahan kelurahan_desa kel kec kecamatan kab kabupaten
    kabupaten_kota prov provinsi kode_wilayah kode_kelurahan_desa kdprop kdkab kdkec kddesa desil desil_nasional
    peringkat jenis_kelamin tanggal_lahir tgl_lahir tempat_lahir status keterangan ket program bantuan tahap periode
    nominal jumlah jumlah_anggota_keluarga bank lembaga_penyalur no_rekening norekening_mask no_kks tanggal jenis
    peserta no_peserta status_hubungan_keluarga status_kawin kode_bps kode_kemendagri pekerjaan sumber catatan
    """.split()  # noqa: SIM905 - a page of words, not a list of quotes
)


@dataclass(frozen=True)
class Heading:
    at: int  # the place of its first row among the rows looked at
    rows: int  # 1, or 2 when merged
    columns: list[str]


def plain(cell: str) -> str:
    """`No. KK ` as `no_kk`."""
    return _SIGNS.sub("_", cell.lower()).strip("_")


def find(rows: Sequence[Cells], wanted: frozenset[str] = frozenset()) -> Heading:
    """The header among the first rows; the first row when nothing looks like one."""
    known = KNOWN | wanted
    scores = [_score(row, known) for row in rows]
    best = max(range(len(rows)), key=lambda at: (scores[at], -at))
    if scores[best] < min(2, len(_filled(rows[best]))):
        best = _by_shape(rows)
    if (
        best
        and _completes(rows[best - 1], rows[best])
        and _filled(rows[best - 1])[:2] != _filled(rows[best - 1])[:1]
    ):
        return Heading(best - 1, 2, _merged(rows[best - 1], rows[best]))
    if best + 1 < len(rows) and _completes(rows[best], rows[best + 1]):
        return Heading(best, 2, _merged(rows[best], rows[best + 1]))
    return Heading(best, 1, list(rows[best]))


def _score(row: Cells, known: frozenset[str]) -> int:
    return sum(1 for cell in row if cell and plain(cell) in known)


def _filled(row: Cells) -> list[str]:
    return [cell for cell in row if cell.strip()]


def _by_shape(rows: Sequence[Cells]) -> int:
    """The first row of words that is about as wide as the widest."""
    widest = max(len(_filled(row)) for row in rows)
    for at, row in enumerate(rows):
        filled = _filled(row)
        if len(filled) >= max(0.6 * widest, 1) and all(_is_words(cell) for cell in filled):
            return at
    return 0


def _is_words(cell: str) -> bool:
    return any(letter.isalpha() for letter in cell) and not _DIGITS.search(cell)


def _completes(upper: Cells, lower: Cells) -> bool:
    """Whether the lower row names what the upper leaves blank: `ASET | | ` over `MOBIL | MOTOR | KULKAS`."""
    filled = [at for at, cell in enumerate(lower) if cell.strip()]
    if not filled or not all(_is_words(lower[at]) for at in filled):
        return False
    blanks = [at for at in filled if at >= len(upper) or not upper[at].strip()]
    both = [at for at in filled if at < len(upper) and upper[at].strip()]
    return bool(blanks) and bool(both) and len(filled) < len(lower) + 1 and _is_blank_below(upper, lower)


def _is_blank_below(upper: Cells, lower: Cells) -> bool:
    """Merged headers leave blanks in the lower row, or have a blank right of every group."""
    return any(cell.strip() and (at >= len(lower) or not lower[at].strip()) for at, cell in enumerate(upper))


def _merged(upper: Cells, lower: Cells) -> list[str]:
    columns: list[str] = []
    group = ""
    for at in range(max(len(upper), len(lower))):
        top = upper[at].strip() if at < len(upper) else ""
        below = lower[at].strip() if at < len(lower) else ""
        group = top or (group if below else "")
        columns.append(f"{group} {below}".strip() if below else top)
    return columns
