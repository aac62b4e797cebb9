"""By what the worklists are narrowed."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eligibility.models import FindingState, Outcome


class StateFilter(admin.SimpleListFilter):
    """The list shows what waits unless told otherwise."""

    title = gettext_lazy("keadaan")
    parameter_name = "keadaan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*FindingState.choices, ("semua", _("semua"))]

    def choices(self, changelist: Any) -> Any:
        named = list(super().choices(changelist))
        named[0]["display"] = _("terbuka dan menunggu konfirmasi")
        return named

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset if request.GET.get(OutcomeFilter.parameter_name) else queryset.waiting()
        return queryset if self.value() == "semua" else queryset.filter(state=self.value())


class HolderFilter(admin.SimpleListFilter):
    title = gettext_lazy("ditangani")
    parameter_name = "petugas"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("saya", _("oleh saya")), ("belum", _("belum ada"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "saya":
                return queryset.filter(assigned_to=request.user)
            case "belum":
                return queryset.filter(assigned_to=None)
        return queryset


class OutcomeFilter(admin.SimpleListFilter):
    """What it came to; the findings that are put to the centre make the list that is handed over."""

    title = gettext_lazy("hasil")
    parameter_name = "hasil"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Outcome.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(outcome=self.value()) if self.value() else queryset
