"""After the password the phone: who has a second factor shows it before any page of staff answers, /api/ included.

In production everybody must have one (BANSOS_SECOND_FACTOR): whoever signs in without is led to set it up and sees
nothing else until then. The step is remembered with the session and for the phone it was done with: a phone that
the account's keeper took away opens nothing from the next request on (docs/decisions/0038).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bansos.common import second_factor
from bansos.common.models import SecondFactor
from bansos.login import DAY_S, MOST_TRIES, TOO_MANY, WITHIN_S, Cap

MOST_PER_DAY = 50
PASSED = "langkah_kedua"  # in the session: which phone was shown
OFFERED = "langkah_kedua_ditawarkan"  # in the session: which secret it was shown
OPEN = ("login", "logout", "second_step", "second_step_setup")


class SecondStepMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return (_is_guarded(request) and _missing_step(request)) or self.get_response(request)


def _is_guarded(request: HttpRequest) -> bool:
    is_staff_page = _is_api(request) or request.path.startswith(reverse("admin:index"))
    return is_staff_page and request.path not in [reverse(f"admin:{name}") for name in OPEN]


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")  # also where the portal lies below a prefix


def _missing_step(request: HttpRequest) -> HttpResponse | None:
    """Where to go first; nothing when the step was taken or is not asked of this account."""
    if not request.user.is_authenticated:
        return None
    factor = second_factor.of(request.user)
    if _has_passed(request, factor) or (factor is None and not settings.SECOND_FACTOR_REQUIRED):
        return None
    if _is_api(request):
        return JsonResponse({"detail": gettext("Langkah kedua belum dilakukan.")}, status=403)
    page = reverse("admin:second_step" if factor else "admin:second_step_setup")
    goal = request.get_full_path() if request.method == "GET" else reverse("admin:index")
    return redirect(f"{page}?{urlencode({'next': goal})}")


def _has_passed(request: HttpRequest, factor: SecondFactor | None) -> bool:
    return factor is not None and request.session.get(PASSED) == factor.pk


class CodeForm(forms.Form):
    """Six figures from the phone. Counted like a password: a short code does not bear guessing."""

    code = forms.CharField(
        label=_("6 angka dari aplikasi kode"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def __init__(self, factor: SecondFactor, *given: Any) -> None:
        super().__init__(*given)
        self.factor = factor

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].replace(" ", "")
        account = str(self.factor.user_id)
        caps = [
            Cap("second", account, MOST_TRIES, WITHIN_S),
            Cap("second.day", account, MOST_PER_DAY, DAY_S),
        ]
        if not all(cap.takes_one() for cap in caps):
            raise ValidationError(TOO_MANY, code="too_many")
        if not second_factor.takes(self.factor, code, now=timezone.now()):
            raise ValidationError(
                _(
                    "Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya, lalu ketik lagi. Kalau tetap "
                    "tidak cocok, samakan jam HP dengan jam internet."
                )
            )
        for cap in caps:
            cap.give_back()
        return code


def ask(request: HttpRequest) -> HttpResponse:
    """The page between password and work."""
    factor = second_factor.of(request.user)
    if factor is None or _has_passed(request, factor):
        return redirect(_goal(request))
    form = CodeForm(factor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _pass(request, factor)
    return _page(request, "ask.html", title=_("Langkah kedua"), form=form)


def set_up(request: HttpRequest) -> HttpResponse:
    """Where an account gets its phone, or lets go of it with a code of it."""
    factor = second_factor.of(request.user)
    if factor is None:
        return _set_up_first(request)
    if not _has_passed(request, factor):
        return redirect("admin:second_step")
    form = CodeForm(factor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        second_factor.forget(user=factor.user, by=factor.user, now=timezone.now())
        messages.success(request, gettext("HP lama tidak dipakai lagi. Pasang HP yang baru."))
        return redirect("admin:second_step_setup")
    return _page(request, "kept.html", title=_("Langkah kedua"), form=form, factor=factor)


def _set_up_first(request: HttpRequest) -> HttpResponse:
    """Each session gets a secret of its own: who saw another one had, perhaps, only the password."""
    factor = second_factor.offered(request.user, request.session.get(OFFERED, 0))
    if request.method == "POST" and "code" not in request.POST:
        offer = second_factor.offer(user=request.user)  # type: ignore[arg-type]  # staff are signed in here
        request.session[OFFERED] = offer.pk
        return redirect(request.get_full_path())
    if factor is None:
        return _page(request, "begin.html", title=_("Pasang langkah kedua"))
    form = CodeForm(factor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        messages.success(
            request, gettext("Langkah kedua terpasang. Mulai sekarang masuk dengan kata sandi dan kode.")
        )
        return _pass(request, factor)
    picture = segno.make(second_factor.address(factor), error="m").svg_inline(
        omitsize=True, border=4, light="#fff"
    )
    return _page(
        request,
        "scan.html",
        title=_("Pasang langkah kedua"),
        form=form,
        picture=mark_safe(picture),  # drawn by us from our own address
        key=second_factor.key_of(factor),
    )


def _pass(request: HttpRequest, factor: SecondFactor) -> HttpResponseRedirect:
    """From here on the session is another one: what was known of it before the code opens nothing."""
    request.session.cycle_key()
    request.session[PASSED] = factor.pk
    return redirect(_goal(request))


def _goal(request: HttpRequest) -> str:
    goal = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if is_ours else reverse("admin:index")


def _page(request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
    """Bare as the log-in: no menu before the step is taken."""
    whole = {**admin.site.each_context(request), "has_permission": False, **context}
    return TemplateResponse(request, f"admin/second_factor/{template}", whole)


def urls(guarded: Callable[..., Any]) -> list[Any]:
    return [
        path("langkah-kedua/", guarded(ask), name="second_step"),
        path("langkah-kedua/pasang/", guarded(set_up), name="second_step_setup"),
    ]
