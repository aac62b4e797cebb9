"""How the owner of a case hears of it, changed with number and PIN (docs/decisions/0010).

The page does not tell whether the case has a phone (docs/decisions/0036).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bansos.common import limits
from objections import services
from objections.enums import Kind, NoticeBy
from objections.public import own_case
from objections.public.forms import NoticeForm
from objections.public.pages import Page, wait
from objections.public.views import Status

DAY_S = 24 * 3600
MOST_CHANGES = 20  # a day, of one case


class WithPinFirst(Status):
    """Who opened the case by its QR types number and PIN first."""

    title = gettext_lazy("Cara kami mengabari Anda")
    next_page = "public:telling"


class Telling(Page):
    template_name = "public/telling.html"
    title = gettext_lazy("Cara kami mengabari Anda")

    def get(self, request: HttpRequest) -> HttpResponse:
        objection = own_case.held_with_pin(request)
        if objection is None:
            return redirect("public:telling_pin")
        form = self.question(NoticeForm, {"notice_by": objection.notice_by})
        form.in_words_for(objection.kind)
        return self.show(form=form, objection=objection, is_report=objection.kind == Kind.WELL_OFF)

    def post(self, request: HttpRequest) -> HttpResponse:
        objection = own_case.held_with_pin(request)
        if objection is None:
            return redirect("public:telling_pin")
        form = NoticeForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        if not limits.hit("telling", objection.receipt_no, most=MOST_CHANGES, within_s=DAY_S):
            return wait("pin")
        chosen = NoticeBy(form.cleaned_data["notice_by"])
        services.choose_notice(objection=objection, notice_by=chosen, now=timezone.now())
        return redirect(f"{reverse('public:case')}?kabar")
