"""Is somebody on a list of recipients? One page for every answer; it does not exist unless the office opened it."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from bansos.common import limits
from objections import membership
from objections.public import forms
from objections.public.pages import Page, wait

HOUR_S = 3600
MOST_PER_ADDRESS = 20  # an hour
MOST_PER_NIK = 3  # a day
LEAST_S = 0.3  # every answer takes so long: what the database did shows in no clock


class OnList(Page):
    template_name = "public/on_list.html"
    title = gettext_lazy("Apakah Anda ada di daftar penerima?")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not membership.is_open():
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=self.question(forms.IdentityForm))

    def post(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        form = forms.IdentityForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        nik, born = form.cleaned_data["nik"], date.fromisoformat(form.cleaned_data["birth_date"])
        if not _may_ask(request, nik):
            return wait("list")
        lists = membership.lists_of(nik=nik, born=born, today=timezone.localdate())
        answer = self.show(form=forms.IdentityForm(), lists=lists)
        time.sleep(max(0.0, started + LEAST_S - time.monotonic()))
        return answer


def _may_ask(request: HttpRequest, nik: str) -> bool:
    """Tries count whatever they find: none is given back."""
    address = limits.client_address(request)
    return limits.hit("list-address", address, most=MOST_PER_ADDRESS, within_s=HOUR_S) and limits.hit(
        "list-nik", nik, most=MOST_PER_NIK, within_s=24 * HOUR_S
    )
