"""What the office settles for itself: read with its basis, written anew, approved by a second person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bansos.common.admin import ReadOnlyAdmin, address_of
from objections import services
from objections.enums import Draft, RuleName
from objections.models import OfficeRule
from recipients.roles import APPROVE_OFFICE_RULE, WRITE_OFFICE_RULE


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
class OfficeRuleAdmin(ReadOnlyAdmin):
    change_list_template = "objections/office_rules.html"
    list_display = ("title", "version", "meaning", "basis", "stage", "written_by", "settled_by")
    list_display_links = None
    list_filter = ("name", "state")
    list_select_related = ("written_by", "settled_by")

    class Media:
        css = {"all": ["css/case.css"]}

    @admin.display(description=gettext_lazy("aturan"))
    def title(self, rule: OfficeRule) -> str:
        url = address_of("admin:objections_officerule_change", rule.pk)
        return format_html('<a href="{}">{}</a>', url, rule.get_name_display())

    @admin.display(description=gettext_lazy("nilai"))
    def meaning(self, rule: OfficeRule) -> str:
        return rule.says()

    @admin.display(description=gettext_lazy("keadaan"))
    def stage(self, rule: OfficeRule) -> str:
        return _("berlaku") if _is_in_force(rule) else rule.get_state_display()

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_newest()

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        name = "objections_officerule"
        return [
            path("tulis/", wrap(self.write_view), name=f"{name}_write"),
            path("<int:pk>/putuskan/", wrap(require_POST(self.settle_view)), name=f"{name}_settle"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_write = request.user.has_perm(WRITE_OFFICE_RULE)
        return super().changelist_view(request, {"may_write": may_write, **(extra_context or {})})

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not object_id.isdecimal():
            raise Http404
        rule = self._rule(request, int(object_id))
        is_waiting = rule.state == Draft.WAITING
        is_writer = rule.written_by_id == request.user.pk
        may_approve = is_waiting and request.user.has_perm(APPROVE_OFFICE_RULE)
        return self._page(
            request,
            "objections/office_rule.html",
            title=capfirst(str(rule)),
            rule=rule,
            is_in_force=_is_in_force(rule),
            now_holds=OfficeRule.objects.in_force(RuleName(rule.name)),
            may_approve=may_approve and not is_writer,
            may_withdraw=may_approve or (is_waiting and is_writer),
        )

    def write_view(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(WRITE_OFFICE_RULE):
            raise PermissionDenied(WRITE_OFFICE_RULE)
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
        return self._page(
            request, "objections/office_rule_form.html", title=_("Usulkan aturan kantor"), form=form
        )

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        rule = self._rule(request, pk)
        verb = services.withdraw_rule if request.POST.get("langkah") == "batal" else services.approve_rule
        try:
            verb(rule=rule, by=request.user, now=timezone.now())
        except services.MoveRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Aturan kantor: %s.") % rule.get_state_display())
        return redirect("admin:objections_officerule_change", pk)

    def _rule(self, request: HttpRequest, pk: int) -> OfficeRule:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request).select_related("written_by", "settled_by"), pk=pk)

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        context |= self.admin_site.each_context(request) | {"opts": self.opts, "title": context["title"]}
        return TemplateResponse(request, name, context)


def _is_in_force(rule: OfficeRule) -> bool:
    return rule.state == Draft.APPROVED and rule.version == rule.newest  # type: ignore[attr-defined]
