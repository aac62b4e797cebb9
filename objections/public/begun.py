"""Kinds of cases that begin with a page of their own: the reason is the kind, the questions are those of any other."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from objections.enums import Kind, Reason
from objections.public import drafts
from objections.public.pages import Page


class Begun(Page):
    """A page that explains a kind of case and begins its answers; the reason is the kind itself."""

    kind = Kind.OWN_DATA
    reason = Reason.OTHER

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest) -> HttpResponse:
        begun = {"kind": self.kind.value, "reasons": {"reasons": [self.reason.value]}}
        drafts.keep(request, drafts.DRAFT, drafts.fresh() | begun)
        return redirect("public:identity")


class Urgent(Begun):
    """PBI-JK stopped while somebody is ill (domain.md 6.6)."""

    template_name = "public/urgent.html"
    title = _("BPJS gratis berhenti dan sedang sakit?")
    kind, reason = Kind.PBI_URGENT, Reason.ILL_OR_OLD


class Report(Begun):
    """Of a recipient who is well off: the reporter is protected, the other's data are never shown (domain.md 6.4)."""

    template_name = "public/report.html"
    title = _("Laporkan penerima yang mampu")
    kind = Kind.WELL_OFF
