"""The objection form on paper, blank: one A4 sheet, both sides, with the questions and numbers of the screens."""

from __future__ import annotations

from collections.abc import Iterable

import segno
from django.utils.translation import gettext as _
from fpdf import FPDF

from bansos.common.office import OFFICE
from bansos.common.pdf import plain
from objections.enums import Consent, NoticeBy, Reason
from objections.tokens import ERROR_LEVEL, QUIET_ZONE
from recipients.models import Region

BOX = 8.5  # mm: wide enough for a digit written by an unsteady hand
TICK = 5.5
MARGIN = 15
WIDTH = 180


def pdf(*, village: Region | None) -> bytes:
    """For one village, or with its name left open."""
    sheet = _Sheet(village)
    _identity(sheet)
    _reasons(sheet)
    sheet.add_page()
    _story(sheet)
    _contact(sheet)
    _signing(sheet)
    _slip(sheet)
    return bytes(sheet.output())


class _Sheet(FPDF):
    def __init__(self, village: Region | None) -> None:
        super().__init__(format="A4")
        self.village = f"{village.name} ({village.code})" if village else "_" * 28
        self.set_title(_("Formulir sanggahan"))
        self.set_margins(MARGIN, 12, MARGIN)
        self.set_auto_page_break(False)
        self.add_page()

    def header(self) -> None:
        self.set_font("helvetica", "B", 15)
        self.cell(0, 7, plain(_("Formulir sanggahan data bantuan")), new_x="LMARGIN", new_y="NEXT")
        self.set_font("helvetica", size=10)
        self.cell(0, 5, plain(f"{OFFICE['name']} · {OFFICE['phone']}"), new_x="LMARGIN", new_y="NEXT")
        words = _("Desa atau kelurahan: %s") % self.village
        self.cell(0, 6, plain(f"{words} · {_('Gratis')} · {_('sisi')} {self.page_no()}"))
        self._code(f"https://{OFFICE['address']}/sanggah/", MARGIN + WIDTH - 24, 8, 24)
        self.set_xy(MARGIN, 34)

    def _code(self, address: str, left: float, top: float, size: float) -> None:
        matrix = segno.make(address, error=ERROR_LEVEL, boost_error=True, micro=False).matrix
        step = size / (len(matrix) + 2 * QUIET_ZONE)
        for row, line in enumerate(matrix):
            for column, is_dark in enumerate(line):
                if is_dark:
                    x, y = left + (column + QUIET_ZONE) * step, top + (row + QUIET_ZONE) * step
                    self.rect(x, y, step, step, style="F")

    def question(self, text: str, hint: str = "") -> None:
        self.ln(2)
        self.set_font("helvetica", "B", 13)
        self.cell(0, 7, plain(text), new_x="LMARGIN", new_y="NEXT")
        if hint:
            self.line_of(hint)

    def line_of(self, text: str, style: str = "") -> None:
        self.set_font("helvetica", style, 11)
        self.multi_cell(0, 5.5, plain(text), new_x="LMARGIN", new_y="NEXT")

    def boxes(self, *groups: int) -> None:
        """Empty boxes, a gap between groups."""
        x, y = self.get_x(), self.get_y() + 1
        for count in groups:
            for _place in range(count):
                self.rect(x, y, BOX, BOX + 1)
                x += BOX
            x += 3
        self.set_xy(MARGIN, y + BOX + 3)

    def ticks(self, labels: Iterable[str]) -> None:
        self.set_font("helvetica", size=12)
        for label in labels:
            self.rect(self.get_x(), self.get_y() + 1, TICK, TICK)
            self.set_x(MARGIN + TICK + 4)
            self.cell(0, TICK + 2.6, plain(label), new_x="LMARGIN", new_y="NEXT")

    def ticks_beside(self, labels: Iterable[str]) -> None:
        """One line of boxes to tick."""
        self.set_font("helvetica", size=12)
        for label in labels:
            self.rect(self.get_x(), self.get_y() + 1, TICK, TICK)
            self.set_x(self.get_x() + TICK + 3)
            self.cell(self.get_string_width(plain(label)) + 8, TICK + 2.6, plain(label))
        self.ln(TICK + 2.6)

    def rules(self, count: int) -> None:
        """Lines to write on."""
        for _place in range(count):
            self.ln(9)
            self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(2)


def _identity(sheet: _Sheet) -> None:
    sheet.line_of(_("Sanggahan adalah permintaan agar data diperiksa lagi. Bantuan lain tidak berubah."))
    sheet.question("1. " + _("NIK dan tanggal lahir"), _("16 angka di KTP atau KK. Satu kotak satu angka."))
    sheet.boxes(4, 4, 4, 4)
    sheet.line_of(_("Tanggal, bulan, dan tahun lahir"))
    sheet.boxes(2, 2, 4)


def _reasons(sheet: _Sheet) -> None:
    sheet.question("2. " + _("Apa yang tidak benar?"), _("Boleh pilih lebih dari satu."))
    sheet.ticks(str(label) for label in Reason.labels)
    sheet.ln(2)
    sheet.line_of(_("Lanjut ke sisi 2."), "B")


def _story(sheet: _Sheet) -> None:
    sheet.question("3. " + _("Ceritakan dengan kata sendiri"), _("Boleh dilewati. Boleh bahasa Sasak."))
    sheet.rules(6)
    sheet.question("4. " + _("Kirim foto jika ada"))
    sheet.ticks([_("Ada foto atau surat yang dilampirkan, paling banyak 3")])


def _contact(sheet: _Sheet) -> None:
    sheet.question("5. " + _("Ke mana kami memberi kabar?"), _("Nomor HP"))
    sheet.boxes(4, 4, 5)
    sheet.ticks([_("Saya tidak punya HP")])
    sheet.line_of(_("Cara kami mengabari Anda. Tidak diisi berarti SMS."))
    sheet.ticks_beside(str(label) for label in NoticeBy.labels)
    sheet.line_of(_("Dusun dan desa:") + " " + "_" * 50)


def _signing(sheet: _Sheet) -> None:
    sheet.question("6. " + _("Periksa, lalu tanda tangan"))
    sheet.line_of(_("Keterangan saya benar menurut yang saya tahu."))
    sheet.line_of(_("Petugas boleh menyalin formulir ini dan membuka data keluarga saya untuk memeriksanya."))
    sheet.line_of(_("Saya menyetujui dengan cara:"))
    sheet.ticks(str(label).capitalize() for label in Consent.labels)
    top = sheet.get_y() + 1
    sheet.rect(MARGIN + WIDTH - 75, top, 75, 24)
    sheet.set_font("helvetica", size=9)
    sheet.text(MARGIN + WIDTH - 73, top + 22, plain(_("Tanda tangan atau cap jempol")))
    sheet.set_xy(MARGIN, top)
    sheet.set_font("helvetica", size=11)
    sheet.cell(60, 6, plain(_("Tanggal hari ini")), new_x="LMARGIN", new_y="NEXT")
    sheet.boxes(2, 2, 4)
    sheet.set_xy(MARGIN, top + 27)


def _slip(sheet: _Sheet) -> None:
    """What the person takes home until the form is keyed and the receipt is printed."""
    y = sheet.get_y()
    sheet.set_dash_pattern(dash=2, gap=1.5)
    sheet.line(MARGIN, y, MARGIN + WIDTH, y)
    sheet.set_dash_pattern()
    sheet.ln(3)
    sheet.line_of(_("Potong di sini. Bagian ini dibawa warga."), "B")
    sheet.ln(2)
    sheet.line_of(_("Formulir diserahkan tanggal") + " " + "_" * 18 + " " + _("kepada") + " " + "_" * 26)
    sheet.ln(2)
    sheet.line_of(_("Nomor sanggahan (ditulis petugas sesudah disalin):") + " SGH-" + "_" * 18)
    sheet.ln(1)
    sheet.line_of(_("Petugas tidak pernah meminta uang, PIN, atau kode bank."))
