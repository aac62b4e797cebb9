"""The phone of a person at the desk, confirmed in one visit: identity card, case, a code to the phone, typed here.

Who is beside the person vouches for it with their own name (docs/decisions/0036). A number that is already confirmed
for several families is left to the office, and so is one's own case.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import limits
from objections import phone_page, services
from objections.models import Objection
from objections.public import drafts
from objections.public.assisted import HOUR_S, MOST_LOOKS
from objections.public.assisted_forms import PhoneForm
from objections.public.beside import Beside
from objections.public.forms import PhoneCodeForm


class Ask(Beside):
    template_name = "public/assisted/phone.html"
    title = gettext_lazy("Pastikan HP warga")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=self.question(PhoneForm))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PhoneForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        if not limits.hit("assist", str(request.user.pk), most=MOST_LOOKS, within_s=HOUR_S):
            words = _("Anda sudah membuka banyak data dalam satu jam. Tunggu sebentar, lalu lanjutkan.")
            return self.ask_again(form, problem=("nik", words))
        objection = _case(form.cleaned_data, request.user)
        if objection is None:
            words = _("Nomor sanggahan dan NIK itu tidak cocok, atau keluarganya bukan di wilayah Anda.")
            return self.ask_again(form, problem=("number", words))
        if trouble := _send(objection, form.cleaned_data["phone"], request.user):
            return self.ask_again(form, problem=("phone", trouble))
        drafts.keep(request, drafts.PHONE_BESIDE, {"id": objection.pk})
        return redirect("admin:objections_phone_typed")


class TypeCode(Beside):
    template_name = "public/assisted/phone_typed.html"
    title = gettext_lazy("Kode dari HP warga")

    def get(self, request: HttpRequest) -> HttpResponse:
        objection = _held(request)
        if objection is None:
            return redirect("admin:objections_phone")
        now = timezone.now()
        is_done = services.standing_phone(objection, now=now) is not None
        return self.show(
            form=self.question(PhoneCodeForm),
            objection=objection,
            last=phone_page.last_digits(objection),
            is_done=is_done,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        objection = _held(request)
        if objection is None:
            return redirect("admin:objections_phone")
        form = PhoneCodeForm(request.POST)
        if not form.is_valid():
            return self.ask_again(form)
        now = timezone.now()
        if services.use_code(objection=objection, typed=form.cleaned_data["code"], now=now) is None:
            words = _("Kode itu tidak cocok, sudah dipakai, atau sudah lewat 15 menit. Lihat lagi pesannya.")
            return self.ask_again(form, problem=("code", words))
        try:
            services.confirm_beside(objection=objection, by=request.user, now=now)
        except services.MoveRefused as refused:
            return self.ask_again(form, problem=("code", str(refused)))
        drafts.drop(request, drafts.TYPED)
        return redirect("admin:objections_phone_typed")


def _case(told: dict[str, Any], by: Any) -> Objection | None:
    """The look at the family is logged whatever comes of it."""
    family = services.family_of(nik=told["nik"], consent=told["consent"], by=by, why=_("memastikan HP warga"))
    return services.case_beside(receipt_no=told["number"], nik=told["nik"], family=family, now=timezone.now())


def _send(objection: Objection, phone: str, by: Any) -> str:
    """What is in the way; empty once the code is on its way."""
    now = timezone.now()
    if why := services.why_not_beside(objection, by=by, now=now, phone=phone):
        return why
    if phone:
        services.change_phone(objection=objection, phone=phone, by=by, now=now)
    if objection.phone_index is None:
        return _("Sanggahan ini belum punya nomor HP. Ketik nomor HP warga.")
    if services.standing_phone(objection, now=now):
        return _("HP ini sudah dipastikan. Warga bisa langsung minta kode di halaman status.")
    if not services.send_code(objection=objection, now=now, by=by):
        return _("Hari ini sudah 3 kode untuk sanggahan atau nomor ini. Coba lagi besok.")
    return ""


def _held(request: HttpRequest) -> Objection | None:
    held = drafts.kept(request, drafts.PHONE_BESIDE)
    return Objection.objects.visible_to(request.user).filter(pk=held["id"]).first() if held else None


def urls(wrap: Any) -> list[URLPattern]:
    return [
        path("bantu/hp/", wrap(Ask.as_view()), name="objections_phone"),
        path("bantu/hp/kode/", wrap(TypeCode.as_view()), name="objections_phone_typed"),
    ]
