"""What the receipt of a list says (receipt_paper.py prints it): what came, what became of it, who did what."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recipients.importing.lists.issues import label
from recipients.list_receipt import ACTION_LABELS, ROW_LABELS
from recipients.models import ListDelivery
from recipients.receipt_paper import Line, Part, moment, seconds, who

STAGES = {
    "recognise": gettext_lazy("pengenalan kolom"),
    "check": gettext_lazy("pemeriksaan"),
    "apply": gettext_lazy("penerapan"),
}


def parts(delivery: ListDelivery) -> list[Part]:
    found = [
        (_("Daftar"), list(_delivery(delivery))),
        (_("Isi berkas dan akibatnya"), list(_contents(delivery))),
        (_("Siapa melakukan apa"), list(_who_did_what(delivery))),
        (_("Lama pengerjaan"), list(_took(delivery))),
    ]
    return [(heading, part) for heading, part in found if part]


def _delivery(delivery: ListDelivery) -> Iterator[Line]:
    yield _("Daftar nomor"), str(delivery.pk)
    yield _("Jenis daftar"), str(delivery.get_kind_display())
    yield _("Sumber"), delivery.source
    yield _("Tanggal daftar"), date_format(delivery.as_of, "j F Y")
    yield _("Isi"), _("daftar lengkap") if delivery.is_complete else _("sebagian")
    yield _("Tahap"), str(delivery.get_state_display())
    if delivery.refusal:
        yield _("Sebab ditolak"), delivery.refusal
    yield _("Berkas"), delivery.file_name
    yield _("SHA-256 berkas"), delivery.sha256
    if delivery.sheets:
        yield _("Lembar yang dipilih"), ", ".join(delivery.sheets)


def _contents(delivery: ListDelivery) -> Iterator[Line]:
    counts = delivery.counts
    for name, words in ROW_LABELS.items():
        if name in counts:
            yield str(words), str(counts[name])
    for name, words in ACTION_LABELS.items():
        if name in counts.get("actions", {}):
            yield _("akibat: %s") % words, str(counts["actions"][name])
    for code, count in counts.get("by_code", {}).items():
        yield _("belum terpakai: %s") % label(code), str(count)


def _who_did_what(delivery: ListDelivery) -> Iterator[Line]:
    yield _("diunggah"), who(delivery.received_by, delivery.received_at)
    if delivery.sheets_by and delivery.sheets_at:
        yield _("lembar dipilih"), who(delivery.sheets_by, delivery.sheets_at)
    if mapping := delivery.mapping:
        name = _("kolom dicocokkan (versi %d)") % mapping.version
        yield name, who(mapping.made_by, mapping.made_at)
    if delivery.approved_by and delivery.approved_at:
        yield _("disetujui"), who(delivery.approved_by, delivery.approved_at)
    if delivery.applied_at:
        yield _("diterapkan"), moment(delivery.applied_at)


def _took(delivery: ListDelivery) -> Iterator[Line]:
    for stage, words in STAGES.items():
        if stage in delivery.stage_seconds:
            yield str(words), seconds(delivery.stage_seconds[stage])
