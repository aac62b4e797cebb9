"""Filing for somebody who sits beside a member of staff: the citizen's questions on three pages, under /staf/.

Most objections come this way (domain.md 7). The family's data open only after consent, in the own area, and logged;
number and PIN belong to the person, so the receipt goes from the screen once it was handed over.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import ids, limits
from bansos.common.uploads import Received
from objections import offered, own_data, paper_form, services, tokens
from objections.attachments import keeping
from objections.attachments.refused import FileRefused
from objections.enums import AttachmentKind, Consent
from objections.public import drafts, evidence, receipt_page, wording
from objections.public.assisted_forms import TIES, PersonForm, SendForm, TellForm, filed
from objections.public.pages import Page
from recipients.models import Family, Region, WelfareSnapshot

HOUR_S = 3600
MOST_LOOKS = 60  # families an hour, per helper


class Assisted(Page):
    """What the three pages share: the permission, the draft, and whom it is for."""

    place = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(services.FILE_FOR_OTHERS):
            raise PermissionDenied(services.FILE_FOR_OTHERS)
        return super().dispatch(request, *args, **kwargs)

    def draft(self) -> dict[str, Any]:
        found = drafts.kept(self.request, drafts.ASSISTED)
        return found if found is not None else drafts.fresh()

    def keep(self, draft: dict[str, Any]) -> None:
        drafts.drop(self.request, drafts.TYPED)
        drafts.keep(self.request, drafts.ASSISTED, draft)

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return super().show(status=status, place=self.place, who=self.draft().get("who", ""), **context)


class Person(Assisted):
    template_name, place = "public/assisted/person.html", "1"
    title = gettext_lazy("Bantu warga menyanggah")
    scripts = ("send", "photos")

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = self.draft()
        has_sheet = bool(evidence.kept(draft["form_key"], AttachmentKind.CONSENT))
        form = self.question(partial(PersonForm, has_sheet=has_sheet), draft.get("person"))
        return self.show(form=form, kept=evidence.listed(draft["form_key"], AttachmentKind.CONSENT))

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = self.draft()
        if "fresh" in request.POST:
            keeping.remove_unsent(form_key=uuid.UUID(draft["form_key"]))
            drafts.drop(request, drafts.ASSISTED)
            return redirect("admin:objections_assist")
        self.keep(draft)  # so that a sheet that came belongs to these answers, whatever else is wrong
        trouble = self._take_sheet(request, uuid.UUID(draft["form_key"]))
        has_sheet = bool(evidence.kept(draft["form_key"], AttachmentKind.CONSENT))
        form = PersonForm(request.POST, has_sheet=has_sheet)
        if trouble or not form.is_valid():
            return self.ask_again(form, problem=("sheet", trouble) if trouble else None)
        if not limits.hit("assist", str(request.user.pk), most=MOST_LOOKS, within_s=HOUR_S):
            words = _("Anda sudah membuka banyak data dalam satu jam. Tunggu sebentar, lalu lanjutkan.")
            return self.ask_again(form, problem=("nik", words))
        answers = form.cleaned_data
        family = services.family_of(nik=answers["nik"], consent=answers["consent"], by=request.user)
        self.keep(draft | {"person": answers, "family": family.pk if family else None, "who": _who(family)})
        return redirect("admin:objections_assist_tell")

    def _take_sheet(self, request: HttpRequest, form_key: uuid.UUID) -> str:
        files: list[Received] = evidence.files_of(request, "sheet")
        try:
            for file in files[:1]:
                if file.is_too_big:
                    return _("Foto lebih dari 8 MB. Ambil ulang dengan ukuran kecil.")
                keeping.take_consent(data=file.data, form_key=form_key, by=request.user, now=timezone.now())
        except FileRefused as refused:
            return str(refused)
        return ""


class Tell(Assisted):
    template_name, place = "public/assisted/tell.html", "2"
    title = gettext_lazy("Yang tidak benar, cerita, dan foto")
    scripts = ("send", "photos")

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = self.draft()
        if "person" not in draft:
            return redirect("admin:objections_assist")
        form = self.question(TellForm, draft.get("tell"))
        kept = evidence.listed(draft["form_key"], AttachmentKind.PHOTO)
        return self.show(form=form, kept=kept, **_offer(draft, form, "semua" in request.GET))

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = self.draft()
        if "person" not in draft:
            return redirect("admin:objections_assist")
        form_key = uuid.UUID(draft["form_key"])
        form = TellForm(request.POST)
        if evidence.remove(request, form_key):
            return self.ask_again(form)
        trouble = evidence.take_photos(evidence.files_of(request, "photos"), form_key, by=request.user)
        if trouble or not form.is_valid():
            return self.ask_again(form, problem=("photos", trouble) if trouble else None)
        self.keep(draft | {"tell": form.cleaned_data})
        return redirect("admin:objections_assist_send")


class Send(Assisted):
    template_name, place = "public/assisted/send.html", "3"
    title = gettext_lazy("Kabar, periksa, dan kirim")
    scripts = ("send",)

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = self.draft()
        if "tell" not in draft:
            return redirect("admin:objections_assist_tell")
        form = self.question(self._form_of(draft), {"village": _only_village(request.user)})
        return self.show(form=form, **_rows(draft))

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = self.draft()
        if "tell" not in draft:
            sent = drafts.kept(request, drafts.ASSISTED_RECEIPT)
            return redirect("admin:objections_assist_receipt" if sent else "admin:objections_assist")
        form = self._form_of(draft)(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        now = timezone.now()
        filing = services.Filing(
            form_key=uuid.UUID(draft["form_key"]), pin=draft["pin"], **filed(draft, form.cleaned_data)
        )
        try:
            objection = services.file(form=filing, now=now, by=request.user)
        except services.MoveRefused as refused:
            return self.ask_again(form, problem=("phone", str(refused)))
        token = tokens.issue(objection=objection, now=now, by=request.user)
        held = {"id": objection.pk, "pin": filing.pin, "token": token}
        drafts.keep(request, drafts.ASSISTED_RECEIPT, held)
        drafts.drop(request, drafts.ASSISTED)
        return redirect("admin:objections_assist_receipt")

    def _form_of(self, draft: dict[str, Any]) -> Callable[..., SendForm]:
        return partial(SendForm, user=self.request.user, nik=draft["person"]["nik"])


class Receipt(Assisted):
    """For the person. Printed or written down, then gone from the screen of whoever helped."""

    template_name, place = "public/assisted/receipt.html", ""
    title = gettext_lazy("Sanggahan warga sudah masuk")

    def get(self, request: HttpRequest) -> HttpResponse:
        held = receipt_page.held(request, drafts.ASSISTED_RECEIPT)
        return self.show(**held) if held else redirect("admin:objections_assist")

    def post(self, request: HttpRequest) -> HttpResponse:
        drafts.drop(request, drafts.ASSISTED_RECEIPT)
        return redirect("admin:objections_assist")


class BlankForm(Assisted):
    """To print for people who write it at home; keyed later on these pages with the date on the paper."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        own = _only_village(request.user)
        data = paper_form.pdf(village=Region.objects.get(pk=own) if own else None)
        response = HttpResponse(data, content_type="application/pdf")
        response.headers["Content-Disposition"] = 'inline; filename="formulir-sanggahan.pdf"'
        return response


def _who(family: Family | None) -> str:
    """Initials and village of the head: enough to see that the right person sits here."""
    if family is None:
        return ""
    snapshot = WelfareSnapshot.objects.standing().filter(family=family).select_related("village").first()
    return f"{own_data.initials(snapshot.head_name)} {snapshot.village.name}" if snapshot else ""


def _offer(draft: dict[str, Any], form: Any, shows_all: bool) -> dict[str, Any]:
    """What is recorded of this family, and the reasons that answer it; the rest is a tap away."""
    if draft.get("family") is None:
        return {"is_unknown": True}
    return offered.narrow(form, draft["family"], day=timezone.localdate(), shows_all=shows_all)


def _only_village(user: Any) -> str:
    """Filled in where the helper's area is one village."""
    found = list(Region.objects.visible_to(user).villages().values_list("pk", flat=True)[:2])
    return str(found[0]) if len(found) == 1 else ""


def _rows(draft: dict[str, Any]) -> dict[str, Any]:
    person, tell = draft["person"], draft["tell"]
    return {
        "nik": ids.mask(person["nik"]),
        "birth_date": wording.day(date.fromisoformat(person["birth_date"])),
        "tie": dict(TIES)[person["tie"]],
        "consent": Consent(person["consent"]).label,
        "reasons": wording.reasons(tell["reasons"]),
        "story": tell["story"],
        "evidence": evidence.in_words(draft["form_key"]),
    }


def urls(wrap: Any) -> list[URLPattern]:
    """For the staff's site; `wrap` sends whoever is not signed in to its login page."""
    return [
        path("bantu/", wrap(Person.as_view()), name="objections_assist"),
        path("bantu/cerita/", wrap(Tell.as_view()), name="objections_assist_tell"),
        path("bantu/kirim/", wrap(Send.as_view()), name="objections_assist_send"),
        path("bantu/formulir/", wrap(BlankForm.as_view()), name="objections_assist_form"),
        path("bantu/tanda-terima/", wrap(Receipt.as_view()), name="objections_assist_receipt"),
    ]
