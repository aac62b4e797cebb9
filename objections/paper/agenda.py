"""The agenda of a deliberation on A4: families with room for what is said of each, and for signatures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from fpdf import FPDF

from bansos.common.office import OFFICE
from bansos.common.pdf import plain
from objections.models import Musdes


def pdf(musdes: Musdes, rows: Iterable[Sequence[str]]) -> bytes:
    """`rows`: number of the case, head, address, what is disputed, result, note."""
    sheet = FPDF(orientation="landscape", format="A4")
    sheet.set_title(_("Acara musyawarah desa"))
    sheet.set_auto_page_break(True, margin=15)
    sheet.add_page()
    sheet.set_font("helvetica", "B", 14)
    place = _("Acara musyawarah desa %s") % musdes.village.name
    sheet.cell(0, 8, plain(place), new_x="LMARGIN", new_y="NEXT")
    sheet.set_font("helvetica", size=10)
    when = f"{date_format(musdes.held_on, 'j F Y')} · {musdes.place} · {OFFICE['name']}"
    sheet.cell(0, 6, plain(when), new_x="LMARGIN", new_y="NEXT")
    rule = _("Keterangan tentang keadaan keluarga; desil ditentukan pusat. Jangan ditempel di tempat umum.")
    sheet.cell(0, 6, plain(rule), new_x="LMARGIN", new_y="NEXT")
    sheet.ln(2)
    sheet.set_font("helvetica", size=9)
    with sheet.table(
        col_widths=(15, 32, 46, 56, 60, 30, 38), line_height=6, padding=1, text_align="L"
    ) as table:
        told = (
            _("Nomor"),
            _("Sanggahan"),
            _("Kepala keluarga"),
            _("Alamat"),
            _("Yang tidak benar"),
            _("Hasil"),
            _("Catatan"),
        )
        table.row(told)
        for number, row in enumerate(rows, start=1):
            table.row([str(number), *(plain(cell) for cell in row)])
    sheet.ln(6)
    sheet.set_font("helvetica", size=10)
    for signer in (_("Kepala desa/lurah"), _("Operator desa"), _("Wakil warga")):
        sheet.cell(85, 6, plain(signer))
    sheet.ln(20)
    for _signer in range(3):
        sheet.cell(85, 6, "." * 36)
    return bytes(sheet.output())
