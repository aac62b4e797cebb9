"""The page after an answer, within the answer: a phone two seconds away waits once a question, not twice.

A script that sends a form asks for it. Where the answer would lead to another of our pages, that page is made here as
if the browser had asked for it, and its address goes along: reload and Back ask for that address, and send nothing
(docs/decisions/0042). Without the script the browser is led there as ever.
"""

from __future__ import annotations

import logging
from io import BytesIO

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

logger = logging.getLogger(__name__)

ASKED = "X-Next-Page"
MOST_TURNS = 3  # a page may lead on to another
_OF_THE_VISITOR = ("session", "user", "_messages")  # what our middleware knows by now


def page_after(request: HttpRequest, response: HttpResponse, *, kind: type) -> HttpResponse:
    """The page of this kind that the response leads to; else the response as it is."""
    if request.method == "GET" and response.status_code != 302:
        response.headers["Content-Location"] = request.get_full_path()
        return response
    for _turn in range(MOST_TURNS):
        address = response.headers["Location"] if response.status_code == 302 else ""
        match = _page_at(address, kind, beside=request)
        if match is None:
            return response
        try:
            page = match.func(_reading(request, address, match), *match.args, **match.kwargs)
        except Exception:  # the answer is kept, and its address says what is wrong
            logger.exception("the page after an answer could not be made")
            return response
        response = _with_what_was_set(page, response)
        if response.status_code != 302:
            response.headers["Content-Location"] = address
    return response


def _page_at(address: str, kind: type, *, beside: HttpRequest) -> ResolverMatch | None:
    """Only within one part of the portal: what guards the other by its address has not been asked."""
    try:
        match = resolve(address.partition("?")[0])
    except Resolver404:
        return None
    here = beside.resolver_match
    is_ours = issubclass(getattr(match.func, "view_class", object), kind)
    return match if is_ours and here is not None and match.app_names == here.app_names else None


def _reading(request: HttpRequest, address: str, match: ResolverMatch) -> HttpRequest:
    """The same visitor, asking for the page at this address."""
    path, _mark, query = address.partition("?")
    environ = request.META | {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": "",
        "CONTENT_LENGTH": "",
        "wsgi.input": BytesIO(),
    }
    environ.pop("HTTP_X_NEXT_PAGE", None)
    asked = WSGIRequest(environ)
    for name in _OF_THE_VISITOR:
        setattr(asked, name, getattr(request, name))
    asked.resolver_match = match
    return asked


def _with_what_was_set(page: HttpResponse, led_here: HttpResponse) -> HttpResponse:
    """Cookies, and what the browser was told to forget, are not lost with the redirect."""
    for name, value in led_here.headers.items():
        if name not in ("Location", "Content-Type", "Content-Location"):
            page.headers.setdefault(name, value)
    for name, cookie in led_here.cookies.items():
        page.cookies.setdefault(name, cookie)
    return page
