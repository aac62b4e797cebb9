"""Helpers by village, kept by the office itself; every change stands in the admin's history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from objections.models import VillageHelp
from objections.resources import VillageHelpTable
from recipients.admin.small_tables import SmallTablePage
from recipients.enums import RegionLevel
from recipients.models import Region
from recipients.roles import SET_VILLAGE_HELP


class HelpedRegion(forms.ModelChoiceField):
    """Villages below the name of their sub-district: names of villages repeat, and repeat those of sub-districts."""

    def label_from_instance(self, region: Region) -> str:
        if region.level == RegionLevel.SUBDISTRICT:
            return _("Kecamatan %s") % region.name
        return f"{region.parent} › {region}"


@admin.register(VillageHelp)
class VillageHelpAdmin(SmallTablePage, admin.ModelAdmin):
    actions = None
    table, table_permission = VillageHelpTable, SET_VILLAGE_HELP
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    list_display = ("name", "role", "region", "subdistrict", "hours", "office_phone")
    list_select_related = ("region__parent",)
    search_fields = ("name", "region__name", "region__parent__name")
    list_per_page = 50
    fields = ("region", "role", "name", "hours", "office_phone", "note", "place")

    @admin.display(description=_("kecamatan"))
    def subdistrict(self, row: VillageHelp) -> str:
        return str(row.region if row.region.level == RegionLevel.SUBDISTRICT else row.region.parent)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "region":
            regions = Region.objects.filter(**db_field.get_limit_choices_to())
            return HelpedRegion(
                regions.select_related("parent").order_by("code"),
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return False
