"""Areas of staff, regions, the access log and background work."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bansos.common import password_again
from bansos.common.admin import AreaAdmin, BoundedPaginator, ReadOnlyAdmin
from bansos.common.models import Job
from recipients.admin.small_tables import SmallTablePage
from recipients.models import AccessLog, Region, RegistryRelease, StaffArea
from recipients.resources import RegionTable, StaffAreaTable
from recipients.roles import CHANGE_REGION


@admin.register(Region)
class RegionAdmin(SmallTablePage, AreaAdmin):
    table, table_permission = RegionTable, CHANGE_REGION
    list_display = ("name", "level", "kind", "parent", "code")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    sortable_by = ("name", "code")
    fields = readonly_fields = ("name", "aliases", "level", "kind", "parent", "code", "bps_code")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Names of villages are no secret to whoever hands out the areas of work."""
        if request.user.has_perm("recipients.change_staffarea"):
            return Region.objects.all()
        return super().get_queryset(request)


@admin.register(RegistryRelease)
class RegistryReleaseAdmin(ReadOnlyAdmin):
    list_display = ("label", "as_of", "applied_at")
    fields = readonly_fields = ("label", "as_of", "applied_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).published()


@admin.register(StaffArea)
class StaffAreaAdmin(SmallTablePage, admin.ModelAdmin):
    table, table_permission = StaffAreaTable, "recipients.add_staffarea"
    list_display = ("user", "region", "level")
    list_select_related = ("user", "region")
    autocomplete_fields = ("user", "region")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    actions = None

    @admin.display(description=_("tingkat"))
    def level(self, area: StaffArea) -> str:
        return area.region.get_level_display()

    @password_again.needed
    def changeform_view(self, request: HttpRequest, *which: Any, **more: Any) -> HttpResponse:
        """Where a colleague works, given or changed."""
        return super().changeform_view(request, *which, **more)

    @password_again.needed
    def delete_view(self, request: HttpRequest, *which: Any, **more: Any) -> HttpResponse:
        return super().delete_view(request, *which, **more)

    def table_view(self, request: HttpRequest) -> HttpResponse:
        """A table is looked at freely; putting it in is what it takes the password for."""
        view = self._put_in_view if request.POST.get("langkah") == "terapkan" else super().table_view
        return view(request)

    @password_again.needed
    def _put_in_view(self, request: HttpRequest) -> HttpResponse:
        return super().table_view(request)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return False


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    list_display = ("at", "who", "kind", "family", "subject", "reason", "rows")
    list_display_links = None
    list_filter = ("kind", ("by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("by", "family")
    paginator = BoundedPaginator
    fields = readonly_fields = ("at", "who", "kind", "family", "subject", "reason", "rows")

    @admin.display(description=_("oleh"))
    def who(self, log: AccessLog) -> str:
        return str(log.by or _("keluarga itu sendiri"))


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("kind", "key", "stage", "attempt", "created_at", "finished_at")
    list_filter = ("state", "kind")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "kind", "key", "stage", "attempt", "max_attempt", "run_after", "lease_until", "created_at", "finished_at",
        "progress", "error",
    )  # fmt: skip

    @admin.display(description=_("keadaan"))
    def stage(self, job: Job) -> str:
        return format_html('<span class="mark {}">{}</span>', job.state.lower(), job.get_state_display())
