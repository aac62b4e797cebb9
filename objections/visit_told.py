"""What the family reads of visits (ux.md 5.4 R12): the day, whether somebody was met, how much differs from the data.

Number and PIN open no data of a family, so what was seen beside what is recorded is shown only to somebody who
opened the family with its code (docs/decisions/0028). The visitor's own words are never shown: they may speak of
neighbours. Whoever reported somebody else reads nothing of a visit there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from objections import services, visit_page
from objections.enums import Kind, NotMet
from objections.models import FieldVisit, Objection

WHY_NOT_MET: dict[str, Any] = {
    NotMet.AWAY: gettext_lazy("Tidak ada orang di rumah."),
    NotMet.MOVED: gettext_lazy("Di alamat itu petugas mendengar bahwa keluarga sudah pindah."),
    NotMet.NOT_FOUND: gettext_lazy("Petugas tidak menemukan rumahnya."),
    NotMet.REFUSED: gettext_lazy("Menurut catatan petugas, kunjungan ditolak."),
    NotMet.NO_ROAD: gettext_lazy("Jalan ke rumah tidak bisa dilewati."),
}


@dataclass(frozen=True)
class Told:
    """One visit in sentences; `lines` only for a family that was opened with its code."""

    sentences: list[str]
    is_planned: bool = False
    is_missed: bool = False
    lines: list[visit_page.Line] = field(default_factory=list)


def of_case(objection: Objection, *, opened_family: int | None) -> list[Told]:
    """The newest first; `opened_family` is the family whose code the reader typed."""
    if objection.kind == Kind.WELL_OFF:
        return []
    is_own = objection.family_id is not None and objection.family_id == opened_family
    visits = objection.visits.all()
    if objection.state not in services.VISITED_IN:
        visits = visits.done()
    return [_told(visit, is_own) for visit in visits]


def _told(visit: FieldVisit, is_own: bool) -> Told:
    if visit.done_at is None:
        day = date_format(visit.for_day, "l, j F Y")
        return Told([_("Petugas datang pada %s.") % day, _("Siapkan KTP dan KK.")], is_planned=True)
    day = date_format(timezone.localdate(visit.done_at), "j F Y")
    if visit.not_met:
        came = _("Petugas datang pada %s, tetapi tidak bertemu keluarga Anda.") % day
        return Told([came, str(WHY_NOT_MET[visit.not_met])], is_missed=True)
    came = _("Petugas datang pada %s dan bertemu keluarga Anda.") % day
    return Told([came, *_counted(visit)], lines=visit_page.house_lines(visit) if is_own else [])


def _counted(visit: FieldVisit) -> list[str]:
    seen, differing = len(visit.answers), len(visit.differing())
    if not seen:
        return [_("Petugas menulis apa yang dilihat dan didengar.")]
    noted = ngettext("Petugas mencatat %d hal.", "Petugas mencatat %d hal.", seen) % seen
    if not differing:
        return [noted, _("Semuanya sama dengan data.")]
    return [noted, ngettext("%d hal berbeda dari data.", "%d hal berbeda dari data.", differing) % differing]
