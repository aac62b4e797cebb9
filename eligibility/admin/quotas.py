"""Quotas: how many a programme takes where, how many use it, and the order of those who wait."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.admin import DetailedChangeList, ReadOnlyAdmin
from eligibility.engine import ranking
from recipients.admin.small_tables import SmallTablePage
from recipients.models import CurrentRelease, Family, Quota, Region, WelfareSnapshot
from recipients.resources import QuotaTable

MOST_RUNGS = 200


class QuotaForm(forms.ModelForm):
    period = forms.CharField(
        label=gettext_lazy("Tahap"),
        help_text=gettext_lazy("Tahun dan triwulan, misalnya 2026-Q1"),
        validators=[RegexValidator(r"\A20[0-9]{2}-Q[1-4]\Z", gettext_lazy("Tulis seperti 2026-Q1"))],
    )
    region = forms.ModelChoiceField(
        Region.objects.order_by("code"),
        label=gettext_lazy("Wilayah"),
        help_text=gettext_lazy("Yang paling dekat berlaku: desa, lalu kecamatan, lalu kabupaten"),
    )

    class Meta:
        model = Quota
        fields = ("programme", "region", "period", "amount")


@admin.register(Quota)
class QuotaAdmin(SmallTablePage, ReadOnlyAdmin):
    table, table_permission = QuotaTable, "recipients.add_quota"
    list_display = ("programme", "region", "period", "amount", "used", "free", "waiting", "order")
    list_display_links = None
    list_filter = ("programme", "period")
    list_select_related = ("programme", "region")
    ordering = ("-period", "programme", "region__code")
    form = QuotaForm

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("recipients.add_quota")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("programme", "region", "period", "amount")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Quotas of the own area, and those above it that it shares."""
        own = Region.objects.visible_to(request.user)
        return super().get_queryset(request).filter(region__in=own.values("pk").union(_above(own)))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DetailedChangeList]:
        return DetailedChangeList

    def with_details(self, rows: list[Quota]) -> list[Quota]:
        use = {row.quota_id: row for row in ranking.quota_use(as_of=timezone.localdate())}
        for row in rows:
            row.use = use.get(row.pk)  # only the newest period is in use
        return rows

    @admin.display(description=gettext_lazy("terpakai"), empty_value="–")
    def used(self, quota: Any) -> int | None:
        return quota.use.used if quota.use else None

    @admin.display(description=gettext_lazy("kosong"), empty_value="–")
    def free(self, quota: Any) -> int | None:
        return quota.use.free if quota.use else None

    @admin.display(description=gettext_lazy("menunggu"), empty_value="–")
    def waiting(self, quota: Any) -> int | None:
        return quota.use.waiting if quota.use else None

    @admin.display(description=gettext_lazy("urutan"))
    def order(self, quota: Any) -> str:
        address = reverse("admin:recipients_quota_ladder", args=[quota.pk])
        return format_html('<a href="{}">{}</a>', address, _("lihat urutan"))

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.ladder_view)
        return [path("<int:pk>/urutan/", view, name="recipients_quota_ladder"), *super().get_urls()]

    def ladder_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The order with the cut; of people outside the own area only the place is shown."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        quota = self.get_queryset(request).filter(pk=pk).select_related("programme", "region").first()
        if quota is None:
            raise Http404
        return self.own_page(request, "admin/recipients/quota/ladder.html", **ladder_of(quota, request.user))


def _above(regions: Any) -> Any:
    parents = Region.objects.filter(children__in=regions)
    return parents.values("pk").union(Region.objects.filter(children__in=parents).values("pk"))


def ladder_of(quota: Quota, user: Any) -> dict[str, Any]:
    today, release = timezone.localdate(), CurrentRelease.get()
    use = next((row for row in ranking.quota_use(as_of=today) if row.quota_id == quota.pk), None)
    rungs = ranking.ladder(
        quota_id=quota.pk, as_of=today, release_id=release.pk if release else 0, most=MOST_RUNGS
    )
    families = Family.objects.visible_to(user).filter(pk__in=[rung.family_id for rung in rungs])
    seen = {family.pk: family for family in families.select_related("village")}
    heads = WelfareSnapshot.objects.standing().filter(family__in=seen).head_names()
    return {
        "title": _("Urutan daftar tunggu %s") % quota.programme,
        "quota": quota,
        "use": use,
        "rungs": [
            {"rung": rung, "family": seen.get(rung.family_id), "head": heads.get(rung.family_id, "")}
            for rung in rungs
        ],
        "cut": next((rung.place for rung in rungs if not rung.is_next), None),
        "most": MOST_RUNGS,
    }
