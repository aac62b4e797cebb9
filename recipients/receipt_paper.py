"""A receipt on paper and as a table, whatever came: named parts of lines, the last line the hash of all before it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from fpdf import FPDF

from bansos.common import csvout
from bansos.common.office import OFFICE
from bansos.common.pdf import plain
from recipients.roles import named

MOMENT = "j F Y H.i"
Line = tuple[str, str]
Part = tuple[str, list[Line]]


def lines(parts: list[Part]) -> list[Line]:
    """Name and value, in the order of the work; the last line is the SHA-256 of all before it."""
    told = [line for _heading, part in parts for line in part]
    text = "".join(f"{name}={value}\n" for name, value in told)
    return [*told, (_("SHA-256 baris di atas (nama=nilai)"), hashlib.sha256(text.encode()).hexdigest())]


def moment(at: datetime) -> str:
    return f"{date_format(localtime(at), MOMENT)} WITA"


def who(user: Any, at: Any) -> str:
    return f"{named(user)}, {moment(at)}"


def seconds(taken: float) -> str:
    return _("%s detik") % f"{taken:.1f}".replace(".", ",")


def answer(parts: list[Part], *, title: str, name: str, as_csv: bool) -> HttpResponseBase:
    """For the browser to keep: a PDF, or the same lines as CSV."""
    if as_csv:
        return csvout.answer(f"{name}.csv", ("hal", "isi"), lines(parts))
    sent = HttpResponse(pdf(parts, title), content_type="application/pdf")
    sent["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    sent["Cache-Control"] = "no-store"
    return sent


def pdf(parts: list[Part], title: str) -> bytes:
    page = FPDF(format="A4")
    page.set_title(title)
    page.set_auto_page_break(True, margin=16)
    page.add_page()
    page.set_font("helvetica", size=9)
    page.cell(0, 5, plain(OFFICE["name"]), new_x="LMARGIN", new_y="NEXT")
    page.set_font("helvetica", "B", 14)
    page.cell(0, 9, plain(title), new_x="LMARGIN", new_y="NEXT")
    for heading, part in [*parts, (_("Untuk pemeriksa"), lines(parts)[-1:])]:
        _print(page, heading, part)
    return bytes(page.output())


def _print(page: FPDF, heading: str, part: list[Line]) -> None:
    page.ln(3)
    page.set_font("helvetica", "B", 10)
    page.cell(0, 6, plain(heading), new_x="LMARGIN", new_y="NEXT")
    page.set_font("helvetica", size=9)
    page.set_draw_color(190)
    with page.table(
        col_widths=(70, 120),
        line_height=5.2,
        text_align="LEFT",
        v_align="TOP",
        borders_layout="HORIZONTAL_LINES",
        first_row_as_headings=False,
    ) as table:
        for name, value in part:
            table.row([plain(name), plain(value)])
