"""The doors of the portal, the status of a case, and one's own data behind the code of a letter or of a phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import limits
from objections import codes, membership, own_data, phone_page, services, tokens, window
from objections.enums import ClipPage
from objections.models import AudioClip
from objections.public import drafts, forms, pins
from objections.public.pages import Page, wait
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Family

HOUR_S = 3600
MOST_TOKENS = 60  # wrong ones, per address and hour
MOST_CODES = 20  # wrong ones, per address and hour


class Home(Page):
    template_name = "public/home.html"
    title = gettext_lazy("Bantuan sosial Lombok Timur")
    is_indexed = True
    scripts = ("forget",)  # words of drafts older than a day

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(
            has_receipt=drafts.kept(request, drafts.RECEIPT) is not None,
            has_draft=drafts.kept(request, drafts.DRAFT) is not None,
            is_list_open=membership.is_open(),
            window=window.current(timezone.localdate()),
            clips=AudioClip.objects.on_page(ClipPage.HOME),
        )


class Privacy(Page):
    template_name = "public/privacy.html"
    title = gettext_lazy("Data Anda aman")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(is_list_open=membership.is_open())


class Accessibility(Page):
    template_name = "public/accessibility.html"
    title = gettext_lazy("Mudah dipakai semua orang")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()


class Done(Page):
    """The button of shared phones."""

    template_name = "public/done.html"
    scripts = ("forget",)  # all of them
    title = gettext_lazy("Sudah dihapus dari HP ini")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(is_cancelled="batal" in request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        drafts.clear(request)
        return drafts.forgotten(redirect("public:done"))


class Wait(Page):
    """Too many tries: the same words whoever asks and whatever was typed."""

    template_name = "public/wait.html"
    title = gettext_lazy("Tunggu dulu")

    def get(self, request: HttpRequest) -> HttpResponse:
        response = self.show(status=429, again="check" if "address" in request.GET else "")
        response.headers["Retry-After"] = str(HOUR_S)
        return response


class Lost(Page):
    """Answers that came without the cookie of their page, or with an old one."""

    template_name = "public/cookies.html"
    title = gettext_lazy("Jawaban belum terkirim")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(status=403, is_gone="hilang" in request.GET)


class Status(Page):
    template_name = "public/status.html"
    title = gettext_lazy("Saya sudah menyanggah")
    next_page = "public:case"
    is_for_code = False

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.question(forms.StatusForm)
        return self.show(form=form, is_qr_old="qr" in request.GET, is_for_code=self.is_for_code)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.StatusForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        number, pin = form.cleaned_data["number"], form.cleaned_data["pin"]
        if not pins.may_try(request, number):
            return wait("pin")
        objection = services.open_case(receipt_no=number, pin=pin)
        if objection is None:
            words = _("Nomor atau PIN itu belum kami kenali. Contoh nomor: SGH-26-4K7Q-2")
            return self.ask_again(form, problem=("number", words))
        pins.was_right(request, number)
        drafts.open_with_secret(request, drafts.CASE, {"id": objection.pk, "by_pin": True})
        return redirect(self.next_page)


class ByQr(Page):
    """The QR of a receipt opens its case, as number and PIN do, and shows no more."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        address = limits.client_address(request)
        if not limits.hit("qr", address, most=MOST_TOKENS, within_s=HOUR_S):
            return wait("pin")
        objection = tokens.case_of(token)
        if objection is None:
            return redirect(f"{reverse('public:status')}?qr")
        limits.give_back("qr", address, within_s=HOUR_S)
        drafts.open_with_secret(request, drafts.CASE, {"id": objection.pk})
        return redirect("public:case")


class Code(Page):
    template_name = "public/code.html"
    title = gettext_lazy("Saya punya kode surat")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=self.question(forms.CodeForm))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.CodeForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        address = limits.client_address(request)
        if not limits.hit("code", address, most=MOST_CODES, within_s=HOUR_S):
            return wait("code")
        family_id = codes.family_of_letter(form.cleaned_data["code"], timezone.localdate())
        if family_id is None:
            words = _("Kode itu belum kami kenali, atau sudah lewat batasnya. Lihat lagi surat Anda.")
            return self.ask_again(form, problem=("code", words))
        limits.give_back("code", address, within_s=HOUR_S)
        family = Family.objects.get(pk=family_id)
        record_access(by=None, kind=Access.OWN_CODE, family=family, reason=_("kode surat"))
        drafts.open_with_secret(request, drafts.FAMILY, {"id": family_id})
        return redirect("public:family")


class OwnFamily(Page):
    template_name = "public/family.html"
    title = gettext_lazy("Data keluarga Anda")

    def get(self, request: HttpRequest) -> HttpResponse:
        held = drafts.kept(request, drafts.FAMILY)
        if held is None:
            return redirect("public:code")
        return self.show(
            data=own_data.of_family(family_id=held["id"], as_of=timezone.localdate()),
            has_case=drafts.kept(request, drafts.CASE) is not None,
            phones=phone_page.of_family(held["id"], now=timezone.now()),
            is_phone_ended="hp" in request.GET,
        )
