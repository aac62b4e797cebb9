"""What every state means for the citizen and for the clock: a line a state (ux.md 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from objections.enums import OUTCOMES, Kind, State, Step

STAGES = [_("Sudah masuk"), _("Sedang dicek"), _("Keputusan"), _("Menunggu pusat"), _("Selesai")]


@dataclass(frozen=True)
class Words:
    """`stage` is one of the five; `step` is what the office promised a time for, None where no clock runs."""

    stage: int
    label: Any
    sentence: Any
    holder: Any
    happened: Any
    step: Step | None = None


_OFFICE = _("Dinas Sosial")
_WAITING = _("Pengecekan sudah selesai. Dinas Sosial memutuskan sanggahan Anda.")

WORDS: dict[State, Words] = {
    State.SUBMITTED: Words(
        1,
        _("Sudah masuk"),
        _("Sanggahan Anda sudah masuk. Petugas akan membacanya."),
        _OFFICE,
        _("Sanggahan sudah masuk."),
        Step.TRIAGE,
    ),
    State.INCOMPLETE: Words(
        1,
        _("Perlu dilengkapi"),
        _("Kami perlu tambahan dari Anda. Lihat di bawah ini. Desa bisa membantu."),
        _("Anda"),
        _("Petugas meminta tambahan. Waktu kami berhenti dihitung."),
        Step.COMPLETION,
    ),
    State.CHECKING: Words(
        2,
        _("Sedang dicek"),
        _("Petugas sedang mengecek data Anda. Petugas bisa datang ke rumah."),
        _("Petugas Dinas Sosial"),
        _("Petugas mulai mengecek."),
        Step.VISIT,
    ),
    State.READY: Words(
        3, _("Menunggu keputusan"), _WAITING, _OFFICE, _("Pengecekan selesai."), Step.DECISION
    ),
    State.PROPOSED: Words(
        3, _("Menunggu keputusan"), _WAITING, _OFFICE, _("Keputusan disiapkan."), Step.DECISION
    ),
    State.UPHELD_HERE: Words(
        5,
        _("Selesai: disetujui"),
        _("Sanggahan Anda disetujui. Data di kabupaten kami perbaiki."),
        "",
        _("Dinas Sosial memutuskan: disetujui."),
    ),
    State.UPHELD_TO_CENTRE: Words(
        4,
        _("Menunggu pusat"),
        _(
            "Sanggahan Anda disetujui di kabupaten. Perbaikan data kami usulkan ke pusat. "
            "Pusat yang menentukan desil. Bantuan belum tentu langsung cair."
        ),
        _("Pusat"),
        _("Dinas Sosial memutuskan: disetujui, lalu diusulkan ke pusat."),
    ),
    State.CENTRE_CHANGED: Words(
        5,
        _("Selesai: data berubah"),
        _("Pusat sudah mengubah data Anda. Lihat hasil hitungan syarat yang baru."),
        "",
        _("Pusat mengubah data."),
    ),
    State.CENTRE_KEPT: Words(
        5,
        _("Selesai: data tetap"),
        _("Pusat belum mengubah data Anda. Anda boleh minta penjelasan, atau minta diperiksa ulang."),
        _OFFICE,
        _("Pusat tidak mengubah data."),
        Step.EXPLAIN,
    ),
    State.REJECTED: Words(
        5,
        _("Selesai: tidak disetujui"),
        _("Sanggahan Anda tidak disetujui. Alasannya ada di surat untuk Anda."),
        "",
        _("Dinas Sosial memutuskan: tidak disetujui."),
    ),
    State.REEXAMINED: Words(
        2,
        _("Diperiksa ulang"),
        _("Petugas lain memeriksa sanggahan Anda dari awal."),
        _("Petugas lain di Dinas Sosial"),
        _("Diperiksa ulang oleh petugas lain."),
        Step.REEXAM,
    ),
    State.WITHDRAWN: Words(
        5,
        _("Dibatalkan"),
        _("Sanggahan ini dibatalkan atas permintaan Anda."),
        "",
        _("Sanggahan dibatalkan."),
    ),
    State.MERGED: Words(
        5,
        _("Digabung"),
        _("Sanggahan ini digabung dengan sanggahan Anda yang lain. Jawabannya ada di sana."),
        "",
        _("Sanggahan digabung."),
    ),
}
REPORT_DONE = Words(
    5,
    _("Selesai diperiksa"),
    _("Laporan Anda sudah kami periksa. Hasilnya tidak kami buka, supaya data orang lain terlindung."),
    "",
    _("Laporan selesai diperiksa."),
)
"""How a report of somebody else ended is about that family: whoever reported it reads only that it ended."""
PAUSED = frozenset({State.INCOMPLETE})
"""The office's clock stands still; the date is the citizen's, and passing it takes nothing away."""
CLOSED = frozenset(
    {
        State.UPHELD_HERE,
        State.UPHELD_TO_CENTRE,
        State.CENTRE_CHANGED,
        State.REJECTED,
        State.WITHDRAWN,
        State.MERGED,
    }
)
OPEN = frozenset(State) - CLOSED - {State.CENTRE_KEPT}
ENDED = CLOSED - {State.UPHELD_TO_CENTRE} | {State.CENTRE_KEPT}
"""Nobody is waited for any more, the centre neither, once the office owes no explanation (`due_on`)."""
DECIDED = frozenset({*OUTCOMES, State.CENTRE_CHANGED, State.CENTRE_KEPT})
TIMED = frozenset(state for state, words in WORDS.items() if words.step) - PAUSED
"""States in which the office can be late."""


def words_of(kind: str, state: str) -> Words:
    """What the owner of a case of this kind reads of this state."""
    return REPORT_DONE if kind == Kind.WELL_OFF and state in DECIDED else WORDS[State(state)]
