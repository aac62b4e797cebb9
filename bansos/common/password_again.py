"""What takes codes or whole NIKs out of the portal, or changes a colleague's password, phone, roles or area, asks for
the password once more, where it was typed long ago.

An open screen that somebody else sits down at is the danger. The form that was sent is carried along; after the right
password one button sends it again, so that no typed password stays on a screen from which a file was downloaded.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common import limits
from bansos.common.sessions import SIGNED_IN_AT

HOLDS_S = 10 * 60
MOST_TRIES, WITHIN_S = 10, 15 * 60
TYPED_AT = "sandi"  # in the session
PREFIX = "sandi"  # of our own fields, beside those that are carried along

View = Callable[..., HttpResponseBase]


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=gettext_lazy("Kata sandi Anda"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": gettext_lazy("Ketik kata sandi Anda.")},
    )

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(data, prefix=PREFIX)
        self._user = user

    def clean_password(self) -> str:
        """A try is counted before it is looked at, together with those of changing the password."""
        typed, name = self.cleaned_data["password"], self._user.get_username().casefold()
        if not limits.hit("password", name, most=MOST_TRIES, within_s=WITHIN_S):
            raise ValidationError(_("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."))
        if not self._user.check_password(typed):
            raise ValidationError(_("Kata sandi tidak cocok. Periksa huruf besar dan kecil."))
        limits.give_back("password", name, within_s=WITHIN_S)
        return str(typed)


def is_fresh(request: HttpRequest) -> bool:
    """Typed in this very session, here or when signing in, within the last ten minutes."""
    typed_at = max(request.session.get(TYPED_AT, 0), request.session.get(SIGNED_IN_AT, 0))
    return bool(time.time() - typed_at < HOLDS_S)


def needed(view: View) -> View:
    """For a method of an admin that takes POST: first the password, then what was asked for."""

    @wraps(view)
    def asked(admin: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or is_fresh(request):
            return view(admin, request, *args, **kwargs)
        return _ask(admin, request, _carried(request))

    return asked


def needed_first(view: View) -> View:
    """For a form into which secrets are typed: asked before it is shown, and nothing of it is carried along."""

    @wraps(view)
    def asked(admin: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(admin, request, *args, **kwargs) if is_fresh(request) else _ask(admin, request, None)

    return asked


def _ask(admin: Any, request: HttpRequest, carried: list[tuple[str, str]] | None) -> HttpResponseBase:
    """`carried` is what the form holds beside our own fields; None where the page is a form still to be filled in."""
    form = PasswordForm(request.user, request.POST if f"{PREFIX}-password" in request.POST else None)
    is_right = form.is_valid()
    if is_right:
        request.session[TYPED_AT] = int(time.time())
        if carried is None:
            return redirect(request.get_full_path())
    page: HttpResponseBase = admin.own_page(
        request,
        "admin/password_again.html",
        title=_("Kata sandi cocok") if is_right else _("Ketik kata sandi Anda sekali lagi"),
        form=form,
        is_right=is_right,
        carried=carried or [],
        back=_back(request),
        prefix=PREFIX,
    )
    return page


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    ours = ("csrfmiddlewaretoken", f"{PREFIX}-password", f"{PREFIX}-back")
    return [(name, value) for name, values in request.POST.lists() if name not in ours for value in values]


def _back(request: HttpRequest) -> str:
    """The page that the form stood on."""
    back = request.POST.get(f"{PREFIX}-back") or request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if is_ours else ""
