"""Rule sets as they stand: in words, with what each version changed, and as a text file to take along."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bansos.common.admin import ReadOnlyAdmin
from eligibility import ending_page, services
from eligibility.admin.drafts import as_file
from eligibility.models import RuleSet
from eligibility.wording.amount_words import amounts_in_words
from eligibility.wording.rule_words import condition_in_words, differences
from recipients.roles import WRITE_RULES


@admin.register(RuleSet)
class RuleSetAdmin(ReadOnlyAdmin):
    change_form_template = "admin/eligibility/ruleset/page.html"
    list_display = (
        "programme",
        "version",
        "stage",
        "effective_from",
        "effective_to",
        "legal_basis",
        "sureness",
    )
    list_filter = ("programme",)
    list_select_related = ("programme",)
    fields = readonly_fields = (
        "programme", "version", "stage", "effective_from", "effective_to", "conditions_in_words", "what_changed",
        "amounts_in_words", "legal_basis", "to_be_confirmed", "source_file", "loaded_at", "as_text",
    )  # fmt: skip

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/unduh/", wrap(self.download_view), name="eligibility_ruleset_download"),
            path("<int:pk>/akhiri/", wrap(self.end_view), name="eligibility_ruleset_end"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        rule = self.get_object(request, object_id)
        context = {
            "may_end": rule is not None and ending_page.may_end(rule, request.user),
            "may_copy": request.user.has_perm(WRITE_RULES),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Propose that the rule ends without a next version; a POST of another person approves or drops it."""
        if not ending_page.may_open(request.user):
            raise PermissionDenied
        rule = get_object_or_404(RuleSet.objects.select_related("programme"), pk=pk)
        form = ending_page.EndingForm(request.POST if request.POST.get("step") == "propose" else None)
        if request.method == "POST":
            try:
                ending_page.take_step(request, rule, form)
            except services.EndingRefused as refusal:
                messages.error(request, str(refusal))
            if form.is_valid() or not form.is_bound:
                return redirect("admin:eligibility_ruleset_end", rule.pk)
        shown = ending_page.shown(rule, request.user)
        return self.own_page(request, "admin/eligibility/ruleset/end.html", **shown, form=form)

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule = get_object_or_404(RuleSet.objects.select_related("programme"), pk=pk)
        return as_file(services.text_of(rule), f"{rule.programme.code.lower()}-{rule.version}")

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, rules: RuleSet) -> str:
        today = timezone.localdate()
        if rules.effective_from > today:
            return _("disetujui, belum berlaku")
        return _("sudah selesai") if rules.effective_to and rules.effective_to < today else _("berlaku")

    @admin.display(description=gettext_lazy("kepastian"))
    def sureness(self, rules: RuleSet) -> str:
        if not rules.to_be_confirmed:
            return ""
        return format_html('<span class="mark warn">{}</span>', _("perlu dipastikan"))

    @admin.display(description=gettext_lazy("syarat"))
    def conditions_in_words(self, rules: RuleSet) -> str:
        return _list([condition_in_words(one) for one in rules.conditions])

    @admin.display(description=gettext_lazy("beda dengan versi sebelumnya"))
    def what_changed(self, rules: RuleSet) -> str:
        before = (
            RuleSet.objects.filter(programme=rules.programme, version__lt=rules.version)
            .order_by("version")
            .last()
        )
        if before is None:
            return _("Ini versi pertama.")
        return _list(differences(before.conditions, rules.conditions) or [_("Syaratnya sama.")])

    @admin.display(description=gettext_lazy("jumlah bantuan"))
    def amounts_in_words(self, rules: RuleSet) -> str:
        return _list(amounts_in_words(rules.amounts)) if rules.amounts else _("Tidak ditulis di aturan ini.")

    @admin.display(description=gettext_lazy("teks"))
    def as_text(self, rules: RuleSet) -> str:
        address = reverse("admin:eligibility_ruleset_download", args=[rules.pk])
        return format_html('<a href="{}">{}</a>', address, _("Unduh teks (TOML)"))


def _list(lines: list[str]) -> str:
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    return format_html('<ul class="reasons">{}</ul>', items)
