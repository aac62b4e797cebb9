"""The receipt of a delivery on paper and as a table: what came, what became of it, who did what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from fpdf import FPDF

from bansos.common.office import OFFICE
from bansos.common.pdf import plain
from recipients.enums import FileKind, FixKind
from recipients.importing.issues import CODE_LABELS
from recipients.models import ImportBatch, ImportFix
from recipients.receipt import COUNT_LABELS
from recipients.roles import named

MOMENT = "j F Y H.i"
STAGES = {
    "validate": gettext_lazy("pemeriksaan"),
    "preview": gettext_lazy("pratinjau"),
    "apply": gettext_lazy("penerapan"),
    "publish": gettext_lazy("penerbitan"),
    "undo": gettext_lazy("pembatalan"),
    "decide": gettext_lazy("keputusan"),
}
Line = tuple[str, str]


def lines(batch: ImportBatch) -> list[Line]:
    """Name and value, in the order of the work; the last line is the SHA-256 of all before it."""
    told = [line for _heading, part in _parts(batch) for line in part]
    text = "".join(f"{name}={value}\n" for name, value in told)
    return [*told, (_("SHA-256 baris di atas (nama=nilai)"), hashlib.sha256(text.encode()).hexdigest())]


def _parts(batch: ImportBatch) -> list[tuple[str, list[Line]]]:
    found = [
        (_("Kiriman"), list(_delivery(batch))),
        (_("Isi berkas dan akibatnya"), list(_contents(batch))),
        (_("Siapa melakukan apa"), list(_who_did_what(batch))),
        (_("Lama pengerjaan"), list(_took(batch))),
    ]
    return [(heading, part) for heading, part in found if part]


def _delivery(batch: ImportBatch) -> Iterator[Line]:
    yield _("Kiriman nomor"), str(batch.pk)
    yield _("Rilis"), batch.release_label
    yield _("Data per"), date_format(batch.as_of, "j F Y")
    yield _("Buku kode"), batch.code_book
    yield _("Tahap"), str(batch.get_state_display())
    if batch.refusal:
        yield _("Sebab ditolak"), batch.refusal
    for name, digest in (
        (batch.family_file_name, batch.family_sha256),
        (batch.member_file_name, batch.member_sha256),
    ):
        if digest:
            yield _("Berkas"), name
            yield _("SHA-256 berkas"), digest


def _contents(batch: ImportBatch) -> Iterator[Line]:
    for key, label in COUNT_LABELS.items():
        if key in batch.counts:
            yield str(label), str(batch.counts[key])
    for code, count in batch.counts.get("refused_by_code", {}).items():
        yield _("ditolak: %s") % CODE_LABELS.get(code, code), str(count)


def _took(batch: ImportBatch) -> Iterator[Line]:
    for stage, label in STAGES.items():
        if stage in batch.stage_seconds:
            seconds = f"{batch.stage_seconds[stage]:.1f}".replace(".", ",")
            yield str(label), _("%s detik") % seconds


def _who_did_what(batch: ImportBatch) -> Iterator[Line]:
    yield _("diunggah"), _who(batch.received_by, batch.received_at)
    for event in batch.events.select_related("by"):
        note = f" ({event.note})" if event.note else ""
        yield str(event.get_kind_display()), _who(event.by, event.at) + note
    for guard in batch.guards.exclude(answered_at=None).select_related("answered_by"):
        told = {"answer": guard.answer, "who": _who(guard.answered_by, guard.answered_at)}
        yield _("ditahan: %s") % guard.message(), _('dijawab "%(answer)s", %(who)s') % told
    for fix in batch.fixes.select_related("by", "withdrawn_by").order_by("pk"):
        yield _("perbaikan %d") % fix.pk, _fix_in_words(fix)


def _fix_in_words(fix: ImportFix) -> str:
    """What was changed in how many rows, why and by whom; cells of single rows stay sealed."""
    told = [f"{fix.get_kind_display()} ({FileKind(fix.file).label})"]
    if fix.code:
        told.append(str(CODE_LABELS.get(fix.code, fix.code)))
    if fix.kind == FixKind.MAP:
        told.append(_('%(column)s: "%(written)s" menjadi "%(value)s"') % vars(fix))
    elif fix.column:
        told.append(fix.column)
    told += [_("%d baris") % fix.rows, _('alasan "%s"') % fix.reason, _who(fix.by, fix.at)]
    if fix.file_sha256:
        told.append(_("SHA-256 berkas perbaikan %s") % fix.file_sha256)
    if fix.withdrawn_at:
        told.append(_("dicabut oleh %s") % _who(fix.withdrawn_by, fix.withdrawn_at))
    return "; ".join(told)


def _who(user: Any, at: Any) -> str:
    return f"{named(user)}, {date_format(localtime(at), MOMENT)} WITA"


def pdf(batch: ImportBatch) -> bytes:
    page = FPDF(format="A4")
    page.set_title(_("Tanda terima kiriman %d") % batch.pk)
    page.set_auto_page_break(True, margin=16)
    page.add_page()
    page.set_font("helvetica", size=9)
    page.cell(0, 5, plain(OFFICE["name"]), new_x="LMARGIN", new_y="NEXT")
    page.set_font("helvetica", "B", 14)
    page.cell(0, 9, plain(_("Tanda terima kiriman data pusat")), new_x="LMARGIN", new_y="NEXT")
    seal = lines(batch)[-1]
    for heading, part in _parts(batch):
        _print(page, heading, part)
    _print(page, _("Untuk pemeriksa"), [seal])
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
