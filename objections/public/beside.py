"""A family reads its own data at the desk: staff in its area open them with consent, and the look is logged.

It is the page that the code of a letter opens, for who has no letter and no phone. The helper sees an identity card;
the portal keeps who opened it for whom, how the person agreed, and nothing that was shown.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import limits
from objections import own_data, services
from objections.public import drafts
from objections.public.assisted import HOUR_S, MOST_LOOKS
from objections.public.assisted_forms import BesideForm
from objections.public.pages import Page
from recipients.models import Family
from recipients.roles import VIEW_FAMILY


class Beside(Page):
    """Both pages are for who may file for others and may open families at all."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perms([services.FILE_FOR_OTHERS, VIEW_FAMILY]):
            raise PermissionDenied(VIEW_FAMILY)
        return super().dispatch(request, *args, **kwargs)


class Ask(Beside):
    template_name = "public/assisted/beside.html"
    title = gettext_lazy("Tunjukkan data keluarga kepada warga")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=self.question(BesideForm))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BesideForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        if not limits.hit("assist", str(request.user.pk), most=MOST_LOOKS, within_s=HOUR_S):
            words = _("Anda sudah membuka banyak data dalam satu jam. Tunggu sebentar, lalu lanjutkan.")
            return self.ask_again(form, problem=("nik", words))
        told = form.cleaned_data
        family = services.family_of(
            nik=told["nik"], consent=told["consent"], by=request.user, why=_("diperlihatkan kepada warga")
        )
        if family is None:
            words = _("NIK ini belum ada di data keluarga wilayah Anda. Lihat lagi KTP-nya.")
            return self.ask_again(form, problem=("nik", words))
        drafts.keep(request, drafts.BESIDE, {"id": family.pk})
        return redirect("admin:objections_beside_family")


class Show(Beside):
    template_name = "public/assisted/beside_family.html"
    title = gettext_lazy("Data keluarga Anda")

    def get(self, request: HttpRequest) -> HttpResponse:
        held = drafts.kept(request, drafts.BESIDE)
        family = Family.objects.visible_to(request.user).filter(pk=held["id"]).first() if held else None
        if family is None:
            return redirect("admin:objections_beside")
        return self.show(data=own_data.of_family(family_id=family.pk, as_of=timezone.localdate()))

    def post(self, request: HttpRequest) -> HttpResponse:
        drafts.drop(request, drafts.BESIDE)
        return redirect("admin:objections_beside")


def urls(wrap: Any) -> list[URLPattern]:
    return [
        path("bantu/data/", wrap(Ask.as_view()), name="objections_beside"),
        path("bantu/data/keluarga/", wrap(Show.as_view()), name="objections_beside_family"),
    ]
