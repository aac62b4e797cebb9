"""The hand-over pack: one ZIP with the list of proposals, their evidence and the contents with their hashes.

SIKS-NG takes no file (domain.md 6.5): an operator types the list there, so every row says all that has to be typed.
Nothing plain touches the disk; the ZIP is sealed while it is written, and evidence passes piece by piece.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from fpdf import FPDF

from bansos.common import xlsxout
from bansos.common.pdf import plain
from recipients import proposable
from recipients.importing import storage
from recipients.importing.storage import SealedWriter, Stored
from recipients.models import FamilyCardNumber, FamilyMembership, PersonNik, UpdateProposal, WelfareSnapshot

HEADER = (
    "no_usulan", "nomor_kartu_keluarga", "nama_kepala_keluarga", "kecamatan", "kelurahan_desa", "kode_kelurahan_desa",
    "nik_anggota", "nama_anggota", "data", "kode_tercatat", "arti_tercatat", "kode_diusulkan", "arti_diusulkan",
    "keterangan", "dasar", "nomor_dasar", "tanggal_dasar", "rujukan",
)  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """A photo or paper of one proposal, as a stream; `name` reveals nothing (foto-1.jpg)."""

    proposal: str
    name: str
    pieces: Iterable[bytes]


@dataclass(frozen=True)
class Entry:
    """One file of the pack as the list of contents names it."""

    name: str
    sha256: str
    size: int


def build_pack(
    *,
    number: str,
    proposals: list[UpdateProposal],
    evidence: Iterable[Evidence],
    made_by: str,
    made_at: datetime,
) -> Stored:
    """Write and seal the pack. On any error nothing stays behind."""
    writer = storage.writer(f"{number}.zip")
    try:
        with zipfile.ZipFile(_Unseekable(writer), "w", zipfile.ZIP_DEFLATED) as pack:
            entries = [_put(pack, f"bukti/{one.proposal}/{one.name}", one.pieces) for one in evidence]
            entries.append(_put(pack, "usulan.xlsx", xlsxout.pieces(HEADER, rows(proposals))))
            listing = contents(number, proposals, entries, made_by, made_at)
            entries.append(_put(pack, "daftar-isi.pdf", [listing]))
            _put(pack, "SHA256SUMS", ["".join(f"{e.sha256}  {e.name}\n" for e in entries).encode()])
    except BaseException:
        writer.abort()
        raise
    return writer.finish()


class _Unseekable(io.RawIOBase):
    """A ZIP's way into a stream that only goes forward."""

    def __init__(self, writer: SealedWriter) -> None:
        self._writer = writer

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._writer.write(bytes(piece))
        return len(piece)


def _put(pack: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> Entry:
    digest, size = hashlib.sha256(), 0
    with pack.open(name, "w", force_zip64=True) as out:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            out.write(piece)
    return Entry(name, digest.hexdigest(), size)


def rows(proposals: list[UpdateProposal]) -> Iterator[tuple[Any, ...]]:
    """A row for every fact to be typed, in the columns of HEADER."""
    families = [proposal.family_id for proposal in proposals]
    cards = {card.family_id: card.reveal() for card in FamilyCardNumber.objects.filter(family__in=families)}
    heads = WelfareSnapshot.objects.standing().filter(family__in=families).head_names()
    persons = {fact["person"] for proposal in proposals for fact in proposal.changed_facts if fact["person"]}
    niks = {nik.person_id: nik.reveal() for nik in PersonNik.objects.filter(person__in=persons)}
    names = FamilyMembership.objects.standing().filter(person__in=persons).names()
    for proposal in proposals:
        village = proposal.family.village
        for fact in proposal.changed_facts:
            told = proposable.FACTS[fact["field"]]
            yield (
                proposal.number,
                cards.get(proposal.family_id, ""),
                heads.get(proposal.family_id, ""),
                village.parent.name if village.parent else "",
                village.name,
                village.code.replace(".", ""),
                niks.get(fact["person"], ""),
                names.get(fact["person"], ""),
                fact["field"],
                _code(fact["recorded"]),
                told.say(fact["recorded"]),
                _code(fact["proposed"]),
                told.say(fact["proposed"]),
                fact["note"],
                proposal.get_basis_display(),
                proposal.basis_ref,
                proposal.basis_on.isoformat(),
                proposal.reference.removeprefix("objection:"),
            )


def _code(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


def contents(
    number: str,
    proposals: list[UpdateProposal],
    entries: list[Entry],
    made_by: str,
    made_at: datetime,
) -> bytes:
    """The list of contents as PDF: what is in the pack, with hashes, and where the two people sign. No NIK in it."""
    page = _Listing(number)
    page.add_page()
    page.set_font("helvetica", "B", 15)
    page.cell(0, 9, plain(_("Berkas kiriman %s") % number), new_x="LMARGIN", new_y="NEXT")
    page.set_font("helvetica", size=10)
    made = date_format(localtime(made_at), "j F Y, H.i")
    for line in (
        _("Dinas Sosial Kabupaten Lombok Timur"),
        _("Dibuat %(moment)s WITA oleh %(who)s") % {"moment": made, "who": made_by},
        _("%d usulan pembaruan data. Peringkat ditentukan pusat, bukan kabupaten.") % len(proposals),
    ):
        page.cell(0, 6, plain(line), new_x="LMARGIN", new_y="NEXT")
    page.ln(4)
    with page.table(col_widths=(28, 42, 42, 20, 48), line_height=5.5) as table:
        table.row([_("Usulan"), _("Kecamatan"), _("Desa"), _("Data"), _("Dasar")])
        for proposal in proposals:
            village = proposal.family.village
            table.row(
                [
                    proposal.number,
                    plain(village.parent.name if village.parent else ""),
                    plain(village.name),
                    str(len(proposal.changed_facts)),
                    plain(proposal.basis_ref),
                ]
            )
    page.ln(4)
    page.set_font("helvetica", size=7)
    with page.table(col_widths=(70, 16, 94), line_height=4) as table:
        table.row([_("Berkas"), _("Bita"), "SHA-256"])
        for entry in entries:
            table.row([entry.name, str(entry.size), entry.sha256])
    page.set_font("helvetica", size=10)
    page.ln(8)
    page.cell(90, 6, plain(_("Yang menyerahkan,")))
    page.cell(0, 6, plain(_("Yang menerima,")), new_x="LMARGIN", new_y="NEXT")
    page.ln(18)
    page.cell(90, 6, "." * 40)
    page.cell(0, 6, "." * 40)
    return bytes(page.output())


class _Listing(FPDF):
    def __init__(self, number: str) -> None:
        super().__init__(format="A4")
        self._number = number
        self.set_title(number)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("helvetica", size=8)
        self.cell(
            0, 5, plain(_("%(number)s, halaman %(page)d") % {"number": self._number, "page": self.page_no()})
        )
