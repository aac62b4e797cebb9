"""The centre's schedule, kept by the office; every change stands in the admin's history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from recipients.admin.proposal_forms import DAY_INPUT
from recipients.models import SubmissionWindow


@admin.register(SubmissionWindow)
class SubmissionWindowAdmin(admin.ModelAdmin):
    actions = None
    list_display = ("name", "from_day", "to_day", "valid_from", "valid_to", "basis")
    fields = ("name", "from_day", "to_day", "valid_from", "valid_to", "basis")
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return False

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("valid_from", "valid_to"):  # the browser's own date field: no script of ours
            return forms.DateField(
                label=capfirst(db_field.verbose_name),
                required=not db_field.blank,
                widget=DAY_INPUT,
                input_formats=["%Y-%m-%d"],
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)
