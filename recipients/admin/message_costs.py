"""What the messages cost: by month, channel and kind, on a page and as CSV. No words, no addresses."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bansos.common import costs, csvout, outbox
from bansos.common.models import Channel

READ_MESSAGES = "common.view_message"


def page(request: HttpRequest, site: Any) -> HttpResponse:
    lines = _lines(request)
    context = {
        **site.each_context(request),
        "title": _("Biaya pesan"),
        "lines": [(_named(line), line) for line in lines],
        "total": {name: sum(getattr(line, name) for line in lines) for name in ("messages", "parts", "cost")},
        "unpriced": [channel.label for channel in costs.unpriced()],
    }
    return render(request, "admin/common/message/costs.html", context)


def download(request: HttpRequest) -> HttpResponse:
    header = ("bulan", "saluran", "jenis", "pesan", "bagian", "rupiah")
    rows = [
        (line.month.strftime("%Y-%m"), *_named(line)[1:], line.messages, line.parts, line.cost)
        for line in _lines(request)
    ]
    return csvout.answer("biaya-pesan.csv", header, rows)


def _lines(request: HttpRequest) -> list[costs.Line]:
    if not request.user.has_perm(READ_MESSAGES):
        raise PermissionDenied
    return costs.by_month()


def _named(line: costs.Line) -> tuple[str, str, str]:
    month = date_format(line.month, "F Y")
    return month, str(Channel(line.channel).label), outbox.title_of(line.template)


def urls(site: Any) -> list[URLPattern]:
    def shown(request: HttpRequest) -> HttpResponse:
        return page(request, site)

    return [
        path("biaya/", site.admin_view(shown), name="common_message_costs"),
        path("biaya.csv", site.admin_view(download), name="common_message_costs_export"),
    ]
