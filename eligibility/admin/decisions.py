"""Rule sets and decisions for the staff to read; and the decisions' part of the family page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.admin import AreaAdmin, BoundedPaginator, DetailedChangeList, Panel
from eligibility import explain_page, reasons, services
from eligibility.explain_page import DaysForm
from eligibility.models import EligibilityDecision, Verdict
from recipients.access import record_access
from recipients.addressing import STAFF
from recipients.admin.filters import SubdistrictFilter, VillageFilter
from recipients.enums import Access
from recipients.family_page import head_name_of
from recipients.models import Family, FamilyMembership, Programme


class ProgrammeFilter(admin.SimpleListFilter):
    title = gettext_lazy("program")
    parameter_name = "program"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:

        return [(str(pk), name) for pk, name in Programme.objects.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        if self.value() not in dict(self.lookup_choices):
            return queryset.none()
        return queryset.filter(programme=self.value())


@admin.register(EligibilityDecision)
class EligibilityDecisionAdmin(AreaAdmin):
    """The standing decisions; what stood before is on the family page."""

    list_display = ("head", "village_name", "programme", "result", "reasons", "decided_at")
    list_display_links = None
    list_filter = (ProgrammeFilter, "verdict", SubdistrictFilter, VillageFilter)
    ordering = ("-pk",)
    paginator = BoundedPaginator
    fields = readonly_fields = (
        "programme",
        "result",
        "reasons",
        "rule_set",
        "release",
        "as_of",
        "decided_at",
    )

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.explain_view)
        return [path("keluarga/<int:pk>/", view, name="recipients_family_explain"), *super().get_urls()]

    def explain_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Why, condition by condition, for a day, or for two days side by side; a look that is logged."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        family = get_object_or_404(Family.objects.visible_to(request.user).select_related("village"), pk=pk)
        record_access(by=request.user, kind=Access.OPEN_FAMILY, family=family, subject="penjelasan")
        shown = explain_page.of_family(family, DaysForm(request.GET), timezone.localdate())
        return self.own_page(request, "admin/eligibility/explain.html", **shown)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Stock `list_select_related` does nothing here: the rows come with their grounds already."""
        rows = super().get_queryset(request).standing_on(timezone.localdate())
        return rows.select_related("programme", "family__village")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DetailedChangeList]:
        return DetailedChangeList

    def with_details(self, rows: list[EligibilityDecision]) -> list[EligibilityDecision]:
        named = EligibilityDecision.objects.filter(pk__in=[row.pk for row in rows])
        names = dict(named.annotate(head=head_name_of("family_id")).values_list("pk", "head"))
        for row in rows:
            row.head_name = names.get(row.pk) or ""
        return rows

    @admin.display(description=gettext_lazy("kepala keluarga"))
    def head(self, decision: Any) -> str:
        address = reverse("admin:recipients_family_change", args=[decision.family_id])
        return format_html('<a href="{}">{}</a>', address, decision.head_name)

    @admin.display(description=gettext_lazy("desa/kelurahan"))
    def village_name(self, decision: EligibilityDecision) -> str:
        return decision.family.village.name

    @admin.display(description=gettext_lazy("hasil"))
    def result(self, decision: EligibilityDecision) -> str:
        return verdict_mark(decision)

    @admin.display(description=gettext_lazy("alasan"))
    def reasons(self, decision: EligibilityDecision) -> str:
        return " ".join(reasons.in_words(decision, programme=decision.programme.name, reader=STAFF))


def verdict_mark(decision: EligibilityDecision) -> str:
    return format_html(
        '<span class="mark {}">{}</span>', decision.verdict.lower(), decision.get_verdict_display()
    )


def decisions_panel(request: HttpRequest, family: Any) -> Panel | None:
    """Standing decisions per programme with reasons, and what stood before."""
    if not request.user.has_perm("eligibility.view_eligibilitydecision"):
        return None
    rows = EligibilityDecision.objects.filter(family=family).visible_to(request.user)
    rows = rows.select_related("programme", "rule_set__programme", "release").order_by("programme", "-pk")
    decisions = list(rows[:200])
    names = _names(decisions)
    found = [_entry(decision, names) for decision in decisions]
    unruled = list(services.unruled(timezone.localdate()))
    standing, before = [], []
    for entry in found:
        decision = entry["decision"]
        stands = decision.superseded_at is None and decision.programme not in unruled
        (standing if stands else before).append(entry)
    context = {
        "explain_url": reverse("admin:recipients_family_explain", args=[family.pk]),
        "standing": standing,
        "unruled": unruled,
        "before": before,
    }
    return Panel(_("Keputusan per program"), "admin/eligibility/family_panel.html", context)


def _names(decisions: list[EligibilityDecision]) -> dict[int, str]:
    people = [decision.person_id for decision in decisions if decision.person_id]
    return FamilyMembership.objects.published().filter(person__in=people).names()


def _entry(decision: EligibilityDecision, names: dict[int, str]) -> dict[str, Any]:
    return {
        "decision": decision,
        "person": names.get(decision.person_id or 0, ""),
        "tone": decision.verdict.lower(),
        "reasons": reasons.in_words(decision, programme=decision.programme.name, reader=STAFF),
        "is_sure": not decision.rule_set.to_be_confirmed,
        "is_open": decision.verdict != Verdict.ELIGIBLE,
    }


admin.site.add_family_panel(decisions_panel, order=10)
