"""The families that a delivery would bring, and those it no longer names: by name, before it is approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common import csvout
from bansos.common.admin import MOST_PAGES, key_of
from recipients.access import record_access
from recipients.enums import Access
from recipients.models import Enrolment, ImportBatch, Region
from recipients.roles import EXPORT_CHANGES
from recipients.services import newcomers
from recipients.services.newcomers import COMES, GOES, Foreseen, NotWaiting

PER_PAGE = 50
LISTS = {"baru": COMES, "hilang": GOES}
TITLES = {
    "baru": gettext_lazy("Keluarga baru di kiriman ini"),
    "hilang": gettext_lazy("Keluarga yang tidak ada lagi di kiriman ini"),
}
HEADER = ("keluarga_no", "kepala_keluarga", "kecamatan", "desa_kelurahan", "desil", "terdaftar_di")
GONE = gettext_lazy("Kiriman itu sudah disetujui atau ditolak, jadi daftarnya tidak bisa dibuka lagi.")


class ReasonForm(forms.Form):
    reason = forms.CharField(min_length=5, max_length=200)


class DeliveryFamilyPages:
    """Mixed into the ModelAdmin of deliveries."""

    admin_site: Any
    own_page: Any

    def get_urls(self) -> list[Any]:
        wrap, export = self.admin_site.admin_view, require_POST(self.export_families_view)
        return [
            path("<int:pk>/keluarga/", wrap(self.families_view), name="recipients_import_families"),
            path("<int:pk>/keluarga/unduh/", wrap(export), name="recipients_import_families_export"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def families_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        which, subdistricts = _which(request.GET), _subdistricts(request.user)
        chosen = next(
            (one for one in subdistricts if one.pk == key_of(request.GET.get("kecamatan", ""))), None
        )
        asked: dict[str, Any] = {
            "batch_id": pk,
            "comes_or_goes": LISTS[which],
            "villages": _villages(request.user, chosen),
        }
        try:
            page = Paginator(range(newcomers.count(**asked)), PER_PAGE).get_page(
                min(key_of(request.GET.get("p", "")) or 1, MOST_PAGES)
            )
            rows = newcomers.by_name(**asked, start=max(page.start_index() - 1, 0), most=PER_PAGE)
        except NotWaiting:
            return _closed(request, pk)
        answer: HttpResponseBase = self.own_page(
            request,
            "admin/recipients/importbatch/families.html",
            title=TITLES[which],
            batch=ImportBatch.objects.get(pk=pk),
            which=which,
            lists=TITLES,
            subdistricts=subdistricts,
            chosen=chosen,
            page=page,
            rows=_told(rows, timezone.localdate()),
            can_export=request.user.has_perm(EXPORT_CHANGES),
        )
        return answer

    def export_families_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The whole list as CSV: a reason, the log with the number of rows, then the file."""
        if not (self.has_view_permission(request) and request.user.has_perm(EXPORT_CHANGES)):  # type: ignore[attr-defined]
            raise PermissionDenied
        which, form = _which(request.POST), ReasonForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Ketik alasan mengunduh daftar ini, paling sedikit 5 huruf."))
            return redirect("admin:recipients_import_families", pk)
        everywhere = _villages(request.user, None)
        try:
            count = newcomers.count(batch_id=pk, comes_or_goes=LISTS[which], villages=everywhere)
            record_access(
                by=request.user,
                kind=Access.EXPORT,
                subject=f"{TITLES[which]} ({pk})",
                reason=form.cleaned_data["reason"],
                rows=count,
            )
            rows = _file_rows(pk, which, request.user, timezone.localdate())
            return csvout.answer(f"keluarga-{which}-{pk}.csv", HEADER, rows)
        except NotWaiting:  # also while the file is made
            return _closed(request, pk)


def _closed(request: HttpRequest, pk: int) -> HttpResponse:
    messages.warning(request, GONE)
    return redirect("admin:recipients_importbatch_change", pk)


def _which(data: Any) -> str:
    asked = data.get("yang", "")
    return asked if asked in LISTS else "baru"


def _subdistricts(user: Any) -> list[Region]:
    return list(Region.objects.visible_to(user).subdistricts().order_by("name"))


def _villages(user: Any, subdistrict: Region | None) -> list[int]:
    villages = Region.objects.visible_to(user).villages()
    if subdistrict is not None:
        villages = villages.filter(parent=subdistrict)
    return list(villages.values_list("pk", flat=True))


def _told(rows: list[Foreseen], day: date) -> list[dict[str, Any]]:
    """With the village, and the programmes that a family is on the list of."""
    villages = Region.objects.select_related("parent").in_bulk({row.village_id for row in rows})
    enrolled = Enrolment.objects.listed(day).filter(family__in=[row.family_id for row in rows])
    programmes: dict[int, dict[str, None]] = {}
    for family_id, name in enrolled.order_by("programme").values_list("family_id", "programme__name"):
        programmes.setdefault(family_id, {})[name] = None
    return [
        {
            "row": row,
            "village": villages[row.village_id],
            "programmes": ", ".join(programmes.get(row.family_id, {})),
        }
        for row in rows
    ]


def _file_rows(pk: int, which: str, user: Any, day: date) -> Iterator[tuple[Any, ...]]:
    """A sub-district at a time."""
    for subdistrict in _subdistricts(user):
        found = newcomers.by_name(
            batch_id=pk, comes_or_goes=LISTS[which], villages=_villages(user, subdistrict)
        )
        for told in _told(found, day):
            row = told["row"]
            yield (
                row.family_id,
                row.head_name,
                subdistrict.name,
                told["village"].name,
                row.decile,
                told["programmes"],
            )
