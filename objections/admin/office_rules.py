"""What the office settles for itself: read with its basis, written anew, approved by a second person, shut by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import address_of
from objections import membership, services
from objections.admin.versions import VersionAdmin
from objections.enums import RuleName
from objections.models import OfficeRule


def _choices() -> list[tuple[str, Any]]:
    """Every value there may be, under the name of its rule; none is chosen beforehand."""
    values: dict[RuleName, Iterable[int]] = {
        RuleName.EVIDENCE_YEARS: range(1, OfficeRule.MOST_YEARS + 1),
        RuleName.LIST_MEMBERSHIP: (1, 0),
    }
    groups = [
        (
            capfirst(str(name.label)),
            [(f"{name}:{value}", OfficeRule(name=name, value=value).says()) for value in possible],
        )
        for name, possible in values.items()
    ]
    return [("", _("Pilih")), *groups]


class RuleForm(forms.Form):
    rule = forms.ChoiceField(label=gettext_lazy("Aturan dan nilainya"), choices=_choices)
    basis = forms.CharField(
        label=gettext_lazy("Dasar hukum"),
        help_text=gettext_lazy(
            "Jenis, nomor, dan tanggal aturan. Contoh: Perbup 12/2026, 3 Maret 2026, pasal 4."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
    )


@admin.register(OfficeRule)
class OfficeRuleAdmin(VersionAdmin):
    change_list_template = "objections/office_rules.html"
    change_template = "objections/office_rule.html"
    list_display = ("title", "version", "meaning", "basis", "stage", "written_by", "settled_by")
    list_filter = ("name", "state")

    @admin.display(description=gettext_lazy("aturan"))
    def title(self, rule: OfficeRule) -> str:
        url = address_of("admin:objections_officerule_change", rule.pk)
        return format_html('<a href="{}">{}</a>', url, rule.get_name_display())

    @admin.display(description=gettext_lazy("nilai"))
    def meaning(self, rule: OfficeRule) -> str:
        return rule.says()

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("tulis/", wrap(self.write_view), name=self.page_name("write")),
            path("tutup/", wrap(require_POST(self.shut_view)), name=self.page_name("shut")),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {
            "may_write": request.user.has_perm(OfficeRule.permission("add")),
            "may_shut": membership.is_open() and services.may_shut(request.user),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def beside(self, version: OfficeRule) -> dict[str, Any]:
        return {"now_holds": OfficeRule.objects.in_force(RuleName(version.name))}

    def write_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(OfficeRule.permission("add")):
            raise PermissionDenied
        form = RuleForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            name, _colon, value = form.cleaned_data["rule"].partition(":")
            basis, now = form.cleaned_data["basis"], timezone.now()
            try:
                made = services.write_rule(
                    name=RuleName(name), value=int(value), basis=basis, by=request.user, now=now
                )
            except services.MoveRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Usul disimpan dan menunggu persetujuan orang kedua."))
                return redirect("admin:objections_officerule_change", made.pk)
        return self.own_page(
            request, "objections/office_rule_form.html", title=_("Usulkan aturan kantor"), form=form
        )

    def shut_view(self, request: HttpRequest) -> HttpResponse:
        reason = request.POST.get("alasan", "").replace("\x00", "")
        try:
            services.shut_list_check(reason=reason, by=request.user, now=timezone.now())
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(
                request, _("Cek daftar penerima ditutup sekarang. Membukanya lagi perlu dua orang.")
            )
        return redirect("admin:objections_officerule_changelist")
