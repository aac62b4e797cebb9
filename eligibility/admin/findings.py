"""Worklists: what the night run found, by kind, place and person; taken, closed, proposed and confirmed in bulk."""

from __future__ import annotations

import time
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import csvout, xlsxout
from bansos.common.admin import AreaAdmin, DetailedChangeList, key_of, keys_of
from eligibility import finding_export, reasons
from eligibility.admin.decisions import ProgrammeFilter
from eligibility.admin.finding_filters import HolderFilter, OutcomeFilter, StateFilter
from eligibility.admin.finding_steps import STEPS, as_opened, bulk_form, tell
from eligibility.engine.finding_kinds import KINDS
from eligibility.models import Finding, FindingState
from eligibility.services import finding as services
from eligibility.services import notices
from recipients.access import record_access
from recipients.addressing import STAFF
from recipients.admin.filters import SubdistrictFilter, VillageFilter
from recipients.enums import Access
from recipients.family_page import head_name_of
from recipients.receiving_page import people_names
from recipients.roles import EXPORT_CHANGES

LIST = "admin:eligibility_finding_changelist"
MOST_AT_ONCE = 5000
SEVERITIES = {
    1: ("bad", gettext_lazy("berat")),
    2: ("warn", gettext_lazy("sedang")),
    3: ("", gettext_lazy("ringan")),
}


@admin.register(Finding)
class FindingAdmin(AreaAdmin):
    change_list_template = "admin/eligibility/finding/list.html"
    list_display = ("pick", "what", "head", "place", "programme", "why", "stage", "holder")
    list_display_links = None
    list_filter = (
        "kind",
        StateFilter,
        OutcomeFilter,
        HolderFilter,
        ProgrammeFilter,
        SubdistrictFilter,
        VillageFilter,
    )
    list_select_related = ("programme", "family__village__parent", "assigned_to")
    ordering = ("-pk",)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Boxes to tick are for those who can do something with what is ticked."""
        return self.list_display if bulk_form(request.user)["steps"] else self.list_display[1:]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DetailedChangeList]:
        return DetailedChangeList

    def with_details(self, rows: list[Finding]) -> list[Finding]:
        return with_details(rows)

    @admin.display(description=gettext_lazy("pilih"))
    def pick(self, finding: Finding) -> str:
        return format_html(
            '<input type="checkbox" name="pick" value="{}" form="bulk" aria-label="{}">',
            finding.pk,
            _("Pilih temuan %d") % finding.pk,
        )

    @admin.display(description=gettext_lazy("temuan"))
    def what(self, finding: Finding) -> str:
        tone, severity = SEVERITIES[KINDS[finding.kind].severity]
        return format_html(
            '<a href="{}">{}</a> <span class="mark {}">{}</span>',
            reverse("admin:eligibility_finding_change", args=[finding.pk]),
            finding.get_kind_display(),
            tone,
            severity,
        )

    @admin.display(description=gettext_lazy("kepala keluarga"))
    def head(self, finding: Any) -> str:
        address = reverse("admin:recipients_family_change", args=[finding.family_id])
        link = format_html('<a href="{}">{}</a>', address, finding.head_name or "–")
        of_member = finding.person_name and finding.person_name != finding.head_name
        return format_html("{}<br>{}", link, _("anggota: %s") % finding.person_name) if of_member else link

    @admin.display(description=gettext_lazy("desa/kelurahan"))
    def place(self, finding: Finding) -> str:
        return f"{finding.family.village}, {finding.family.village.parent}"

    @admin.display(description=gettext_lazy("sebab"))
    def why(self, finding: Any) -> str:
        """The first reason; the page of the finding has them all."""
        if len(finding.reasons) < 2:
            return "".join(finding.reasons)
        return _("%(first)s (dan %(more)d sebab lain)") % {
            "first": finding.reasons[0],
            "more": len(finding.reasons) - 1,
        }

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, finding: Finding) -> str:
        label = finding.get_state_display()
        if finding.state == FindingState.PROPOSED and finding.window_ends_on:
            label = _("diusulkan, boleh disanggah sampai %s") % date_format(finding.window_ends_on, "j F Y")
        return format_html('<span class="mark {}">{}</span>', finding.state.lower(), label)

    @admin.display(description=gettext_lazy("ditangani"))
    def holder(self, finding: Finding) -> str:
        return str(finding.assigned_to or "")

    def get_urls(self) -> list[Any]:
        bulk = self.admin_site.admin_view(require_POST(self.bulk_view))
        export = self.admin_site.admin_view(require_POST(self.export_view))
        return [
            path("langkah/", bulk, name="eligibility_finding_bulk"),
            path("unduh/", export, name="eligibility_finding_export"),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The filtered list as CSV or XLSX: a reason, the log with the number of rows, then the file."""
        if not (self.has_view_permission(request) and request.user.has_perm(EXPORT_CHANGES)):
            raise PermissionDenied
        reason = request.POST.get("reason", "").replace("\x00", "").strip()
        if len(reason) < services.SHORTEST_NOTE:
            messages.error(request, _("Ketik alasan mengunduh daftar ini, paling sedikit 5 huruf."))
            return redirect(f"{reverse(LIST)}?{request.GET.urlencode()}")
        found = self.get_changelist_instance(request).get_queryset(request)
        is_xlsx, count = request.POST.get("bentuk") == "xlsx", found.count()
        if is_xlsx and count > xlsxout.MOST_ROWS:
            messages.error(
                request, _("Satu lembar Excel memuat paling banyak 1.048.575 baris. Unduh CSV saja.")
            )
            return redirect(f"{reverse(LIST)}?{request.GET.urlencode()}")
        record_access(by=request.user, kind=Access.EXPORT, subject=_("temuan"), reason=reason, rows=count)
        out, name = (xlsxout, "temuan.xlsx") if is_xlsx else (csvout, "temuan.csv")
        return out.answer(name, finding_export.HEADER, finding_export.rows(found))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {
            "query": request.GET.urlencode(),
            "opened": str(int(time.time() * 1e6)),
            **bulk_form(request.user),
            "can_export": request.user.has_perm(EXPORT_CHANGES),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        finding = self.get_object(request, object_id)
        if finding is None:
            raise Http404
        if not self.has_view_permission(request, finding):
            raise PermissionDenied
        with_details([finding])
        return self.own_page(
            request,
            "admin/eligibility/finding/page.html",
            title=finding.get_kind_display(),
            finding=finding,
            kind=KINDS[finding.kind],
            events=finding.events.select_related("by"),
            is_unprinted=notices.unprinted().filter(pk=finding.pk).exists(),
            **bulk_form(request.user, finding),
        )

    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """One step for the picked findings, or for all that the filters show."""
        step = next((step for step in STEPS if step.code == request.POST.get("step")), None)
        permissions = {step.permission} if step else {step.permission for step in STEPS}
        if not (self.has_view_permission(request) and any(map(request.user.has_perm, permissions))):
            raise PermissionDenied
        back = f"{reverse(LIST)}?{request.GET.urlencode()}"
        if step is None:
            messages.error(request, _("Pilih langkahnya."))
            return redirect(back)
        findings, asked = self._picked(request)
        if request.POST.get("scope") == "semua" and asked > key_of(request.POST.get("seen", "")):
            messages.error(request, _("Daftar ini berubah sejak Anda buka. Baca lagi isinya, lalu ulangi."))
            return redirect(back)
        if not 0 < asked <= MOST_AT_ONCE:
            messages.error(request, _("Pilih 1 sampai %d temuan.") % MOST_AT_ONCE)
            return redirect(back)
        note = request.POST.get("note", "").replace("\x00", "")
        try:
            done = step.take(
                findings=findings, by=request.user, now=timezone.now(), note=note, request=request
            )
        except services.FindingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            tell(request, step, done, asked)
        return redirect(back)

    def _picked(self, request: HttpRequest) -> tuple[Any, int]:
        if request.POST.get("scope") == "semua":
            rows = as_opened(self.get_changelist_instance(request).get_queryset(request), request)
        else:
            picked = keys_of(request.POST.getlist("pick")[:MOST_AT_ONCE])
            rows = self.get_queryset(request).filter(pk__in=picked)
        keys = list(rows.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        return Finding.objects.filter(pk__in=keys), len(keys)


def with_details(rows: list[Finding]) -> list[Finding]:
    """Names of head and member, and the reasons, of each row: a query each for the page, none a row."""
    keys = [row.pk for row in rows]
    named = Finding.objects.filter(pk__in=keys).annotate(head=head_name_of("family_id"))
    names = dict(named.values_list("pk", "head"))
    people = people_names([row.person_id for row in rows])
    said = reasons.of_findings(rows, reader=STAFF)
    for row in rows:
        row.head_name = names.get(row.pk) or ""
        row.person_name = people.get(row.person_id or 0, "")
        row.reasons = said.get(row.pk, [])
    return rows
