"""From where on a delivery is held: kept by who approves, so that nobody loosens it for an upload of their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from recipients.admin.small_tables import SmallTablePage
from recipients.models import Tolerance
from recipients.models.tolerances import USUAL
from recipients.resources import ToleranceTable
from recipients.roles import SET_TOLERANCE


@admin.register(Tolerance)
class ToleranceAdmin(SmallTablePage, admin.ModelAdmin):
    """One row a limit, made by a migration: numbers and their basis change, the list of limits does not."""

    actions = None
    list_display = ("code", "value", "usual", "basis")
    fields = ("code", "value", "usual", "basis")
    readonly_fields = ("code", "usual")
    show_facets = admin.ShowFacets.NEVER
    table, table_permission = ToleranceTable, SET_TOLERANCE

    @admin.display(description=gettext_lazy("lazimnya"))
    def usual(self, tolerance: Tolerance) -> int:
        return USUAL[tolerance.code]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
