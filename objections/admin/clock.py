"""Days off by decree and times of service, kept by the office itself; every change stands in the admin's history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from objections.models import Holiday, ServiceTime
from objections.resources import HolidayTable
from recipients.admin.small_tables import SmallTablePage
from recipients.roles import SET_HOLIDAYS


@admin.register(Holiday)
class HolidayAdmin(SmallTablePage, admin.ModelAdmin):
    actions = None
    table, table_permission = HolidayTable, SET_HOLIDAYS
    show_facets = admin.ShowFacets.NEVER
    list_display = ("day", "name", "is_off", "decree")
    fields = ("day", "name", "is_off", "decree")
    show_full_result_count = False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "day":  # the browser's own date field: no script of ours
            return forms.DateField(
                label=db_field.verbose_name,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                input_formats=["%Y-%m-%d"],
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(ServiceTime)
class ServiceTimeAdmin(admin.ModelAdmin):
    """One row a step, made by a migration: numbers and their basis change, the list of steps does not."""

    actions = None
    list_display = ("step", "working_days", "basis")
    fields = ("step", "working_days", "basis")
    readonly_fields = ("step",)
    show_facets = admin.ShowFacets.NEVER

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
