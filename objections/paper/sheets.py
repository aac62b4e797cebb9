"""Letters as PDF: A4, the address where the window of an envelope is (DIN 5008 B), the version in the foot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from fpdf import FPDF

from bansos.common.office import OFFICE
from bansos.common.pdf import plain
from objections.paper.text import Block

LEFT, TOP, WIDTH = 25, 20, 160
WINDOW_LEFT, WINDOW_TOP = 25, 47
BODY_TOP = 92
LINE = 5.4


@dataclass(frozen=True)
class Page:
    """One letter, all its words ready. `version` names the text it was made of."""

    title: str
    blocks: list[Block]
    version: str
    date: str
    address: list[str] = field(default_factory=list)


def pdf(pages: Iterable[Page]) -> bytes:
    sheets = _Sheets()
    for page in pages:
        sheets.write(page)
    return bytes(sheets.output())


class _Sheets(FPDF):
    def __init__(self) -> None:
        super().__init__(format="A4")
        self._version, self._first = "", 1
        self.set_title(_("Surat"))
        self.set_margins(LEFT, TOP, 210 - LEFT - WIDTH)
        self.set_auto_page_break(True, margin=24)

    def write(self, page: Page) -> None:  # type: ignore[override]
        self.add_page()  # draws the foot of the page before, which belongs to the letter before
        self._version, self._first = page.version, self.page_no()
        self._head(page)
        self.set_xy(LEFT, BODY_TOP)
        self.set_font("helvetica", "B", 13)
        self.multi_cell(0, 6.5, plain(page.title), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)
        for block in page.blocks:
            self._block(block)

    def _head(self, page: Page) -> None:
        self.set_font("helvetica", "B", 13)
        self.cell(0, 6, plain(OFFICE["name"]), new_x="LMARGIN", new_y="NEXT")
        self.set_font("helvetica", size=10)
        contact = _("Telepon %(phone)s · %(site)s") % {"phone": OFFICE["phone"], "site": OFFICE["address"]}
        self.cell(0, 5, plain(contact), new_x="LMARGIN", new_y="NEXT")
        self.line(LEFT, self.get_y() + 2, LEFT + WIDTH, self.get_y() + 2)
        self.set_xy(WINDOW_LEFT, WINDOW_TOP)
        self.set_font("helvetica", size=11)
        for line in page.address:
            self.multi_cell(85, 5, plain(line), align="L", new_x="LMARGIN", new_y="NEXT")
        self.set_xy(LEFT, BODY_TOP - 10)
        self.cell(0, 5, plain(page.date), align="R")

    def _block(self, block: Block) -> None:
        self.set_font("helvetica", size=11)
        if block.kind == "code":
            self._code(" ".join(block.lines))
            return
        for line in block.lines:
            if block.kind == "list":
                self.set_x(LEFT + 2)
                self.cell(4, LINE, "-")
            self.multi_cell(0, LINE, plain(line), align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(2.4)

    def _code(self, code: str) -> None:
        self.set_font("courier", "B", 20)
        self.ln(1)
        self.cell(
            self.get_string_width(code) + 10, 12, code, border=1, align="C", new_x="LMARGIN", new_y="NEXT"
        )
        self.ln(3)

    def footer(self) -> None:
        self.set_y(-18)
        self.set_font("helvetica", size=8)
        warning = _("Gratis. Petugas tidak pernah meminta uang, PIN, atau kode bank.")
        self.cell(0, 4, plain(warning), new_x="LMARGIN", new_y="NEXT")
        page = _("halaman %d") % (self.page_no() - self._first + 1)
        self.cell(0, 4, plain(f"{self._version} · {page}"))
