"""One's own data by a code to the phone (docs/decisions/0036): number and PIN first, then what the phone received.

Until the code is typed no page tells whether the case has a phone, whether it is confirmed, or whether anything was
sent: words, work and time are the same.
"""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import limits
from objections import phone_page, services
from objections.enums import CodePurpose
from objections.models import Objection
from objections.public import drafts, forms, own_case
from objections.public.pages import Page, wait
from objections.public.views import HOUR_S, MOST_CODES, Status

LEAST_S = 0.3  # every answer takes so long: what was written and sent shows in no clock


class ByPhone(Status):
    """Who comes without an opened case types number and PIN first, as for the status."""

    title = gettext_lazy("Kirim kode ke HP saya")
    next_page = "public:phone_code"
    is_for_code = True

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect(self.next_page) if own_case.held_with_pin(request) else super().get(request)


class SendCode(Page):
    template_name = "public/phone_code.html"
    title = gettext_lazy("Kirim kode ke HP saya")

    def get(self, request: HttpRequest) -> HttpResponse:
        objection = own_case.held_with_pin(request)
        if objection is None:
            return redirect("public:by_phone")
        return self.show(objection=objection, is_used_up="habis" in request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        objection = own_case.held_with_pin(request)
        if objection is None:
            return redirect("public:by_phone")
        is_sent = services.send_code(objection=objection, now=timezone.now())
        _wait_out(started)
        here = reverse("public:phone_code")
        return redirect(reverse("public:phone_typed") if is_sent else f"{here}?habis")


class TypeCode(Page):
    template_name = "public/phone_typed.html"
    title = gettext_lazy("Ketik kode dari HP")

    def get(self, request: HttpRequest) -> HttpResponse:
        objection = own_case.held_with_pin(request)
        if objection is None:
            return redirect("public:by_phone")
        return self.show(form=self.question(forms.PhoneCodeForm), objection=objection)

    def post(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        objection = own_case.held_with_pin(request)
        if objection is None:
            return redirect("public:by_phone")
        form = forms.PhoneCodeForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        address = limits.client_address(request)
        if not limits.hit("phone-code", address, most=MOST_CODES, within_s=HOUR_S):
            return wait("code")
        code = services.use_code(objection=objection, typed=form.cleaned_data["code"], now=timezone.now())
        _wait_out(started)
        if code is None:
            words = _("Kode itu tidak cocok, sudah dipakai, atau sudah lewat 15 menit. Lihat lagi pesannya.")
            return self.ask_again(form, problem=("code", words))
        limits.give_back("phone-code", address, within_s=HOUR_S)
        if code.purpose == CodePurpose.CONFIRM:
            drafts.drop(request, drafts.TYPED)
            return redirect(f"{reverse('public:case')}?hp")
        drafts.open_with_secret(request, drafts.FAMILY, {"id": objection.family_id})
        return redirect("public:family")


class EndPhone(Page):
    """The family shuts out a phone that it sees named on its page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        held = drafts.kept(request, drafts.FAMILY)
        if held is None:
            return redirect("public:code")
        now = timezone.now()
        for phone in phone_page.of_family(held["id"], now=now):
            if str(phone.case_id) == request.POST.get("hp"):
                services.end_phone(objection=Objection.objects.get(pk=phone.case_id), by=None, now=now)
        return redirect(f"{reverse('public:family')}?hp")


def _wait_out(started: float) -> None:
    time.sleep(max(0.0, started + LEAST_S - time.monotonic()))
