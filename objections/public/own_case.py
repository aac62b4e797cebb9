"""What the owner of a case may do with it: add, withdraw, ask for another look, shut its QR.

Number and PIN, or the QR, open the case and let one add to it. What cannot be taken back asks for the PIN again: a
borrowed phone or a receipt that somebody photographed is not enough.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import limits
from objections import answer_told, centre_told, moves, notices, services, tokens, visit_told
from objections.attachments import keeping
from objections.enums import AttachmentKind, EventKind, Kind, State
from objections.models import Objection
from objections.public import drafts, evidence, forms, pins, wording
from objections.public.pages import Page, wait
from objections.stages import OPEN, words_of

HOUR_S = 3600
MOST_ADDITIONS = 20  # a day, to one case


def held_case(request: HttpRequest) -> Objection | None:
    held = drafts.kept(request, drafts.CASE)
    return Objection.objects.filter(pk=held["id"]).first() if held else None


def held_with_pin(request: HttpRequest) -> Objection | None:
    """The case opened with number and PIN; a QR may be photographed, and asks for the PIN first."""
    held: dict[str, Any] = drafts.kept(request, drafts.CASE) or {}
    return held_case(request) if held.get("by_pin") else None


def may(objection: Objection, to: State) -> bool:
    """Whether the table lets the owner make this move now."""
    move = moves.MOVES.get((State(objection.state), to))
    if move is None or moves.Who.OWNER not in move.who:
        return False
    if objection.kind == Kind.WELL_OFF and to == State.REEXAMINED:
        return False  # that it may be asked for tells how it ended
    return moves.Need.IN_TIME not in move.needs or services.in_time_to_ask_again(objection, timezone.now())


class Case(Page):
    template_name = "public/case.html"
    title = gettext_lazy("Status sanggahan")

    def get(self, request: HttpRequest) -> HttpResponse:
        objection = held_case(request)
        if objection is None:
            return redirect("public:status")
        family = drafts.kept(request, drafts.FAMILY)
        opened = family["id"] if family else None
        return self.show(
            is_added="ditambah" in request.GET,
            is_proven="hp" in request.GET,
            is_told_otherwise="kabar" in request.GET,
            visits=visit_told.of_case(objection, opened_family=opened),
            centre=centre_told.of_case(objection, opened_family=opened),
            answer=answer_told.of_case(objection, opened_family=opened),
            **_case(objection),
        )


def _case(objection: Objection) -> dict[str, Any]:
    has_qr = objection.tokens.filter(revoked_at=None).exists()
    return {
        "objection": objection,
        "words": words_of(objection.kind, objection.state),
        "stages": wording.stages(objection),
        "steps": wording.steps(objection),
        "deadline": wording.deadline(objection, timezone.localdate()),
        "outcomes": wording.outcomes(objection),
        "reasons": wording.reasons(objection.reasons),
        "notice_by": notices.way_in_words(objection.notice_by, objection.kind),
        "additions": _additions(objection),
        "is_evidence_removed": objection.events.filter(kind=EventKind.REMOVED).exists(),
        "photos": len(evidence.kept(objection.form_key, AttachmentKind.PHOTO)),
        "may_add": objection.state in OPEN,
        "may_withdraw": may(objection, State.WITHDRAWN),
        "is_decided": objection.decided_at is not None,
        "may_ask_again": may(objection, State.REEXAMINED),
        "may_complain": objection.state == State.REJECTED and objection.kind != Kind.WELL_OFF,
        "has_qr": has_qr,
        "may_use_phone": objection.is_about_own_family,
    }


def _additions(objection: Objection) -> list[str]:
    """When something was added; not what, so that an opened case stays as thin as before."""
    added = objection.events.filter(kind=EventKind.ADDED).values_list("at", flat=True)
    return [wording.moment(at) for at in added]


class Add(Page):
    template_name = "public/add.html"
    title = gettext_lazy("Tambah keterangan")
    scripts = ("send", "keep", "photos")

    def get(self, request: HttpRequest) -> HttpResponse:
        objection = held_case(request)
        if objection is None or objection.state not in OPEN:
            return redirect("public:case" if objection else "public:status")
        form, draft = self.question(forms.AddForm), drafts.named(objection.form_key)
        return self.show(form=form, objection=objection, draft=draft)

    def post(self, request: HttpRequest) -> HttpResponse:
        objection = held_case(request)
        if objection is None:
            return redirect("public:status")
        form = forms.AddForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        files = evidence.files_of(request, "photos")
        per_case = limits.hit("add", objection.receipt_no, most=MOST_ADDITIONS, within_s=24 * HOUR_S)
        if not per_case or evidence.is_too_many(request, files):
            return wait("pin")
        about = {"objection": objection, "most": keeping.MOST_ADDED}
        if objection.state in OPEN and (trouble := evidence.take_photos(files, objection.form_key, **about)):
            return self.ask_again(form, problem=("photos", trouble))
        try:
            services.add(
                objection=objection, note=form.cleaned_data["note"], photos=len(files), now=timezone.now()
            )
        except services.MoveRefused as refused:
            return self.ask_again(form, problem=("note", str(refused)))
        drafts.drop(request, drafts.TYPED)
        return redirect(f"{reverse('public:case')}?ditambah")


class WithPin(Page):
    """A step that cannot be taken back: the PIN is typed again, and tries are counted."""

    template_name = "public/with_pin.html"
    words: Any = ""
    button: Any = ""
    is_open: Callable[[Objection], bool]

    def get(self, request: HttpRequest) -> HttpResponse:
        objection = held_case(request)
        if objection is None or not type(self).is_open(objection):
            return redirect("public:case" if objection else "public:status")
        return self.show(
            form=self.question(forms.PinForm), objection=objection, words=self.words, button=self.button
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        objection = held_case(request)
        if objection is None:
            return redirect("public:status")
        form = forms.PinForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        if not pins.may_try(request, objection.receipt_no):
            return wait("pin")
        if services.open_case(receipt_no=objection.receipt_no, pin=form.cleaned_data["pin"]) is None:
            return self.ask_again(form, problem=("pin", _("PIN itu belum cocok. Lihat lagi tanda terima.")))
        pins.was_right(request, objection.receipt_no)
        try:
            self.act(objection)
        except services.MoveRefused as refused:
            return self.ask_again(form, problem=("pin", str(refused)))
        return redirect("public:case")

    def act(self, objection: Objection) -> None:
        raise NotImplementedError


class Withdraw(WithPin):
    title = gettext_lazy("Cabut sanggahan ini?")
    words = gettext_lazy(
        "Kami berhenti memeriksa. Anda boleh menyanggah lagi kapan saja. Bantuan lain tidak berubah."
    )
    button = gettext_lazy("Ya, cabut sanggahan")
    is_open = staticmethod(lambda objection: may(objection, State.WITHDRAWN))

    def act(self, objection: Objection) -> None:
        services.withdraw(objection=objection, by=None, now=timezone.now())


class AskAgain(WithPin):
    title = gettext_lazy("Minta diperiksa ulang?")
    words = gettext_lazy("Petugas lain memeriksa dari awal. Jawaban yang lama tetap bisa Anda baca.")
    button = gettext_lazy("Minta diperiksa ulang")
    is_open = staticmethod(lambda objection: may(objection, State.REEXAMINED))

    def act(self, objection: Objection) -> None:
        services.ask_again(objection=objection, by=None, now=timezone.now())


class StopQr(WithPin):
    title = gettext_lazy("Matikan kode QR?")
    words = gettext_lazy(
        "Tanda terima hilang atau difoto orang? QR lama tidak bisa lagi membuka status. PIN tetap berlaku."
    )
    button = gettext_lazy("Matikan kode QR")
    is_open = staticmethod(lambda objection: objection.tokens.filter(revoked_at=None).exists())

    def act(self, objection: Objection) -> None:
        tokens.revoke(objection=objection, now=timezone.now())
