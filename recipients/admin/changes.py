"""Decile changes: who moved, in which direction in words, over which limit; and the logged download of the list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import csvout
from bansos.common.admin import AreaAdmin, DetailedChangeList
from recipients.access import record_access
from recipients.admin.filters import (
    AfterFilter,
    BeforeFilter,
    CrossedFilter,
    DirectionFilter,
    ReleaseFilter,
    SubdistrictFilter,
    VillageFilter,
)
from recipients.enums import Access
from recipients.family_page import head_name_of
from recipients.models import DecileChange, Programme
from recipients.roles import EXPORT_CHANGES


class ReasonForm(forms.Form):
    reason = forms.CharField(min_length=5, max_length=200)


@admin.register(DecileChange)
class DecileChangeAdmin(AreaAdmin):
    list_display = ("head", "village_name", "subdistrict_name", "move", "meaning", "crossed", "release")
    list_display_links = None
    list_filter = (
        ReleaseFilter,
        DirectionFilter,
        CrossedFilter,
        SubdistrictFilter,
        VillageFilter,
        BeforeFilter,
        AfterFilter,
    )
    list_select_related = ("village__parent", "release")
    ordering = ("-pk",)
    change_list_template = "admin/recipients/decilechange/list.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DetailedChangeList]:
        return DetailedChangeList

    def with_details(self, rows: list[DecileChange]) -> list[DecileChange]:
        keys = [row.pk for row in rows]
        named = DecileChange.objects.filter(pk__in=keys).annotate(head=head_name_of("family_id"))
        names = dict(named.values_list("pk", "head"))
        programmes = dict(Programme.objects.values_list("code", "name"))
        for row in rows:
            row.page = {
                "head": names.get(row.pk) or "",
                "crossed": ", ".join(programmes.get(code, code) for code in row.crossed_ceilings),
            }
        return rows

    @admin.display(description=gettext_lazy("kepala keluarga"))
    def head(self, change: Any) -> str:
        address = reverse("admin:recipients_family_change", args=[change.family_id])
        return format_html('<a href="{}">{}</a>', address, change.page["head"])

    @admin.display(description=gettext_lazy("desa/kelurahan"))
    def village_name(self, change: DecileChange) -> str:
        return change.village.name

    @admin.display(description=gettext_lazy("kecamatan"))
    def subdistrict_name(self, change: DecileChange) -> str:
        return change.village.parent.name if change.village.parent else ""

    @admin.display(description=gettext_lazy("desil"))
    def move(self, change: DecileChange) -> str:
        return f"{change.before or '-'} → {change.after or '-'}"

    @admin.display(description=gettext_lazy("arti bagi keluarga"))
    def meaning(self, change: DecileChange) -> str:
        return format_html(
            '<span class="mark {}">{}</span>', change.direction.lower(), change.get_direction_display()
        )

    @admin.display(description=gettext_lazy("batas yang dilewati"), empty_value="")
    def crossed(self, change: Any) -> str:
        return change.page["crossed"]

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.export_view))
        return [path("unduh/", view, name="recipients_decilechange_export"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {
            "title": _("Perubahan desil"),
            "can_export": request.user.has_perm(EXPORT_CHANGES),
            "query": request.GET.urlencode(),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        change = self.get_object(request, object_id)
        if change is None:
            raise Http404
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        return redirect("admin:recipients_family_change", change.family_id)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """The filtered list as CSV: a reason, the log with the number of rows, then the file."""
        if not (self.has_view_permission(request) and request.user.has_perm(EXPORT_CHANGES)):
            raise PermissionDenied
        form = ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Ketik alasan mengunduh daftar ini, paling sedikit 5 huruf."))
            return redirect(
                f"{reverse('admin:recipients_decilechange_changelist')}?{request.GET.urlencode()}"
            )
        rows = self.get_changelist_instance(request).get_queryset(request)
        record_access(
            by=request.user,
            kind=Access.EXPORT,
            subject=_("perubahan desil"),
            reason=form.cleaned_data["reason"],
            rows=rows.count(),
        )
        return csvout.answer("perubahan-desil.csv", EXPORT_HEADER, export_rows(rows))


EXPORT_HEADER = (
    "rilis", "keluarga_no", "kepala_keluarga", "kecamatan", "desa_kelurahan", "desil_dulu", "desil_sekarang", "arti",
    "batas_dilewati",
)  # fmt: skip


def export_rows(changes: Any) -> Iterable[tuple[Any, ...]]:
    named = changes.annotate(head=head_name_of("family_id")).select_related("release", "village__parent")
    for change in named.iterator(chunk_size=2000):
        yield (
            change.release.label,
            change.family_id,
            change.head,
            change.village.parent.name if change.village.parent else "",
            change.village.name,
            change.before,
            change.after,
            change.get_direction_display(),
            ", ".join(change.crossed_ceilings),
        )
