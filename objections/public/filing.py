"""Filing an objection, one question a page: answers stay sealed in the session until they are sent.

Nothing here asks the registry, so no page differs between a NIK it knows and one it does not.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bansos.common import ids, limits
from objections import notices, offered, services, tokens
from objections.attachments import keeping
from objections.enums import AttachmentKind, ClipPage, Kind, NoticeBy
from objections.models import AudioClip, Objection
from objections.public import drafts, evidence, forms, receipt_page, wording
from objections.public.pages import Page, wait
from recipients.models import Region

HOUR_S = 3600
MOST_PER_ADDRESS = 60  # an hour; a whole village may stand behind one address


class OnTheWay(Page):
    """Between door and receipt. Each may record: a page in the place of another has what that one was allowed."""

    def show(self, **context: Any) -> HttpResponse:
        response = super().show(**context)
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
        return response


class Step(OnTheWay):
    """One question. It opens when those before it are answered; once all are, an answer leads back to the check."""

    key = ""
    form_class: type[forms.Question]
    scripts: tuple[str, ...] = ("send",)
    files: tuple[str, AttachmentKind, Callable[..., str]] | None = None  # field, kind, who takes them

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = _draft(request)
        if _first_missing(draft, before=self.key):
            return _lead_back(request)
        return self._ask(self.question(self.form_class, draft.get(self.key)), draft)

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = _draft(request)
        if _first_missing(draft, before=self.key):
            return _lead_back(request)
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        if problem := self.also_wrong(form, draft):
            return self.ask_again(form, problem=problem)
        if self.files and (sent := self._take(request, form, draft)) is not None:
            return sent
        drafts.drop(request, drafts.TYPED)
        drafts.keep(request, drafts.DRAFT, draft | {self.key: form.cleaned_data})
        return redirect(f"public:{_next(draft, self.key)}")

    def also_wrong(self, form: forms.Question, draft: dict[str, Any]) -> tuple[str, str] | None:
        """What only the answers before tell: the field and what is wrong."""
        return None

    def _take(self, request: HttpRequest, form: forms.Question, draft: dict[str, Any]) -> HttpResponse | None:
        """Files of the answer, or the wish to drop one; nothing when the way goes on."""
        assert self.files
        name, _kind, take = self.files
        form_key, files = uuid.UUID(draft["form_key"]), evidence.files_of(request, name)
        if evidence.remove(request, form_key):
            drafts.keep(request, drafts.DRAFT, draft | {self.key: form.cleaned_data})
            return redirect(request.path)
        if evidence.is_too_many(request, files):
            return wait("address")
        trouble = take(files, form_key)
        return self.ask_again(form, problem=(name, trouble)) if trouble else None

    def _ask(self, form: forms.Question, draft: dict[str, Any]) -> HttpResponse:
        way = _way(draft)
        place = way.index(self.key) if self.key in way else 0
        back = way[place - 1] if place else ""
        return self.show(
            form=form,
            number=place + 1,
            of=len(way) + 1,
            draft=drafts.named(draft["form_key"]),
            is_report=draft.get("kind") == Kind.WELL_OFF,
            back="check" if _is_complete(draft) else back,
            is_lost="habis" in self.request.GET and not draft.get(self.key),
            kept=evidence.listed(draft["form_key"], self.files[1]) if self.files else [],
        )


class Identity(Step):
    key, form_class, template_name = "identity", forms.IdentityForm, "public/identity.html"
    title = _("NIK dan tanggal lahir")


class Reasons(Step):
    key, form_class, template_name = "reasons", forms.ReasonsForm, "public/reasons.html"
    title = _("Apa yang tidak benar?")
    scripts = ("send", "keep")

    def show(self, **context: Any) -> HttpResponse:
        """Somebody who opened the family's data with its code is offered what answers it; the rest is a tap away."""
        family = drafts.kept(self.request, drafts.FAMILY)
        if family is not None and "semua" not in self.request.GET:
            context |= offered.narrow(context["form"], family["id"], day=timezone.localdate())
        return super().show(clips=AudioClip.objects.on_page(ClipPage.REASONS), **context)


class Story(Step):
    key, form_class, template_name = "story", forms.StoryForm, "public/story.html"
    title = _("Ceritakan dengan kata sendiri")
    files = ("voice", AttachmentKind.VOICE, evidence.take_voice)
    scripts = ("send", "keep", "voice")

    def also_wrong(self, form: forms.Question, draft: dict[str, Any]) -> tuple[str, str] | None:
        if draft.get("kind") == Kind.WELL_OFF and not form.cleaned_data["story"]:
            return "story", str(_("Tulis siapa, di mana, dan apa yang Anda lihat."))
        return None


class Photos(Step):
    key, form_class, template_name = "photos", forms.PhotosForm, "public/photos.html"
    title = _("Kirim foto jika ada")
    files = ("photos", AttachmentKind.PHOTO, evidence.take_photos)
    scripts = ("send", "photos")


class Contact(Step):
    key, form_class, template_name = "contact", forms.ContactForm, "public/contact.html"
    title = _("Ke mana kami memberi kabar?")
    scripts = ("send", "keep")

    def show(self, **context: Any) -> HttpResponse:
        context["form"].in_words_for(_draft(self.request).get("kind", ""))
        return super().show(**context)


STEPS: dict[str, type[Step]] = {step.key: step for step in (Identity, Reasons, Story, Photos, Contact)}


class Check(OnTheWay):
    template_name = "public/check.html"
    scripts = ("send",)
    title = _("Periksa jawaban Anda sebelum mengirim")

    def get(self, request: HttpRequest) -> HttpResponse:
        draft = _draft(request)
        return self.show(**_rows(draft)) if _is_complete(draft) else _lead_back(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        draft = _draft(request)
        if not _is_complete(draft):
            return _lead_back(request)
        filing = _filing(draft)
        if _is_too_many(request, filing):
            return wait("address")
        objection = services.file(form=filing, now=timezone.now())
        token = tokens.issue(objection=objection, now=timezone.now())
        drafts.keep(request, drafts.RECEIPT, {"id": objection.pk, "pin": filing.pin, "token": token})
        drafts.drop(request, drafts.DRAFT)
        return redirect("public:receipt")


class Cancel(Page):
    """Asked before anything goes; a receipt of an earlier objection stays."""

    template_name = "public/cancel.html"
    title = _("Hapus jawaban ini?")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show() if drafts.kept(request, drafts.DRAFT) else redirect("public:home")

    def post(self, request: HttpRequest) -> HttpResponse:
        if draft := drafts.kept(request, drafts.DRAFT):
            keeping.remove_unsent(form_key=uuid.UUID(draft["form_key"]))
        drafts.drop(request, drafts.DRAFT)
        drafts.drop(request, drafts.TYPED)
        return drafts.forgotten(redirect(f"{reverse('public:done')}?batal"))


class Receipt(Page):
    """Number and PIN, for as long as the session keeps them: a refresh loses nothing, Back sends nothing."""

    template_name = "public/receipt.html"
    title = _("Sanggahan Anda sudah masuk")

    def get(self, request: HttpRequest) -> HttpResponse:
        held = receipt_page.held(request, drafts.RECEIPT)
        return self.show(**held) if held else redirect("public:status")


def _draft(request: HttpRequest) -> dict[str, Any]:
    """The answers so far."""
    found = drafts.kept(request, drafts.DRAFT)
    return found if found is not None else drafts.fresh()


def _way(draft: dict[str, Any]) -> list[str]:
    """The questions of this form: a kind that was chosen first is asked for no reasons."""
    return [key for key in STEPS if key != "reasons" or not draft.get("kind")]


def _first_missing(draft: dict[str, Any], *, before: str = "") -> str:
    for key in STEPS:
        if key == before:
            return ""
        if key not in draft:
            return key
    return ""


def _is_complete(draft: dict[str, Any]) -> bool:
    return not _first_missing(draft)


def _next(draft: dict[str, Any], key: str) -> str:
    return _first_missing(draft | {key: True}) or "check"


def _lead_back(request: HttpRequest) -> HttpResponse:
    """To the first open question; to the receipt when everything is sent; else say that the answers are gone."""
    draft = drafts.kept(request, drafts.DRAFT)
    if draft is not None:
        return redirect(f"public:{_first_missing(draft) or 'check'}")
    if drafts.kept(request, drafts.RECEIPT):
        return redirect("public:receipt")
    response = redirect("public:identity")
    response["Location"] += "?habis"
    return response


def _rows(draft: dict[str, Any]) -> dict[str, Any]:
    contact = draft["contact"]
    villages = Region.objects.villages().select_related("parent")
    village = villages.filter(pk=contact["village"]).first() if contact["village"] else None
    return {
        "nik": ids.mask(draft["identity"]["nik"]),
        "birth_date": wording.day(date.fromisoformat(draft["identity"]["birth_date"])),
        "kind": Kind(draft["kind"]).label if draft.get("kind") else "",
        "reasons": wording.reasons(draft["reasons"]["reasons"]),
        "story": draft["story"]["story"],
        "phone": contact["phone"],
        "notice_by": notices.way_in_words(_notice_by(contact), draft.get("kind", "")),
        "village": f"{village.name}, {village.parent.name}" if village and village.parent else "",
        "evidence": evidence.in_words(draft["form_key"]),
        "number": len(_way(draft)) + 1,
    }


def _notice_by(contact: dict[str, Any]) -> str:
    """An answer that was kept before the question was there is an SMS."""
    return contact.get("notice_by", NoticeBy.SMS)


def _filing(draft: dict[str, Any]) -> services.Filing:
    identity, contact = draft["identity"], draft["contact"]
    return services.Filing(
        nik=identity["nik"],
        birth_date=date.fromisoformat(identity["birth_date"]),
        kind=draft.get("kind", ""),
        reasons=draft["reasons"]["reasons"],
        story=draft["story"]["story"],
        phone=contact["phone"],
        notice_by=_notice_by(contact),
        village_id=int(contact["village"]) if contact["village"] else None,
        form_key=uuid.UUID(draft["form_key"]),
        pin=draft["pin"],
    )


def _is_too_many(request: HttpRequest, filing: services.Filing) -> bool:
    """Only an address is asked to wait: a limit per NIK would tell who filed, and let one shut another out.

    A second press of Send is no second objection and does not count.
    """
    if Objection.objects.filter(form_key=filing.form_key).exists():
        return False
    address, form_key = limits.client_address(request), str(filing.form_key)
    return not limits.hit("file-address", address, most=MOST_PER_ADDRESS, within_s=HOUR_S, once=form_key)
