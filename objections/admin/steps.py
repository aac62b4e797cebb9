"""The steps that staff may take from a case's page: what each asks for, and the verb it calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objections import moves, receipts, services
from objections.enums import OUTCOMES, State
from objections.models import Objection


@dataclass(frozen=True)
class Typed:
    """What was typed beside the button."""

    note: str = ""
    answer: str = ""
    outcome: str = ""
    other: str = ""


Verb = Callable[[Objection, Typed, Any, datetime], None]


@dataclass(frozen=True)
class Step:
    """`after` are the states it leads to, looked up in the table; `asks` the fields on screen, required ones first."""

    name: str
    label: Any
    help: Any
    after: tuple[State, ...]
    who: tuple[str, ...]
    verb: Verb
    asks: tuple[str, ...] = ("note",)
    needs_note: str = ""  # the label of a note without which the step is refused
    is_main: bool = False


def _noted(verb: Callable[..., Any]) -> Verb:
    """A verb that needs nothing but the case and, where one was typed, a note."""
    return lambda case, typed, by, now: verb(objection=case, by=by, now=now, note=typed.note)


def _merge(case: Objection, typed: Typed, by: Any, now: datetime) -> None:
    number = receipts.normalise(typed.other)
    into = Objection.objects.visible_to(by).filter(receipt_no=number).first() if number else None
    if into is None:
        raise services.MoveRefused(_("Nomor sanggahan itu tidak ada di wilayah Anda. Periksa lagi nomornya."))
    services.merge(objection=case, into=into, by=by, now=now, note=typed.note)


def _propose(case: Objection, typed: Typed, by: Any, now: datetime) -> None:
    outcome = State(typed.outcome) if typed.outcome in OUTCOMES else State.SUBMITTED  # refused as no outcome
    services.propose(objection=case, outcome=outcome, by=by, now=now, answer=typed.answer, note=typed.note)


OFFICE, HEAD, FIELD = moves.HANDLE, moves.DECIDE, moves.VISIT
BESIDE = (moves.FILE_FOR_OTHERS, moves.HANDLE)

STEPS: tuple[Step, ...] = (
    Step(
        "cek",
        gettext_lazy("Mulai cek"),
        gettext_lazy("Anda menjadi pemegang kasus ini. Warga melihat: Sedang dicek."),
        (State.CHECKING,),
        (OFFICE,),
        _noted(services.start_check),
        asks=(),
        is_main=True,
    ),
    Step(
        "selesai-cek",
        gettext_lazy("Pengecekan selesai"),
        gettext_lazy("Kasus menjadi siap diputus."),
        (State.READY,),
        (OFFICE, FIELD),
        _noted(services.finish_check),
        needs_note=gettext_lazy("Apa yang ditemukan (untuk petugas yang memutuskan)"),
        is_main=True,
    ),
    Step(
        "usul",
        gettext_lazy("Usulkan keputusan"),
        gettext_lazy("Petugas kedua yang memutuskan. Warga belum membaca jawaban ini."),
        (State.PROPOSED,),
        (OFFICE,),
        _propose,
        asks=("outcome", "answer", "note"),
        is_main=True,
    ),
    Step(
        "putuskan",
        gettext_lazy("Setujui usul ini"),
        gettext_lazy("Keputusan berlaku sekarang dan jawabannya dibaca warga."),
        OUTCOMES,
        (HEAD,),
        _noted(services.approve),
        is_main=True,
    ),
    Step(
        "kembalikan",
        gettext_lazy("Kembalikan untuk dicek lagi"),
        gettext_lazy("Usul ini batal. Kasus kembali ke petugas."),
        (State.CHECKING,),
        (HEAD,),
        _noted(services.send_back),
        needs_note=gettext_lazy("Apa yang harus dicek lagi"),
    ),
    Step(
        "minta-lengkap",
        gettext_lazy("Minta dilengkapi"),
        gettext_lazy("Waktu kita berhenti dihitung. Bila warga tidak menjawab, sanggahan tetap ada."),
        (State.INCOMPLETE,),
        (OFFICE,),
        lambda case, typed, by, now: services.ask_for_completion(
            objection=case, by=by, now=now, asked=typed.note
        ),
        needs_note=gettext_lazy("Apa yang perlu dilengkapi (dibaca warga)"),
    ),
    Step(
        "sudah-lengkap",
        gettext_lazy("Sudah dilengkapi warga"),
        gettext_lazy("Waktu kita berjalan lagi dari sisa yang ada."),
        (State.SUBMITTED,),
        BESIDE,
        _noted(services.complete),
        is_main=True,
    ),
    Step(
        "gabung",
        gettext_lazy("Gabungkan ke sanggahan lain"),
        gettext_lazy("Hanya untuk NIK atau keluarga yang sama. Warga diarahkan ke nomor yang satunya."),
        (State.MERGED,),
        (OFFICE,),
        _merge,
        asks=("other", "note"),
    ),
    Step(
        "cabut",
        gettext_lazy("Cabut atas permintaan warga"),
        gettext_lazy("Hanya bila warga sendiri yang minta."),
        (State.WITHDRAWN,),
        BESIDE,
        _noted(services.withdraw),
        needs_note=gettext_lazy("Kapan dan bagaimana warga memintanya"),
    ),
    Step(
        "periksa-ulang",
        gettext_lazy("Warga minta diperiksa ulang"),
        gettext_lazy("Petugas lain memeriksa dari awal."),
        (State.REEXAMINED,),
        BESIDE,
        _noted(services.ask_again),
    ),
    Step(
        "pusat-ubah",
        gettext_lazy("Pusat mengubah data"),
        gettext_lazy("Pilih ini setelah rilis baru dibandingkan."),
        (State.CENTRE_CHANGED,),
        (OFFICE,),
        _noted(partial(services.close_by_centre, changed=True)),
    ),
    Step(
        "pusat-tetap",
        gettext_lazy("Pusat tidak mengubah data"),
        gettext_lazy("Sesudah ini warga perlu diberi penjelasan."),
        (State.CENTRE_KEPT,),
        (OFFICE,),
        _noted(partial(services.close_by_centre, changed=False)),
    ),
)
EXPLAIN = Step(
    "jelaskan",
    gettext_lazy("Warga sudah diberi penjelasan"),
    gettext_lazy("Catat kapan dan lewat apa."),
    (),
    (OFFICE,),
    _noted(services.explain),
    needs_note=gettext_lazy("Kapan dan bagaimana dijelaskan"),
    is_main=True,
)
BY_NAME = {step.name: step for step in (*STEPS, EXPLAIN)}


def offered(case: Objection, user: Any, now: datetime) -> list[Step]:
    """What this person may do next with this case, by the table; main steps first."""
    after = set(moves.from_state(State(case.state)))
    if case.state == State.REJECTED and not services.in_time_to_ask_again(case, now):
        after.discard(State.REEXAMINED)
    found = [step for step in STEPS if after & set(step.after) and any(user.has_perm(p) for p in step.who)]
    found = [step for step in found if not services.why_not_again(case, step.after[0], by=user)]
    if case.state == State.PROPOSED:
        found = [step for step in found if step.who == (HEAD,)]
    if case.state == State.CENTRE_KEPT and case.due_on and user.has_perm(OFFICE):
        found.append(EXPLAIN)
    return sorted(found, key=lambda step: not step.is_main)
