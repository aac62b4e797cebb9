"""What the receipt of a delivery says (receipt_paper.py prints it): what came, what became of it, who did what."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recipients.enums import FileKind, FixKind
from recipients.importing.issues import CODE_LABELS
from recipients.models import ImportBatch, ImportFix
from recipients.receipt import COUNT_LABELS
from recipients.receipt_paper import Line, Part, seconds, who

STAGES = {
    "validate": gettext_lazy("pemeriksaan"),
    "preview": gettext_lazy("pratinjau"),
    "apply": gettext_lazy("penerapan"),
    "publish": gettext_lazy("penerbitan"),
    "undo": gettext_lazy("pembatalan"),
    "decide": gettext_lazy("keputusan"),
}


def parts(batch: ImportBatch) -> list[Part]:
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
    for kind, name, digest in (
        (FileKind.FAMILY, batch.family_file_name, batch.family_sha256),
        (FileKind.MEMBER, batch.member_file_name, batch.member_sha256),
    ):
        if digest:
            yield _("Berkas"), name
            yield _("SHA-256 berkas"), digest
        if chosen := batch.sheets.get(kind):
            yield _("Lembar yang dipilih"), ", ".join(chosen)


def _contents(batch: ImportBatch) -> Iterator[Line]:
    for key, label in COUNT_LABELS.items():
        if key in batch.counts:
            yield str(label), str(batch.counts[key])
    for code, count in batch.counts.get("refused_by_code", {}).items():
        yield _("ditolak: %s") % CODE_LABELS.get(code, code), str(count)


def _took(batch: ImportBatch) -> Iterator[Line]:
    for stage, label in STAGES.items():
        if stage in batch.stage_seconds:
            yield str(label), seconds(batch.stage_seconds[stage])


def _who_did_what(batch: ImportBatch) -> Iterator[Line]:
    yield _("diunggah"), who(batch.received_by, batch.received_at)
    for event in batch.events.select_related("by"):
        note = f" ({event.note})" if event.note else ""
        yield str(event.get_kind_display()), who(event.by, event.at) + note
    for guard in batch.guards.exclude(answered_at=None).select_related("answered_by"):
        told = {"answer": guard.answer, "who": who(guard.answered_by, guard.answered_at)}
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
    told += [_("%d baris") % fix.rows, _('alasan "%s"') % fix.reason, who(fix.by, fix.at)]
    if fix.file_sha256:
        told.append(_("SHA-256 berkas perbaikan %s") % fix.file_sha256)
    if fix.withdrawn_at:
        told.append(_("dicabut oleh %s") % who(fix.withdrawn_by, fix.withdrawn_at))
    return "; ".join(told)
