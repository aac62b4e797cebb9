"""Pages for when something is not there or went wrong. The last one asks neither the session nor the database."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import loader
from django.urls import reverse

from bansos.common.office import OFFICE


def server_error(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(loader.get_template("500.html").render({"office": OFFICE}), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Nearly always a page left open for long, or a phone that cleared or keeps no cookies."""
    return redirect(reverse("public:lost") + ("" if request.COOKIES else "?hilang"))
