"""What reading met that is no fault of a row, to be told to the person: skipped rows, hidden sheets, guesses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "TITLE_ROWS": _("{count} baris di atas judul kolom dilewati. Judul kolom ada di baris {line}."),
    "HEADER_TWO_LINES": _("Judul kolom terdiri dari dua baris, yaitu baris {line} dan sesudahnya. Digabung."),
    "HEADER_AGAIN": _("Judul kolom berulang {count} kali (pertama di baris {line}). Dilewati."),
    "COLUMN_NUMBERS": _("{count} baris nomor urut kolom dilewati (pertama baris {line})."),
    "TOTAL_ROWS": _("{count} baris jumlah dilewati (pertama baris {line})."),
    "FOOTER_ROWS": _("{count} baris tanda tangan atau catatan dilewati (pertama baris {line})."),
    "GROUP_ROWS": _("{count} baris judul kelompok dilewati (pertama baris {line})."),
    "HIDDEN_SHEETS": _(
        "Lembar tersembunyi tidak dimuat: {text}. Bila isinya data, pilih lembar itu di daftar lembar."
    ),
    "HIDDEN_ROWS": _("{count} baris tersembunyi ikut dimuat. Mungkin saringan di Excel masih menyala."),
    "SHEETS_TAKEN": _("{count} lembar dimuat berurutan: {text}."),
    "SHEETS_LEFT": _(
        "Lembar dengan judul kolom lain tidak dimuat: {text}. Bila perlu, simpan sebagai berkas sendiri lalu unggah."
    ),
    "SHEETS_NOT_CHOSEN": _("{count} lembar tidak dipilih, jadi tidak dimuat: {text}."),
    "SHEET_FULL": _("Lembar terisi sampai baris terakhir yang mungkin. Mungkin sebagian data terpotong."),
    "COLUMNS_UNUSED": _(
        "Kolom yang tidak dipakai: {text}. Isinya tidak dimuat, tetapi tetap ada di berkas asli yang disimpan."
    ),
    "CELLS_OUTSIDE": _("{count} baris punya isi di luar judul kolom. Isi itu tidak dimuat."),
    "ENCODING": _("Sebagian baris memakai huruf Windows lama. Cek ejaan nama dengan huruf seperti \u00e9."),
    "BIRTH_DIFFERS": _(
        "{count} baris: tanggal lahir berbeda dari NIK (pertama baris {line}). Hanya peringatan; NIK tidak berubah."
    ),
    "SEX_DIFFERS": _(
        "{count} baris: jenis kelamin berbeda dari NIK (pertama baris {line}). Hanya peringatan."
    ),
    "NAME_DECEASED": _(
        "{count} baris: nama memakai ALM. atau ALMH. (pertama baris {line}). Cek ke Dukcapil; bila benar meninggal, "
        "minta pengganti pengurus."
    ),
    "UTF16": _("Berkas memakai UTF-16. Isinya terbaca."),
    "CR_LINES": _("Baris diakhiri CR saja, cara Mac lama. Isinya terbaca."),
    "HTML_TABLE": _("Berkas ini halaman web yang diberi nama Excel. Tabelnya terbaca."),
    "DELIMITER": _("Pemisah kolom: {text}."),
}


@dataclass(frozen=True)
class Note:
    code: str
    count: int = 0
    line: int = 0  # the first of the rows meant
    text: str = ""

    def message(self) -> str:
        return str(MESSAGES[self.code]).format(count=self.count, line=self.line, text=self.text)


class Notes:
    """Counts while the file streams past; the first line of each kind is kept."""

    def __init__(self) -> None:
        self.format = ""  # what the file is by its content: CSV, XLSX, ...
        self._found: dict[str, Note] = {}

    def add(self, code: str, *, count: int = 1, line: int = 0, text: str = "") -> None:
        known = self._found.get(code)
        if known:
            texts = ", ".join(filter(None, (known.text, text)))[:400]
            self._found[code] = Note(code, known.count + count, known.line or line, texts)
        else:
            self._found[code] = Note(code, count, line, text[:400])

    def all(self) -> list[Note]:
        """In the order of MESSAGES, that is from the top of the file down."""
        return [self._found[code] for code in MESSAGES if code in self._found]

    def as_json(self) -> list[dict[str, Any]]:
        return [{"code": n.code, "count": n.count, "line": n.line, "text": n.text} for n in self.all()]


def from_json(kept: list[dict[str, Any]]) -> list[Note]:
    return [Note(**one) for one in kept]
